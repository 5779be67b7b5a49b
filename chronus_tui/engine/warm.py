"""Compiles the sound before the first block is asked for: in a moment from the cache, in half a minute without."""

from collections.abc import Callable

import numpy as np

from chronus_tui.engine.device import compile_callback
from dsp import messages
from dsp.clock import beat_of_frame
from dsp.device import give_to_device, take_from_device, times_asked
from dsp.loudness import make_loudness, measure
from dsp.render import render
from dsp.state import QUANTUM, make_state
from dsp.tap import copy_tap, tap_begin, tap_end


def warm_up(rate: int, progress: Callable[[str], None]) -> None:
    """Call every compiled function that a running engine calls, once, on a state of its own."""
    state = make_state(rate)[0]
    progress("the instruments and effects")
    render(state, np.zeros((QUANTUM, 2), np.float32), QUANTUM)
    progress("the sequencer's rings")
    messages.push_command(state["commands"], messages.AT_ONCE, messages.STOP, 0, 0, 0, 0, 0.0, 0.0)
    messages.take_event(state["events"], messages.no_event())
    progress("the recorder's tap")
    tap_begin(state)
    tap_end(state)
    copy_tap(state, 0, np.zeros((QUANTUM, 2), np.float32))
    measure(make_loudness(rate)[0], np.zeros((QUANTUM, 2), np.float32), np.zeros(1), np.zeros(1))
    beat_of_frame(state["transport"], 0, float(rate))
    progress("the device's callback")
    give_to_device(state)
    take_from_device(state)
    times_asked(state)
    compile_callback()
