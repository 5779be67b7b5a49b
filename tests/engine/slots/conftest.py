"""The desk of tests that do something to slots."""

import pytest
from desk import Desk
from slots_held import A, B


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose slots 1 and 2 hold A and B, and whose working pattern is A."""
    desk.hold({(1, 1): A, (1, 2): B})
    desk.do("/pattern/load", 1)
    desk.happened.clear()
    return desk
