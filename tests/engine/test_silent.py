"""The silent clock makes the very sound that any other device would."""

import threading

import numpy as np
import pytest
from playing import RATE, Playing, pattern, playing, track

from chronus_tui.engine.output.silent import SilentClock
from dsp import messages
from store.moments import Moment

FRAMES = RATE


def song() -> Playing:
    """A pattern with an edit, a note and a load on the way, each on its frame."""
    tracks = track("X.x.x..x", "kick"), track("x.xXx.-x", "acid", note=36, sends={"reverb": 0.4, "delay": 0.3})
    play = playing(pattern(*tracks, bpm=140))
    play.player.push(messages.NOTE, frame=10_007, a=1, x=48, y=0.9, ticket=4000)
    other = pattern(*tracks[::-1], bpm=101)
    play.session.load(Moment(other, 2, other), None, "immediate", frame=30_001)
    return play


@pytest.mark.parametrize("block", [64, 256, 1024])
def test_what_plays_live_is_what_is_rendered_offline_bit_for_bit(block):
    live, made = song(), threading.Event()
    time_s = [0.0]

    def fast() -> float:
        """Time that runs a block further whenever it is looked at, so that the clock never waits long, and then stands
        still: what is made on and on would take the place of what is compared."""
        if live.player.frame >= FRAMES:
            made.set()
        else:
            time_s[0] += block / RATE
        return time_s[0]

    clock = SilentClock(live.player, block, fast)
    clock.start()
    assert made.wait(60)
    clock.close()
    assert np.array_equal(live.player.state["tap"][:FRAMES], song().device.make(FRAMES))


def test_time_that_is_let_go_is_told_as_an_xrun():
    live, slept = song(), threading.Event()
    times_s = iter([0.0, 0.0, 0.0, 0.0, 2.0])

    def clock_s() -> float:
        try:
            return next(times_s)
        except StopIteration:
            slept.set()
            return 2.0

    clock = SilentClock(live.player, 64, clock_s)
    clock.start()
    assert slept.wait(60)
    clock.close()
    assert live.player.xruns == 1
