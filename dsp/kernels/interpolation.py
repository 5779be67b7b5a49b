"""The kernel by which recorded sound is read between its frames: a sinc under a Kaiser window.

Read faster than it was recorded, the sound is low-passed by a wider sinc, so that what would fold back is not heard.
"""

from typing import Any

import numpy as np

from dsp.kernels import kernel

CROSSINGS = 8
"""Zero crossings of the sinc on each side."""

_POINTS = 256
_BETA = 7.0
"""What lies in the stop band is 70 dB down."""

# Past the last crossing there is nothing; rounding may lead a little past it.
_PLACES = np.arange(CROSSINGS * _POINTS + 4) / _POINTS
_SINC = (
    np.sinc(_PLACES) * np.i0(_BETA * np.sqrt(np.maximum(1.0 - (_PLACES / CROSSINGS) ** 2, 0.0))) / np.i0(_BETA)
).astype(np.float32)


@kernel
def share_at(away: Any) -> Any:
    """How much of a frame is heard `away` zero crossings from it, 0..CROSSINGS, float32."""
    place = away * np.float32(_POINTS)
    whole = np.int32(place)
    before = _SINC[whole]
    return before + (_SINC[whole + 1] - before) * (place - np.float32(whole))
