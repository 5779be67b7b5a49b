"""How long a block takes: a full pattern of 16 tracks with every effect, beside silence and the standard patch."""

import gc
import time
from collections.abc import Iterator

import numpy as np
from playing import RATE, Playing, pattern, playing, track

from chronus_tui.engine.bench import run as run_standard_patch
from dsp.render import render
from dsp.voices import INSTRUMENTS
from store.documents import Pattern

BLOCK = 256
SECONDS = 60


def full_pattern() -> Pattern:
    """16 tracks that play every step, all of them into both sends, and every effect on."""
    names = [instrument.name for instrument in INSTRUMENTS]
    tracks = [
        track(
            "x-x-x-x-x-x-x-x-" if names[number % len(names)] == "poly" else "xXxxxXxxxXxxxXxx",
            names[number % len(names)],
            name=f"track{number}",
            gain_db=-12.0,
            sends={"delay": 0.3, "reverb": 0.3},
        )
        for number in range(16)
    ]
    return pattern(*tracks, bpm=140, effects={"distortion": {"mix": 0.5, "drive": 12.0}})


def figures() -> Iterator[str]:
    """Percentiles of the block time."""
    full, silent = playing(full_pattern(), BLOCK), playing(pattern(), BLOCK, started=False)
    for name, play in (("16 tracks, every effect", full), ("silence", silent)):
        times = _block_times(play)
        p50, p99, p999, worst = (*np.percentile(times, [50, 99, 99.9]) * 1e6, times.max() * 1e6)
        share = p999 / (BLOCK / RATE * 1e6)
        yield f"{name}: p50 {p50:.0f}  p99 {p99:.0f}  p99.9 {p999:.0f}  max {worst:.0f} us"
        yield f"{name}: p99.9 is {share:.1%} of a block"
    for patch in run_standard_patch([8, 32, 128], 20.0, None)["patch"]:
        yield f"standard patch, {patch['voices']} voices: {patch['times_real_time']} times real time"


def _block_times(play: Playing) -> np.ndarray:
    out = np.zeros((BLOCK, 2), np.float32)
    play.make(RATE)
    times = np.zeros(SECONDS * RATE // BLOCK)
    gc.disable()
    for number in range(len(times)):
        began = time.perf_counter()
        render(play.player.state, out, BLOCK)
        times[number] = time.perf_counter() - began
    gc.enable()
    return times
