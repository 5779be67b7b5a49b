"""A thousand loads at the bar while a take is recorded: each on its frame, and nothing in the take tells of them."""

from pathlib import Path

import numpy as np
import soundfile
from desk import Desk
from playing import RATE, pattern, track

from dsp import messages
from store.documents import Pattern

SWITCHES = 1000
BPM = 240.0
BAR = RATE // 4
SLOTS = 8


def song(name: str, gain_db: float) -> Pattern:
    """A bar of one beat, whose sound rings over the bar line, and a track that has no steps at some gain."""
    lead = track("x---", "poly", parameters={"release": 1.5}, sends={"reverb": 0.4, "delay": 0.5})
    return pattern(lead, track("....", "snare", gain_db=gain_db), name=name, bpm=BPM, beats_per_bar=1)


def take_of(project: Path, switches: int) -> tuple[np.ndarray, list[int], int]:
    """A take of SWITCHES bars, the frames on which slots came in, and the frame on which it began to play."""
    desk = Desk(project, song("first", 0.0), recorder_by_hand=True)
    desk.hold({(1, slot): song(f"slot {slot}", -float(slot)) for slot in range(1, SLOTS + 1)})
    desk.do("/record/start", "take")
    begun = desk.player.frame
    desk.do("/transport/play")
    swapped: list[int] = []
    take = desk.session.take

    def watch(event):
        if event.kind == messages.SWAPPED:
            swapped.append(event.frame)
        return take(event)

    desk.session.take = watch
    for bar in range(SWITCHES):
        if bar < switches:
            desk.ask("/pattern/load", 1 + bar % SLOTS)
        desk.turn(BAR - desk.player.frame % BAR + BAR // 2 if bar == 0 else BAR)
    desk.do("/record/stop")
    desk.recorder.close()
    sound, _ = soundfile.read(project / "recordings" / "take.wav", dtype="int32")
    assert desk.recorder.status().dropped == 0
    return sound, swapped, begun


def test_a_thousand_switches_fall_on_their_frames_and_leave_no_trace_in_the_take(tmp_path: Path):
    plain, none, _ = take_of(tmp_path / "plain", 0)
    switched, swapped, begun = take_of(tmp_path / "switched", SWITCHES)
    assert none == []
    assert len(swapped) == SWITCHES
    assert [frame - begun for frame in swapped] == [bar * BAR for bar in range(1, SWITCHES + 1)]
    assert len(plain) == len(switched) > SWITCHES * BAR
    assert np.array_equal(plain, switched), "slots that sound the same are switched without one bit of difference"
    assert np.abs(plain).max() > 2**28
