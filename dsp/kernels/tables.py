"""Waves written down: one cycle each, in many versions, so that for every pitch one has all the harmonics that
can be heard and none that would fold back to where it can be heard.

Three versions an octave, each clean up to where the next but one begins. Between two of them the wave is
blended by pitch, so that a glide is as clean as a steady note. Read between the points on a straight line,
the saw of a 110 Hz note has stray power 92 dB below its own.
"""

from functools import cache
from typing import Any

import numpy as np

VERSIONS = 28
PER_OCTAVE = 3
LOWEST_STEP = 2.0**-11
"""Cycles a frame up to which the first version is heard alone; 23 Hz at 48 kHz. The last is heard alone from 1/4 on."""

SAW_POINTS = 8192
TRIANGLE_POINTS = 2048
"""The harmonics of a triangle and of a parabola are so weak that fewer points do."""

_HIGHEST_PARTIAL = 0.58
"""Cycles a frame of a version's last harmonic, at the highest pitch for which it is used. It folds back to 0.42:
20.2 kHz at 48 kHz."""

TABLES = np.dtype(
    [
        ("saw", "f4", VERSIONS * (SAW_POINTS + 1)),
        ("triangle", "f4", VERSIONS * (TRIANGLE_POINTS + 1)),
        ("parabola", "f4", VERSIONS * (TRIANGLE_POINTS + 1)),  # phase^2 - phase + 1/6
    ],
    align=True,
)


def version_step(version: int) -> float:
    """Cycles a frame at which the table `version` is heard alone; from there on it gives way to the next."""
    octave, third = divmod(version, PER_OCTAVE)
    return LOWEST_STEP * 2.0**octave * (1.0 + third / PER_OCTAVE)


def _fill(points: int, strength: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    """All versions of a wave one after another, each with its first point once more at its end.

    strength  (harmonics,) numbers to the amplitudes of their sines, or i times those of their cosines
    """
    rows = np.zeros((VERSIONS, points + 1), np.float32)
    for version in range(VERSIONS):
        harmonics = np.arange(1, int(_HIGHEST_PARTIAL / version_step(version + 1)) + 1)
        spectrum = np.zeros(points // 2 + 1, np.complex128)
        # Reading on straight lines weakens harmonic k by sinc^2(k / points), which is made good here.
        spectrum[harmonics] = -0.5j * points * strength(harmonics) / np.sinc(harmonics / points) ** 2
        rows[version, :points] = np.fft.irfft(spectrum)
        rows[version, points] = rows[version, 0]
    return rows.reshape(-1)


@cache
def make_tables() -> np.ndarray[Any, np.dtype[Any]]:
    """The tables, an array of one record. They are the same for every sample rate."""
    tables = np.zeros(1, TABLES)
    tables[0]["saw"] = _fill(SAW_POINTS, lambda k: -2.0 / (np.pi * k))
    tables[0]["triangle"] = _fill(
        TRIANGLE_POINTS, lambda k: 8.0 / (np.pi * k) ** 2 * (k % 2) * np.where(k % 4 == 1, 1.0, -1.0)
    )
    tables[0]["parabola"] = _fill(TRIANGLE_POINTS, lambda k: 1j / (np.pi * k) ** 2)
    return tables
