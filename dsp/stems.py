"""Stems: what each track and each effect adds to the mix, kept frame by frame beside the master where asked for.

The float sum of the tracks, the returns and the inserts is the mix before the limiter. Each row lies in a ring of its
own, and its frames are those of the tap: the sound leaves the limiter late, and its stems are written as much later.
"""

from typing import Any

import numpy as np

from dsp.fx.limiter import LATENCY
from dsp.kernels import kernel
from dsp.memory import load_acquire, store_release
from dsp.sizes import QUANTUM, STEMS, TRACKS
from dsp.strip import add, copy

CHORUS_STEM, DELAY_STEM, REVERB_STEM, INSERTS_STEM, DRY_STEM, MIX_STEM = range(TRACKS, STEMS)
"""Rows after those of the tracks: what comes back from each send; what distortion and compressor make of it all, as a
difference; and two sums: all tracks before any effect, and the mix before the limiter."""

ALL_STEMS = (1 << STEMS) - 1
NO_STEMS = np.int64(-1)


@kernel
def begin_stems(state: Any) -> int:
    """The rows that are asked for, a bit for each; from the first quantum with any on they are kept."""
    rows = load_acquire(state.stems_armed, 0)
    if rows == 0:
        if state.stems_begin[0] != NO_STEMS:
            store_release(state.stems_begin, 0, NO_STEMS)
    elif state.stems_begin[0] == NO_STEMS:
        store_release(state.stems_begin, 0, state.frame + LATENCY)
    return rows


@kernel
def keep_stem(state: Any, rows: int, stem: int, sound: Any) -> None:
    """Keep this quantum of one stem, (2, 32) float32, where its row is asked for."""
    if (rows >> stem) & 1 == 0:
        return
    ring = state.stems[stem]
    at = (state.frame + LATENCY) & (state.stem_frames - 1)
    for i in range(QUANTUM):
        ring[at + i, 0] = sound[0, i]
        ring[at + i, 1] = sound[1, i]


@kernel
def keep_inserts(state: Any, rows: int) -> None:
    """Keep what the master's inserts changed, and the mix: to be called when the mix is done."""
    through = state.through_bus
    copy(state.dry_bus, through)
    for row in range(len(state.return_bus)):
        add(state.return_bus[row], through)
    for channel in range(2):
        for i in range(QUANTUM):
            through[channel, i] = state.master_bus[channel, i] - through[channel, i]
    keep_stem(state, rows, INSERTS_STEM, through)
    keep_stem(state, rows, MIX_STEM, state.master_bus)


@kernel
def silence_stems(state: Any) -> None:
    """Let nothing be heard in this quantum of any stem, as in the mix."""
    if state.stems_begin[0] == NO_STEMS:
        return
    at = (state.frame + LATENCY) & (state.stem_frames - 1)
    for stem in range(STEMS):
        state.stems[stem, at : at + QUANTUM, :] = np.float32(0.0)
