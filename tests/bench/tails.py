"""What a voice costs while it dies away, beside silence: a minute of every instrument's tail."""

import time
from collections.abc import Iterator

import numpy as np

from dsp.sizes import QUANTUM
from dsp.state import NEVER, make_state
from dsp.voice import HELD, RELEASED
from dsp.voices import INSTRUMENTS
from dsp.voices.ensemble import sound

RATE = 48_000
SECONDS = 60
VOICES = 8


def figures() -> Iterator[str]:
    """Microseconds a quantum: the median of the loudest and of the last second, and of silence."""
    silence = np.median(_times(make_state(RATE)[0], 2)) * 1e6
    yield f"silence: {silence:.1f} us a quantum"
    for number, instrument in enumerate(INSTRUMENTS):
        state = _struck(number)
        times = _times(state, SECONDS)
        second = RATE // QUANTUM
        first, last = np.median(times[:second]) * 1e6, np.median(times[-second:]) * 1e6
        worst = max(np.median(times[at : at + second]) for at in range(0, len(times), second)) * 1e6
        yield f"{instrument.name}, {VOICES} voices: first {first:.1f}, dearest {worst:.1f}, last second {last:.1f} us"


def _struck(number: int) -> "np.void":
    """A state in which some voices of an instrument were just struck and let go, as slow to die as they can be."""
    state = make_state(RATE)[0]
    lane = state["lanes"][0]
    for index, knob in enumerate(INSTRUMENTS[number].parameters):
        slow = knob.name in ("decay", "release", "filter_release", "rattle", "hiss_decay")
        for field in ("value", "was", "target"):
            lane[field][index] = knob.high if slow else knob.default
    for place in range(VOICES):
        voice = state["voices"][place]
        voice["stage"], voice["instrument"], voice["fresh"], voice["seed"] = HELD, number, 1, place + 1
        voice["note"], voice["velocity"], voice["fade"] = 48 + 5 * place, 1.0, 1.0
        voice["off_frame"], voice["off_beat"] = NEVER, 1e18
    sound(state, 0, QUANTUM)
    state["voices"]["stage"][state["voices"]["stage"] == HELD] = RELEASED
    return state


def _times(state: "np.void", seconds: int) -> np.ndarray:
    times = np.zeros(seconds * RATE // QUANTUM)
    for quantum in range(len(times)):
        state["track_bus"][0] = 0.0
        began = time.perf_counter()
        sound(state, 0, QUANTUM)
        times[quantum] = time.perf_counter() - began
    return times
