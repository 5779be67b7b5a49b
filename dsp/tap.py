"""What was made, for whoever writes it down: the recorder reads here what the device was given."""

from typing import Any

from dsp.kernels import SOUND, door
from dsp.memory import load_acquire, store_release
from dsp.sizes import QUANTUM, TAP_FRAMES
from dsp.state import STATE


@door(STATE)
def tap_end(state: Any) -> int:
    """The first frame that the tap does not hold yet."""
    return load_acquire(state.tap_head, 0)


@door(STATE)
def tap_begin(state: Any) -> int:
    """The first frame that the tap still holds, and will while the next few quanta are made."""
    return max(0, load_acquire(state.tap_head, 0) - TAP_FRAMES + 4 * QUANTUM)


@door(STATE, int, SOUND)
def copy_tap(state: Any, first: int, out: Any) -> bool:
    """Copy the frames from `first` into `out`, (frames, 2) float32, overwritten.

    The caller has seen that the tap held them. False where they were overwritten meanwhile, and `out` holds
    nothing of use.
    """
    for i in range(out.shape[0]):
        at = (first + i) % TAP_FRAMES
        out[i, 0] = state.tap[at, 0]
        out[i, 1] = state.tap[at, 1]
    return tap_begin(state) <= first


@door(STATE)
def stems_begin(state: Any) -> int:
    """The first frame of the tap whose stems are kept, and will be while the next few quanta are made; -1 for none."""
    first = load_acquire(state.stems_begin, 0)
    if first < 0:
        return first
    return max(first, load_acquire(state.tap_head, 0) - state.stem_frames + 8 * QUANTUM)


@door(STATE, int, int, SOUND)
def copy_stem(state: Any, stem: int, first: int, out: Any) -> bool:
    """Copy the frames from `first` of one stem, a row of `dsp.stems`, into `out`, (frames, 2) float32, overwritten.

    The caller has seen by `stems_begin` and `tap_end` that it is kept. False where the frames were overwritten
    meanwhile, or stems are kept no longer, and `out` holds nothing of use.
    """
    ring = state.stems[stem]
    for i in range(out.shape[0]):
        at = (first + i) & (state.stem_frames - 1)
        out[i, 0] = ring[at, 0]
        out[i, 1] = ring[at, 1]
    begin = stems_begin(state)
    return 0 <= begin <= first


@door(STATE, int)
def arm_stems(state: Any, rows: int) -> None:
    """Ask the sound to keep these rows of `dsp.stems`, a bit for each, from its next quantum on, or none any longer.

    Rows that are added to others hold what is too old to be theirs: let it keep none before.
    """
    store_release(state.stems_armed, 0, rows)
