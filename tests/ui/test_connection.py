"""The screen's way to the engine, on its own threads, without a screen."""

import threading
from collections.abc import Callable

import pytest
from fake_engine import FakeClient, FakeEngine
from opened import PATIENCE_S

from chronus_tui.errors import EngineUnreachable
from chronus_tui.link import Event, Message
from chronus_tui.ui import connection as ui_connection
from chronus_tui.ui.connection import EVENTS_KEPT, Connected, Connection, Ended, Lost, RestartFailed


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


def test_what_a_client_that_was_given_up_still_hears_is_let_go() -> None:
    engine, lost, given_up = FakeEngine(), threading.Event(), list[Callable[[Message], None]]()

    def connect(on_message: Callable[[Message], None], on_close: Callable[[], None]) -> FakeClient:
        if not given_up:
            given_up.append(on_message)
            raise EngineUnreachable("It does not answer.")
        client = engine.connect(on_message, on_close)
        given_up[0](Event("/event/ending"))
        return client

    def read() -> None:
        for news in connection.take():
            if isinstance(news, Connected):
                engine.die()
            elif isinstance(news, Lost) and not engine.alive:
                lost.set()

    connection = Connection(connect, lambda: None, read)
    connection.open()
    assert lost.wait(PATIENCE_S)
    connection.close()


def test_a_screen_that_hangs_lets_events_go_but_not_that_it_is_connected() -> None:
    engine = FakeEngine()
    connection = Connection(engine.connect, lambda: None, lambda: None)
    connection.open()
    for number in range(EVENTS_KEPT + 10):
        engine.send(Event("/event/x", (number,)))
    news = connection.take()
    assert any(isinstance(each, Connected) for each in news)
    assert Event("/event/x", (EVENTS_KEPT + 9,)) in news
    assert sum(isinstance(each, Event) for each in news) < EVENTS_KEPT
    connection.close()
