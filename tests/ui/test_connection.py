"""The screen's way to the engine, on its own threads, without a screen."""

import threading
from collections.abc import Callable

import pytest
from fake_engine import FakeClient, FakeEngine
from opened import PATIENCE_S

from chronus_tui.link import Message
from chronus_tui.ui import connection as ui_connection
from chronus_tui.ui.connection import Connected, Connection, Ended, RestartFailed


def test_an_engine_that_is_wished_for_as_soon_as_its_end_is_read_is_started():
    engine, back, ended = FakeEngine(), threading.Event(), threading.Event()

    def restart() -> None:
        engine.alive = True

    def read() -> None:
        for news in connection.take():
            if isinstance(news, Ended):
                ended.set()
                connection.start_again()
            elif isinstance(news, Connected) and ended.is_set():
                back.set()

    connection = Connection(engine.connect, restart, read)
    connection.open()
    engine.end()
    assert back.wait(PATIENCE_S)
    connection.close()


def test_a_client_that_comes_to_be_while_the_screen_is_left_is_let_go():
    engine, left = FakeEngine(alive=False), threading.Event()

    def connect(on_message: Callable[[Message], None], on_close: Callable[[], None]) -> FakeClient:
        client = engine.connect(on_message, on_close)
        connection.close()
        left.set()
        return client

    def restart() -> None:
        engine.alive = True

    others = set(threading.enumerate())
    connection = Connection(connect, restart, lambda: None)
    connection.open()
    assert left.wait(PATIENCE_S)
    for thread in set(threading.enumerate()) - others:
        thread.join(PATIENCE_S)
    assert engine.clients == set()


def test_what_the_system_refuses_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_connection, "RETRY_S", 0.0)
    engine, refused, back = FakeEngine(alive=False), threading.Event(), threading.Event()

    def restart() -> None:
        if not refused.is_set():
            raise OSError("No room for another process.")
        engine.alive = True

    def read() -> None:
        for news in connection.take():
            if isinstance(news, RestartFailed) and "No room" in news.reason:
                refused.set()
            elif isinstance(news, Connected):
                back.set()

    connection = Connection(engine.connect, restart, read)
    connection.open()
    assert back.wait(PATIENCE_S)
    assert refused.is_set()
    connection.close()
