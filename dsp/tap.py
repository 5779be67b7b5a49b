"""What was made, for whoever writes it down: the recorder reads here what the device was given."""

from typing import Any

from dsp.kernels import kernel
from dsp.memory import load_acquire
from dsp.state import QUANTUM, TAP_FRAMES


@kernel
def tap_end(state: Any) -> int:
    """The first frame that the tap does not hold yet."""
    return load_acquire(state.tap_head, 0)


@kernel
def tap_begin(state: Any) -> int:
    """The first frame that the tap still holds, and will while the next few quanta are made."""
    return max(0, load_acquire(state.tap_head, 0) - TAP_FRAMES + 4 * QUANTUM)


@kernel
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
