"""A desk to work at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from playing import pattern, track


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(
        tmp_path, pattern(track("x...x...", "kick"), track("....x...", "snare"), track("x.x.", "acid"), name="one")
    )
    yield made
    made.recorder.close()
