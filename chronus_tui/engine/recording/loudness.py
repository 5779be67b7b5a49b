"""A take's loudness and its peaks, as broadcasters measure them: EBU R 128, ITU-R BS.1770-5.

Blocks of 400 ms that begin every 100 ms; those under -70 LUFS are not heard as part of it, nor those 10 LU below the
mean of the rest. The blocks are counted in bins of a hundredth of a LU, each with the sum of its energies, so that a
take of any length takes the same memory, and the mean is exact but for which side of the gate a bin's width lies on.
"""

import math

import numpy as np

from chronus_tui.engine.recording.memory_ring import Frames
from dsp.loudness import make_loudness, measure

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = 10.0
_OFFSET_LU = -0.691
_PIECES_A_BLOCK = 4
_BINS_A_LU = 100
_TOP_LUFS = 20.0
_BINS = round((_TOP_LUFS - ABSOLUTE_GATE_LUFS) * _BINS_A_LU)
SILENCE_DB = -120.0


class LoudnessMeter:
    """Measures sound of two channels at `rate`, from its beginning on."""

    def __init__(self, rate: int) -> None:
        self._made = make_loudness(rate)
        self._record = self._made[0]
        self._piece_frames = int(self._record["piece_frames"])
        self._pieces: list[float] = []
        self._plain: list[float] = []
        self._energy = np.zeros(_BINS)
        self._count = np.zeros(_BINS, np.int64)
        self._true_peak = 0.0

    def take(self, frames: Frames) -> tuple[float, float]:
        """Go on with `frames`, (frames, 2) float32; the highest samples in them, left and right, linear."""
        room = len(frames) // self._piece_frames + 1
        weighted, plain = np.zeros(room), np.zeros(room)
        filled = measure(self._record, frames, weighted, plain)
        for number in range(filled):
            self._pieces = [*self._pieces[1 - _PIECES_A_BLOCK :], float(weighted[number])]
            self._plain = [*self._plain[1 - _PIECES_A_BLOCK :], float(plain[number])]
            if len(self._pieces) == _PIECES_A_BLOCK:
                self._add_block(sum(self._pieces) / _PIECES_A_BLOCK)
        peaks = float(self._record["peak"][0]), float(self._record["peak"][1])
        self._true_peak = max(self._true_peak, float(self._record["true_peak"]), *peaks)
        self._record["peak"] = 0.0
        self._record["true_peak"] = 0.0
        return peaks

    @property
    def lufs(self) -> float | None:
        """Integrated loudness since the beginning, None where nothing was loud enough to count."""
        heard = int(self._count.sum())
        if heard == 0:
            return None
        gate = _lufs(float(self._energy.sum()) / heard) - RELATIVE_GATE_LU
        first = max(0, math.ceil((gate - ABSOLUTE_GATE_LUFS) * _BINS_A_LU))
        count = int(self._count[first:].sum())
        return _lufs(float(self._energy[first:].sum()) / count) if count else None

    @property
    def true_peak_db(self) -> float:
        """The highest place of the wave since the beginning, in dBTP."""
        return 20.0 * math.log10(self._true_peak) if self._true_peak > 1e-6 else SILENCE_DB

    @property
    def rms_db(self) -> float:
        """Of the last 400 ms, in dB of a full-scale square wave, the louder way of counting: both channels' mean."""
        if not self._plain:
            return SILENCE_DB
        mean = sum(self._plain) / len(self._plain) / 2.0
        return 10.0 * math.log10(mean) if mean > 1e-12 else SILENCE_DB

    def _add_block(self, energy: float) -> None:
        place = math.floor((_lufs(energy) - ABSOLUTE_GATE_LUFS) * _BINS_A_LU) if energy > 0.0 else -1
        if place < 0:
            return
        place = min(place, _BINS - 1)
        self._energy[place] += energy
        self._count[place] += 1


def _lufs(energy: float) -> float:
    return _OFFSET_LU + 10.0 * math.log10(energy)
