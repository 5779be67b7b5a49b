"""The one take that people start and stop: whether it waits, when it begins, when it ends; and grabs beside it.

Runs on the recorder's thread. `rules` says what may begin and end a take.
"""

from collections.abc import Callable
from concurrent.futures import Future

from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.rules import ATTACK_S, Ending, Waiting, Wish
from chronus_tui.engine.recording.take_writer import TakeWriter
from chronus_tui.engine.recording.writers import Writers
from chronus_tui.engine.results import Results
from chronus_tui.errors import CommandRefused, StoreError
from store.takes.formats import TakeFormat, format_named

GRABS_MAX = 8
"""More at once than a person can mean."""


class Schedule:
    """Begins and ends the takes of `writers`.

    listening  what is heard
    rate       frames a second
    tell       called with an event's address and arguments
    over       called with the wish for a take when that has ended, or is on its way to
    """

    def __init__(
        self, writers: Writers, listening: Listening, rate: int, tell: Callable[..., None], over: Callable[[Wish], None]
    ) -> None:
        self._writers = writers
        self._listening = listening
        self._rate = rate
        self._tell = tell
        self._over = over
        self._waiting: Waiting | None = None
        self._ending = Ending()
        self._wish = Wish()
        self.main: TakeWriter | None = None

    @property
    def waits_for(self) -> str:
        """What a take waits for: "bar" or "level" to begin, "end" to end with a bar; or empty."""
        if self._waiting is not None:
            return "level" if self._waiting.wish.level is not None else "bar"
        if self.main is not None and self._ending.bars_left is not None:
            return "end"
        return ""

    def start(self, wish: Wish, first: int, done: "Future[Results]") -> None:
        """Begin a take on frame `first`, or wait for what is wished."""
        if not wish.waits:
            self._begin(wish, first, done)
            return
        self._waiting = Waiting(wish, first)
        done.set_result(())

    def stop(self, end: int, done: "Future[Results]") -> None:
        """End the take with the frame before `end`, or forget the one that waits. Raises CommandRefused."""
        if self._waiting is not None:
            self._waiting = None
            self._tell("/event/take_cancelled")
            done.set_result(())
            return
        self._listening.listen(end)
        if self.main is None or not self.main.end_at(end, done):  # it failed before it was stopped, and that was told
            raise CommandRefused("The take had ended already.")

    def stop_at_bar(self, asked: int, done: "Future[Results]") -> None:
        """End the take with the first bar from frame `asked` on, or forget the one that waits.

        Raises CommandRefused.
        """
        if self._waiting is not None:
            wish = self._waiting.wish
            self.stop(asked, done)
            self._over(wish)
            return
        if self.main is None or self.main.ended:
            raise CommandRefused("The take had ended already.")
        self.main.strictly_heard = True
        self._ending.after, self._ending.bars_left = asked - 1, 0
        done.set_result(())

    def end_all(self, end: int) -> None:
        """The engine ends: nothing begins, and what runs is closed."""
        self._waiting = None
        self._listening.listen(end)
        if self.main is not None:
            self.main.end_at(end)

    def grab(
        self, end: int, seconds: float | None, name: str | None, wanted: TakeFormat, done: "Future[Results]"
    ) -> None:
        """Make a take of the `seconds` before `end`, or of all that is remembered. Raises CommandRefused."""
        grabs = [writer for writer in self._writers.under_way if writer is not self.main and not writer.ended]
        if len(grabs) >= GRABS_MAX:
            raise CommandRefused(f"{GRABS_MAX} takes are being written already; wait a moment.")
        self._listening.listen(end)
        kept = self._listening.kept_at(self._writers.taps)
        end = min(end, kept.end)
        first = kept.first_kept if seconds is None else max(kept.first_kept, end - round(seconds * self._rate))
        if first >= end:
            raise CommandRefused("Nothing was heard yet; play something first.")
        self._writers.run(self._writers.make(name, wanted, first, end, done))

    def hear_bar(self, frame: int) -> None:
        """A bar began on `frame`."""
        self._listening.listen()
        if self._waiting is not None and self._waiting.hear_bar(frame):
            self._begin(self._waiting.wish, frame, self._nobody_waits())
        elif self.main is not None and not self.main.ended and self._ending.hear_bar(frame):
            self._finish_by_itself(self.main, frame)

    def look_at_levels(self) -> None:
        """Begin or end a take where what was heard since the last look says so."""
        listening, waiting = self._listening, self._waiting
        if waiting is not None and waiting.wish.level is not None:
            frame = listening.rises(waiting.asked, waiting.wish.level)
            if frame is not None:
                self._begin(waiting.wish, frame, self._nobody_waits())
            else:
                waiting.asked = listening.memory.end
        ending = self._ending
        if ending.silence_frames is None or self.main is None or self.main.ended:
            return
        loud = listening.last_over(ending.looked, ending.level)
        ending.loud = ending.loud if loud is None else loud
        ending.looked = listening.memory.end
        if ending.looked - ending.loud >= ending.silence_frames:
            self._finish_by_itself(self.main, ending.loud + ending.silence_frames)

    @property
    def ended(self) -> TakeWriter | None:
        """The take, where it has ended."""
        return self.main if self.main is not None and self.main.ended else None

    def forget_ended(self) -> None:
        """Let go of the take that has ended."""
        self.main, self._ending = None, Ending()

    def _begin(self, wish: Wish, frame: int, done: "Future[Results]") -> None:
        """Let the take begin with `frame`, or earlier by its preroll."""
        self._waiting, self._wish = None, wish
        preroll_s = float(self._writers.settings.preroll_s) if wish.preroll_s is None else wish.preroll_s
        if wish.level is not None:
            preroll_s = max(preroll_s, ATTACK_S)
        first = frame - round(preroll_s * self._rate)
        wanted = format_named(wish.form or self._writers.settings.format, self._rate)
        self._ending = Ending(after=frame, looked=frame, loud=frame)
        if wish.bars is not None:
            self._ending.bars_left = wish.bars - 1
        if wish.silence_s is not None and wish.level is not None:
            self._ending.level = wish.level
            self._ending.silence_frames = round(wish.silence_s * self._rate)
        self.main = self._writers.make(wish.name, wanted, first, None, done)
        self.main.over = lambda: self._over(wish)
        self.main.strictly_heard = wish.bars is not None
        self._writers.run(self.main)

    def _nobody_waits(self) -> "Future[Results]":
        """What learns of a take that begins by itself: where it cannot, all are told."""

        def tell(opened: "Future[Results]") -> None:
            if isinstance(error := opened.exception(), StoreError):
                self._tell("/event/failed", str(error))

        opened: Future[Results] = Future()
        opened.add_done_callback(tell)
        return opened

    def _finish_by_itself(self, writer: TakeWriter, end: int) -> None:
        self._ending = Ending()
        writer.end_at(end)
        self._over(self._wish)
