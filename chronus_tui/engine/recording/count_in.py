"""A count-in: clicks on the beats before a take, which are heard and not recorded.

Where the transport stands still it starts on the beat after the last click. The control thread calls `follow` again and
again; it hands the sound each click shortly before its time, so that a count-in can be called off.
"""

import math
from collections.abc import Callable

from chronus_tui.engine.player import Player
from dsp import messages
from dsp.clock import beat_of_frame

AHEAD_S = 0.1
NEARLY = 1e-6
"""Of a beat: a frame that lies on one may be reckoned to lie so little behind it."""


class CountIn:
    """The clicks of one player."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._clicks: list[tuple[int, bool]] = []
        self._play_at: int | None = None
        self._bars, self._lines = 0, 0
        self._next_beat = 0

    def before_play(self, bars: int, bpm: float, beats_per_bar: int) -> None:
        """Click through so many bars, then play."""
        rate = self._player.rate
        first = self._player.frame + round(AHEAD_S * rate)
        beat_frames = 60.0 * rate / bpm
        beats = bars * beats_per_bar
        self._clicks = [(first + round(beat * beat_frames), beat % beats_per_bar == 0) for beat in range(beats)]
        self._play_at = first + round(beats * beat_frames)

    def along(self, bars: int) -> None:
        """Click on the beats of what plays, through so many bars from the next one on."""
        self._clicks, self._play_at = [], None
        self._bars, self._lines = bars, bars + 1
        self._next_beat = 0

    def end(self) -> None:
        """No more clicks, and no start of the transport."""
        self._clicks, self._play_at, self._lines = [], None, 0

    def follow(self, play: Callable[[int], None]) -> None:
        """Hand on the clicks that are due, and let `play` start the transport on its frame once that is near.

        Raises SoundBusy, and goes on from there when it is called again.
        """
        frame = self._player.frame
        due = frame + round(AHEAD_S * self._player.rate)
        while self._clicks and self._clicks[0][0] <= due:
            at, accent = self._clicks[0]
            self._player.push(messages.CLICK, frame=at, a=int(accent))
            del self._clicks[0]
        self._click_along(frame, due)
        if self._play_at is not None and self._play_at <= due:
            play(self._play_at)
            self._play_at = None

    def _click_along(self, frame: int, due: int) -> None:
        """Click on the beat that is near, from the first bar line to come to the last."""
        transport = self._player.state["transport"]
        if not self._lines or not transport["playing"]:
            return
        rate = float(self._player.rate)
        now = float(beat_of_frame(transport, frame, rate))
        beat = max(self._next_beat, math.ceil(now - NEARLY))
        at = frame + round((beat - now) * 60.0 * rate / float(transport["bpm"]))
        if at > due:
            return
        self._next_beat = beat + 1
        on_line = (beat - float(transport["bar_beat"])) % float(transport["beats_per_bar"]) < 0.5
        self._lines -= int(on_line)
        if 0 < self._lines <= self._bars:
            self._player.push(messages.CLICK, frame=at, a=int(on_line))
