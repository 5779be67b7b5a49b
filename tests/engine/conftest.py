"""A desk to work at."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from playing import pattern, track


@pytest.fixture(autouse=True)
def one_desk_at_a_time() -> Iterator[None]:
    """A desk has 80 MB, and its parts know each other: dozens of them would be there until Python looked. What was
    there before a test is not looked at, which makes looking a matter of a millisecond."""
    gc.freeze()
    yield
    gc.collect()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(
        tmp_path, pattern(track("x...x...", "kick"), track("....x...", "snare"), track("x.x.", "acid"), name="one")
    )
    yield made
    made.recorder.close()
