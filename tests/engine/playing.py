"""A sound driven by hand, for tests: what to play, how much of it to make, what came of it."""

from dataclasses import dataclass

from chronus_tui.engine.output.hand import Frames, HandDevice
from chronus_tui.engine.player import Player, PlayerEvent
from chronus_tui.engine.session import Happening, Session
from store.documents import Pattern, Step, Track
from store.moments import Moment

RATE = 48_000
LOOK_AHEAD = 64
"""Frames by which the limiter delays everything."""


def steps_of(text: str) -> tuple[Step, ...]:
    return tuple(Step(on=c in "Xx", accent=c == "X", tie=c == "-") for c in text)


def track(steps: str = "x...", instrument: str = "kick", **fields: object) -> Track:
    fields.setdefault("name", instrument)
    return Track(instrument=instrument, length=len(steps), steps=steps_of(steps), **fields)  # type: ignore[arg-type]


def pattern(*tracks: Track, **fields: object) -> Pattern:
    return Pattern(tracks=tracks, **fields)  # type: ignore[arg-type]


@dataclass
class Playing:
    """A session on a device driven by hand."""

    player: Player
    session: Session
    device: HandDevice

    def make(self, frames: int) -> Frames:
        self.session.publish()
        return self.device.make(frames)

    def hear(self) -> tuple[list[PlayerEvent], list[Happening]]:
        """What the sound told, and what the session makes of it."""
        events = list(self.player.events())
        return events, [happening for event in events for happening in self.session.take(event)]


def playing(first: Pattern, block: int = 256, started: bool = True) -> Playing:
    player = Player(RATE)
    session = Session(player, Moment(first))
    session.publish()
    if started:
        session.play()
    return Playing(player, session, HandDevice(player, block))
