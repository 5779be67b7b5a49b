"""A desk to work at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import DESKS, Desk
from playing import pattern, track


@pytest.fixture(autouse=True)
def no_desk_outlives_its_test() -> Iterator[None]:
    """The threads of a desk that is left go on, and meet the patches of tests to come."""
    before = {*DESKS}
    yield
    for desk in {*DESKS} - before:
        desk.recorder.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(
        tmp_path, pattern(track("x...x...", "kick"), track("....x...", "snare"), track("x.x.", "acid"), name="one")
    )
