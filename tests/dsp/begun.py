"""What the sequencer struck, and when: watched quantum by quantum."""

from typing import NamedTuple

from playing import Playing


class Begun(NamedTuple):
    """A note that began: its frame, track and note, and the beat at which its gate closes."""

    frame: int
    track: int
    note: float
    off_beat: float


def notes_begun(play: Playing, frames: int) -> list[Begun]:
    """Every note that begins in the next `frames`, a whole number of quanta."""
    found = []
    state = play.player.state
    for _ in range(frames // 32):
        play.make(32)
        for note in state["notes"][: state["notes_count"]]:
            frame = int(state["frame"]) - 32 + int(note["offset"])
            found.append(Begun(frame, int(note["track"]), float(note["note"]), float(note["off_beat"])))
    return found
