"""The control thread: hears every command, one after another, and is the only one to change the documents
and to write the command ring.

`turn` does all that is due at one moment; the thread calls it again and again, a test calls it by hand.
"""

import contextlib
import heapq
import logging
import os
import queue
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from typing import Any

from chronus_tui.commands import match
from chronus_tui.engine.actions import ACTIONS
from chronus_tui.engine.player import SoundBusy
from chronus_tui.engine.session import Happening
from chronus_tui.engine.studio import Call, Request, Results, Studio
from chronus_tui.engine.timeline import Timeline
from chronus_tui.errors import ChronusError
from dsp import messages

TURN_S = 0.01
"""How long the sound's events may wait to be heard."""
AHEAD_S = 0.05
"""Commands that have their time are prepared this long before it, so that they are on their frame even
where the interpreter is busy."""
WAITING_MAX = 4096
BATCH = 256
"""Commands heard before the edits among them are compiled, as one."""
HIDDEN = ("/debug/hog",)

log = logging.getLogger(__name__)


class Control:
    """Carries out what arrives in `submit`, acting on `studio`, which is set before the first turn.

    timeline  learns here which frame is made when
    tell      sends a happening to all who listen
    """

    def __init__(self, timeline: Timeline, tell: Callable[[Happening], None]) -> None:
        self.studio: Studio
        self._timeline = timeline
        self._tell = tell
        self._inbox: queue.SimpleQueue[Request | Callable[[], None]] = queue.SimpleQueue()
        self._arrived: deque[Request | Callable[[], None]] = deque()  # taken from the inbox, and not heard yet
        self._waiting: list[tuple[float, int, Request]] = []
        self._order = count()
        self._to_sync: deque[tuple[int, Future[Results]]] = deque()
        self._syncing: dict[int, tuple[int, Future[Results]]] = {}
        self._tokens = count(1)

    def submit(self, request: Request) -> None:
        """Let a command be carried out soon. Any thread; never waits."""
        self._inbox.put(request)

    def call_soon(self, function: Callable[[], None]) -> None:
        """Let the control thread call `function`. Any thread; never waits."""
        self._inbox.put(function)

    def run(self, ended: Callable[[], bool], after: Callable[[float], None]) -> None:
        """Turn until `ended`; `after` follows each turn."""
        while not ended():
            first: Request | Callable[[], None] | None
            try:
                first = self._inbox.get(timeout=TURN_S)
            except queue.Empty:
                first = None
            now_s = time.monotonic()
            try:
                self.turn(now_s, time.time(), first)
                after(now_s)
            except Exception:  # the thread's edge: the engine plays on, and the log says why
                log.exception("a turn of the control thread failed")

    def turn(self, now_s: float, unix_s: float, first: "Request | Callable[[], None] | None" = None) -> None:
        """Do all that is due.

        now_s   seconds of a clock that never goes back
        unix_s  the time of day, for commands that have their time
        """
        if first is not None:
            self._arrived.append(first)
        studio = self.studio
        frame = studio.player.frame
        self._timeline.look(frame, unix_s)
        self._take_events()
        studio.recorder.heard_until(frame)
        with contextlib.suppress(SoundBusy):  # the next turn goes on with it
            studio.recorder.count_in.follow(studio.session.play)
        self._carry_out_due(now_s, unix_s)
        answers: list[Callable[[], None]] = []
        try:
            for _ in range(BATCH):
                item = self._next()
                if item is None:
                    break
                if isinstance(item, Request):
                    answers += self._hear(item, now_s, unix_s)
                else:
                    item()
            studio.morph.follow(now_s)
            studio.session.publish()
            self._sync()
            studio.fetch_clips()
            studio.chain.follow()
        finally:  # what failed was asked for by one, and others wait for their answers
            for answer in answers:
                answer()

    def synced(self, number: int) -> "Future[Results]":
        """A future of `number`, there once all that was asked before is on disk and in the sound."""
        done: Future[Results] = Future()

        def ask() -> None:
            self._to_sync.append((number, done))

        self.studio.disk.submit(lambda: None).add_done_callback(lambda _: self.call_soon(ask))
        return done

    def _next(self) -> "Request | Callable[[], None] | None":
        """What arrived first, or None."""
        if self._arrived:
            return self._arrived.popleft()
        try:
            return self._inbox.get_nowait()
        except queue.Empty:
            return None

    def _sync(self) -> None:
        """Let the sound answer once it has taken up all that it was told."""
        while self._to_sync and self.studio.session.is_told:
            token = next(self._tokens)
            try:
                self.studio.player.push(messages.SYNC, ticket=token)
            except SoundBusy:
                return  # it has no room for that; the next turn tries again
            self._syncing[token] = self._to_sync.popleft()

    def _hear(self, request: Request, now_s: float, unix_s: float) -> list[Callable[[], None]]:
        """Carry out a request, or let it wait for its time. What is to be answered once the edits are in."""
        if request.at is None or request.at - AHEAD_S <= unix_s:
            return self._carry_out(request, now_s)
        if len(self._waiting) >= WAITING_MAX:
            return [lambda: request.asker.failed(request.address, f"{WAITING_MAX} commands wait already.")]
        heapq.heappush(self._waiting, (request.at, next(self._order), request))
        return []

    def _carry_out_due(self, now_s: float, unix_s: float) -> None:
        while self._waiting and self._waiting[0][0] - AHEAD_S <= unix_s:
            _, _, request = heapq.heappop(self._waiting)
            for answer in self._carry_out(request, now_s):
                answer()

    def _carry_out(self, request: Request, now_s: float) -> list[Callable[[], None]]:
        asker, address = request.asker, request.address
        try:
            act, arguments, places, only_tells = _find(request)
            frame = messages.AT_ONCE if request.at is None else self._timeline.frame_at(request.at)
            call = Call(request, places, now_s, messages.AT_ONCE if frame is None else frame)
            results = act(self.studio, call, *arguments)
        except ChronusError as error:
            sentence = str(error)
            return [lambda: asker.failed(address, sentence)]
        except Exception:  # a fault of ours ends neither the engine nor the asker's wait
            log.exception("%s failed", address)
            return [lambda: asker.failed(address, f"{address} failed; .chronus/engine.log says why.")]
        if not only_tells:
            self.studio.recorder.hear_command(call.frame, address, request.arguments)
        if isinstance(results, Future):
            results.add_done_callback(lambda done: _answer(request, done))
            return []
        return [lambda: asker.done(address, results or ())]

    def _take_events(self) -> None:
        self.studio.player.follow()
        for event in self.studio.player.events():
            match event.kind:
                case messages.SYNCED:
                    self._synced(*self._syncing.pop(event.ticket))
                case messages.BAR:
                    self.studio.recorder.hear_bar(event.frame)
                case messages.PLAYED:
                    self._tell(Happening("/event/playing", (1,)))
                case messages.STOPPED:
                    self._tell(Happening("/event/playing", (0,)))
                case messages.SILENCED:
                    self.studio.recorder.hear_silenced(event.frame)
                    self._tell(
                        Happening(
                            "/event/failed", ("The sound broke and was begun anew; lower what was just turned up.",)
                        )
                    )
                case _:
                    for happening in (*self.studio.session.take(event), *self.studio.audition.take(event)):
                        self._tell(happening)
                    if event.kind == messages.SWAPPED:
                        self.studio.recorder.hear_pattern(event.frame, self.studio.session.moment)

    def _synced(self, number: int, done: "Future[Results]") -> None:
        if self.studio.session.is_told:
            done.set_result((number,))
        else:
            self._to_sync.append((number, done))  # an edit was stale, and is made again


def _find(request: Request) -> tuple[Callable[..., Any], list[Any], dict[str, str], bool]:
    """The action for a request, its arguments and places, and whether it only tells. Raises CommandRefused."""
    if request.address in HIDDEN and os.environ.get("CHRONUS_DEBUG"):
        return ACTIONS[request.address], list(request.arguments), {}, True
    command, places = match(request.address)
    return ACTIONS[command.address], command.accept(request.arguments), places, command.only_tells


def _answer(request: Request, done: "Future[Results]") -> None:
    error = done.exception()
    if error is None:
        request.asker.done(request.address, done.result())
    elif isinstance(error, ChronusError):
        request.asker.failed(request.address, str(error))
    else:
        log.error("%s failed", request.address, exc_info=error)
        request.asker.failed(request.address, f"{request.address} failed; .chronus/engine.log says why.")
