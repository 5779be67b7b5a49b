"""Who goes first."""

import logging
import os
import sys
import threading
from typing import NoReturn

import pytest

from chronus_tui.engine.priorities import ENCODER, give_way, put_engine_first


@pytest.mark.skipif(sys.platform != "linux", reason="no thread has a niceness of its own here")
def test_a_thread_gives_way_alone():
    before, found = os.getpriority(os.PRIO_PROCESS, 0), []

    def work() -> None:
        give_way(ENCODER)
        found.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [ENCODER]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_an_engine_that_may_not_come_first_plays_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def refuse(*_: int) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    with caplog.at_level(logging.INFO):
        put_engine_first()
    assert "runs like any other program" in caplog.text
