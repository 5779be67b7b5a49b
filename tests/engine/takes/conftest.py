"""A desk whose takes are heard as they are recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk
from takes_by_hand import Heard, recording_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = recording_desk(tmp_path / "project")
    yield made
    made.recorder.close()


@pytest.fixture
def heard(desk: Desk) -> Heard:
    return Heard(desk)
