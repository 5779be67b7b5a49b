"""A desk whose takes are heard as they are recorded."""

from pathlib import Path

import pytest
from desk import Desk
from takes_by_hand import Heard, recording_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return recording_desk(tmp_path / "project")


@pytest.fixture
def heard(desk: Desk) -> Heard:
    return Heard(desk)
