"""The click of a count-in: heard, and never recorded. It is added to what the device is given, behind the tap."""

from typing import Any

import numpy as np

from dsp.kernels import kernel

CLICK = np.dtype([("frame", "i8"), ("accent", "i4")], align=True)
"""The frame on which the last one begins, and whether it is the one of a bar's first beat."""

CLICK_S = 0.03
"""How long a click is heard: the last of a count-in is over long before the first beat that is recorded."""
_LEVEL = np.float32(0.35)
_DECAY_S = 0.005
_BEAT_HZ, _BAR_HZ = 1000.0, 1500.0


@kernel
def strike(click: Any, frame: int, accent: int) -> None:
    """Let a click begin on `frame`."""
    click.frame = frame
    click.accent = accent


@kernel
def add_click(click: Any, frame: int, made: Any, rate: float) -> None:
    """Add what of the click lies in the quantum `made`, (frames, 2) float32, which begins at `frame`."""
    length = int(CLICK_S * rate)
    if frame >= click.frame + length or frame + len(made) <= click.frame:
        return
    hz = _BAR_HZ if click.accent else _BEAT_HZ
    for i in range(len(made)):
        n = frame + i - click.frame
        if 0 <= n < length:
            y = _LEVEL * np.float32(np.sin(2.0 * np.pi * hz * n / rate) * np.exp(-n / (_DECAY_S * rate)))
            for channel in range(2):
                made[i, channel] = min(max(made[i, channel] + y, np.float32(-1.0)), np.float32(1.0))
