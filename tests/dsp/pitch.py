"""The pitch of a sound."""

import numpy as np
from bench_voice import RATE


def frequency(sound: np.ndarray) -> float:
    """Of the strongest partial, in Hz, by the parabola through its peak."""
    spectrum = np.log(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) + 1e-12)
    k = int(spectrum[1:-1].argmax()) + 1
    below, top, above = spectrum[k - 1 : k + 2]
    return float((k + 0.5 * (below - above) / (below - 2 * top + above)) * RATE / len(sound))
