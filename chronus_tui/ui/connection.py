"""The screen's way to the engine: what it says is collected here, and what it is told goes through here.

Messages come on the link's thread and are taken by the screen's. Of status, pattern and slots only the newest
is kept, so that a screen that is held up (a stalled line) falls behind by no more than one of each. When
the engine goes, it is started again, and asked for each second until it answers; when it was told to end, only
once that is wished for.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from chronus_tui.errors import ChronusError, EngineUnreachable
from chronus_tui.link import ENDING, ChainMessage, Event, Message, PatternMessage, Reply, SlotsMessage, StatusMessage

RETRY_S = 1.0
TRIES_MAX = 32
"""An engine that cannot start is asked for each second, but started again ever more seldom, down to this."""
EVENTS_KEPT = 1000
"""More than an engine says while a person looks away; older events are let go by a screen that hangs."""


class Client(Protocol):
    """The part of `LinkClient` that the screen uses."""

    def post(self, address: str, *arguments: Any) -> int:
        """Ask for one command; its reply comes as a message under the id returned."""

    def close(self) -> None:
        """Leave; the engine goes on."""


Connect = Callable[[Callable[[Message], None], Callable[[], None]], Client]


class Lost:
    """The engine has gone."""


class Ended:
    """The engine was told to end, and did."""


class Restarting:
    """The engine is being started again."""


class RestartFailed:
    """The engine could not be started again; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class Connected:
    """An engine answers."""


News = (
    Reply
    | StatusMessage
    | Event
    | PatternMessage
    | SlotsMessage
    | ChainMessage
    | Lost
    | Ended
    | Restarting
    | RestartFailed
    | Connected
)


class Connection:
    """Keeps a client to the engine.

    connect  makes a client; raises EngineUnreachable where no engine answers
    restart  makes sure that an engine runs; may take seconds, raises ChronusError or OSError where it cannot
    notify   called on any thread when there is news to `take`
    """

    def __init__(self, connect: Connect, restart: Callable[[], None], notify: Callable[[], None]) -> None:
        self._connect = connect
        self._restart = restart
        self._notify = notify
        self._lock = threading.Lock()
        self._news: deque[News] = deque()
        self._newest: dict[type, News] = {}
        self._told = False
        self._heard: object = None  # which try to connect is listened to
        self._client: Client | None = None
        self._closed = threading.Event()
        self._gone = threading.Event()
        self._ending = False
        self._wished = threading.Event()

    def open(self) -> None:
        """Connect, and stay connected, or try to."""
        connected = self._try()
        threading.Thread(target=self._keep, args=(connected,), name="keep connected", daemon=True).start()

    def post(self, address: str, *arguments: Any) -> int:
        """Send one command. Raises EngineUnreachable where there is no engine."""
        client = self._client
        if client is None:
            raise EngineUnreachable("There is no engine to tell this; it is being started again.")
        return client.post(address, *arguments)

    def start_again(self) -> None:
        """Start the engine that was told to end."""
        self._wished.set()

    def take(self) -> list[News]:
        """All news since the last time: replies and events in their order, then the newest of everything else."""
        with self._lock:
            news = [*self._news, *self._newest.values()]
            self._news.clear()
            self._newest.clear()
            self._told = False
        return news

    def close(self) -> None:
        """Leave; the engine goes on."""
        self._closed.set()
        self._gone.set()
        self._wished.set()
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _hear(self, tried: object, message: Message) -> None:
        """Take what a client was told; of one that was given up, nothing."""
        with self._lock:
            if tried is self._heard:
                if isinstance(message, Event) and message.address == ENDING:
                    self._ending = True
                self._keep_news(message)
        self._tell()

    def _put(self, news: News) -> None:
        with self._lock:
            self._keep_news(news)
        self._tell()

    def _keep_news(self, news: News) -> None:
        """The caller holds the lock."""
        if isinstance(news, StatusMessage | PatternMessage | SlotsMessage | ChainMessage):
            self._newest[type(news)] = news
            return
        if isinstance(news, Event) and len(self._news) >= EVENTS_KEPT:
            oldest = next((place for place, old in enumerate(self._news) if isinstance(old, Event)), None)
            if oldest is not None:
                del self._news[oldest]
        self._news.append(news)

    def _tell(self) -> None:
        with self._lock:
            new = bool(self._news or self._newest) and not self._told
            self._told = self._told or new
        if new and not self._closed.is_set():
            self._notify()

    def _try(self) -> bool:
        self._gone = gone = threading.Event()
        self._heard = tried = object()
        self._ending = False
        try:
            client = self._client = self._connect(lambda message: self._hear(tried, message), gone.set)
        except EngineUnreachable:
            self._heard = None
            return False
        if self._closed.is_set():
            client.close()
        self._put(Connected())
        return True

    def _keep(self, connected: bool) -> None:
        while not self._closed.is_set():
            if connected:
                self._gone.wait()
                self._client = None
                if self._closed.is_set():
                    return
            if self._ending:
                self._wished.clear()  # before anyone can read that there is something to wish for
                self._put(Ended())
                connected = self._await_wish()
            else:
                self._put(Lost())
                connected = self._seek()

    def _await_wish(self) -> bool:
        """Stay without an engine until one is wished for, or someone else starts one; whether one answers."""
        while not self._closed.is_set():
            if self._wished.wait(RETRY_S):
                return self._seek()
            if self._try():
                return True
        return False

    def _seek(self) -> bool:
        """Start the engine until one answers; whether one does."""
        tries = 1
        while not self._closed.is_set():
            self._start_again()
            if self._try():
                return True
            for _ in range(tries):
                if self._closed.wait(RETRY_S):
                    return False
                if self._try():
                    return True
            tries = min(2 * tries, TRIES_MAX)
        return False

    def _start_again(self) -> None:
        self._put(Restarting())
        try:
            self._restart()
        except (ChronusError, OSError) as error:  # a folder that has gone, a system that starts no process
            self._put(RestartFailed(str(error)))
