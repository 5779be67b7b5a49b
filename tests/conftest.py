"""What all tests share: the compiled sound is kept where a running engine keeps it, chance is the same every time,
what takes many minutes runs where it is asked for, more run beside each other than there are processors, and none
leaves its memory to the next."""

import gc
import os
import socket
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from chronus_tui.engine.kernel_cache import use_kernel_cache

use_kernel_cache()

# A slow or busy machine is no fault, and a fault that is found once shall be found again.
settings.register_profile("the same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("the same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run what takes many minutes, too")
    parser.addoption("--kills", type=int, default=3, help="how often an engine is killed while it records")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors, for the tests of the real thing wait half of their time."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """An engine's parts have 60 MB and know each other: dozens would be there until Python looked. What is left after a
    look is not looked at again, which makes each a matter of a millisecond."""
    finished = yield
    gc.collect()
    gc.freeze()
    return finished


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port at which nobody is reached, and which no other program can take: its socket hears itself alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.connect(deaf.getsockname())
        yield deaf.getsockname()[1]
