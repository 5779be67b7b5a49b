"""A recording, piece by piece, through all detectors.

What is kept of the sound is a window of some ten seconds with a third of a second around it; so a recording of any
length takes the same memory, but for its grains (`levels.py`).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsp.inspect import levels
from dsp.inspect.clicks import find_clicks
from dsp.inspect.clipping import Flat, clipped, find_flats, together
from dsp.inspect.fault import Fault, Window
from dsp.inspect.gaps import ZERO, Gap, dropouts, find_gaps
from dsp.inspect.repeats import copies_between, find_repeats

Frames = npt.NDArray[np.float32]

CONTEXT = 16_384
GRAINS_A_WINDOW = 512
NEAR_S = 0.05
"""Peaks cut within this of each other are one clipping, and the jumps at a dropout's edges are the dropout's."""

EDGE = 6
"""Frames by which the jump of a dropout's edge may lie beside it."""


class Inspection(NamedTuple):
    """What was found.

    frames, rate, channels  of the recording
    faults                  in the order of time
    grain                   frames a grain
    lowest, highest         (grains, channels): the extremes of each grain, for a picture
    """

    frames: int
    rate: int
    channels: int
    faults: tuple[Fault, ...]
    grain: int
    lowest: npt.NDArray[np.float64]
    highest: npt.NDArray[np.float64]


class Inspector:
    """Takes a recording in pieces of any size by `feed`, and tells what is wrong with it by `finish`.

    stem  it is one of several recordings that sound together: then it may pause for as long as it likes, lie on one
          side alone, or be wider than a mix may be; a silence that is told is one of the whole

    `frames` counts what it took. Samples that are not finite are taken for zeros, and so are told as dropouts where
    they stand in sound.
    """

    def __init__(self, rate: int, channels: int, stem: bool = False) -> None:
        self._rate = rate
        self._channels = channels
        self._stem = stem
        self._grain = max(rate // levels.GRAINS_A_SECOND, 1)
        self._core = self._grain * GRAINS_A_WINDOW
        self._held: Frames = np.empty((0, channels), np.float32)
        self._before = 0  # frames of context at the head of what is held
        self._origin = 0  # the frame of the recording that is the first one held
        self.frames = 0
        self._grains: list[levels.Grains] = []
        self._flats: list[list[Flat]] = [[] for _ in range(channels)]
        self._gaps: list[list[Gap]] = [[] for _ in range(channels)]
        self._faults: list[Fault] = []

    def feed(self, piece: Frames) -> None:
        """Take the next frames, (frames, channels) float32."""
        self.frames += len(piece)
        finite = piece if np.isfinite(piece.sum()) else np.nan_to_num(piece, nan=0.0, posinf=0.0, neginf=0.0)
        self._held = np.concatenate((self._held, finite))
        while len(self._held) >= self._before + self._core + CONTEXT:
            self._inspect(self._core)

    def finish(self) -> Inspection:
        """What was found in all of it."""
        while len(self._held) > self._before:
            self._inspect(min(self._core, len(self._held) - self._before))
        faults = list(self._faults)
        nothing = np.zeros((0, self._channels))
        grains = (
            levels.joined(self._grains)
            if self._grains
            else levels.Grains(nothing, nothing, nothing, nothing, np.zeros(0))
        )
        if self.frames:
            silences = levels.find_silence(grains, self._grain, self._rate, self.frames)
            faults += [silence for silence in silences if not self._stem or silence.frames == self.frames]
            faults += levels.find_offset(grains, self.frames)
            if not self._stem:
                faults += levels.find_channel_faults(grains, self._grain, self._rate, self.frames)
            faults += self._clipping(grains)
        faults += _dropouts(self._gaps)
        return Inspection(
            self.frames,
            self._rate,
            self._channels,
            tuple(_settled(faults, self._channels)),
            self._grain,
            grains.lowest,
            grains.highest,
        )

    def _inspect(self, frames: int) -> None:
        """Look at the next `frames` of what is held, and let go of what is no longer needed."""
        core = slice(self._before, self._before + frames)
        reach = core.stop + CONTEXT
        self._grains.append(levels.measure(self._held[core], self._grain))
        for channel in range(self._channels):
            x = np.ascontiguousarray(self._held[:reach, channel])
            self._look(Window(x, core, self._origin, self._rate), channel)
        keep = max(core.stop - CONTEXT, 0)
        self._held = self._held[keep:].copy()
        self._origin += keep
        self._before = core.stop - keep

    def _look(self, window: Window, channel: int) -> None:
        clicks = find_clicks(window)
        jumps = np.array([click.start_frame - window.origin for click in clicks], dtype=np.intp)
        found = clicks + find_repeats(window) + copies_between(window, jumps)
        self._faults += [fault._replace(channel=channel) for fault in found]
        self._flats[channel] += find_flats(window)
        self._extend(channel, window)
        self._gaps[channel] += find_gaps(window)

    def _extend(self, channel: int, window: Window) -> None:
        """Let a gap that went on past the last window's end grow into this one."""
        gaps = self._gaps[channel]
        if gaps and gaps[-1].open:
            end = gaps[-1].end
            rest = np.flatnonzero(np.abs(window.x[max(end - window.origin, 0) :]) > ZERO)
            end = end + int(rest[0]) if len(rest) else window.origin + len(window.x)
            gaps[-1] = gaps[-1]._replace(open=not len(rest), end=end)

    def _clipping(self, grains: levels.Grains) -> list[Fault]:
        faults: list[Fault] = []
        near = int(NEAR_S * self._rate)
        for channel in range(self._channels):
            extremes = float(grains.highest[:, channel].max()), float(grains.lowest[:, channel].min())
            flats = sorted(clipped(self._flats[channel], *extremes), key=lambda flat: flat.start)
            for cluster in _clusters(flats, near):
                if not together(cluster):
                    continue
                start, end = cluster[0].start, max(flat.start + flat.frames for flat in cluster)
                level = 20.0 * np.log10(max(abs(flat.level) for flat in cluster))
                many = f"{len(cluster)} peaks" if len(cluster) > 1 else "a peak"
                sure = 0.95 if cluster[0].full else 0.7
                faults.append(
                    Fault("clipping", start, end - start, channel, sure, f"{many} cut flat at {_signed(level)} dB")
                )
        return faults


def _signed(level_db: float) -> str:
    """A level as it is told, which is never less than nothing by nothing."""
    return f"{round(level_db, 1) + 0.0:+.1f}"


def _clusters(flats: Iterable[Flat], near: int) -> list[list[Flat]]:
    clusters: list[list[Flat]] = []
    for flat in flats:
        if clusters and flat.start - (clusters[-1][-1].start + clusters[-1][-1].frames) <= near:
            clusters[-1].append(flat)
        else:
            clusters.append([flat])
    return clusters


def _dropouts(gaps: list[list[Gap]]) -> list[Fault]:
    return [
        Fault("dropout", gap.start, gap.end - gap.start, channel, sure, f"{gap.end - gap.start} frames of zeros")
        for channel, cut in enumerate(dropouts(gaps))
        for gap, sure in cut
    ]


def _settled(faults: list[Fault], channels: int) -> list[Fault]:
    """Each fault once, in the order of time: what all channels have at once is one fault, the jumps at the edges of
    a dropout or of clipped peaks are part of these, and a silence that begins as a dropout is the silence."""
    dropouts = _merged([fault for fault in faults if fault.kind == "dropout"], channels, 2)
    silences = [fault for fault in faults if fault.kind == "silence"]
    dead = [fault for fault in faults if fault.kind == "channel" and fault.channel is not None]
    dropouts = [each for each in dropouts if not any(_within(each, longer) for longer in silences + dead)]
    clipping = [fault for fault in faults if fault.kind == "clipping"]
    clicks = [
        fault
        for fault in faults
        if fault.kind == "click" and not any(_touches(fault, other) for other in dropouts + silences + clipping)
    ]
    rest = [fault for fault in faults if fault.kind in ("channel", "dc")]
    whole = dropouts + _merged(clicks, channels, EDGE) + _merged(clipping, channels, 480) + silences + rest
    return sorted(whole, key=lambda fault: (fault.start_frame, fault.kind, fault.channel or 0))


def _touches(click: Fault, other: Fault) -> bool:
    """Whether a click is the edge of another fault."""
    return other.start_frame - EDGE <= click.start_frame <= other.end_frame + EDGE


def _within(dropout: Fault, longer: Fault) -> bool:
    """Whether a dropout is a longer fault, or the most of it."""
    shared = min(dropout.end_frame, longer.end_frame) - max(dropout.start_frame, longer.start_frame)
    same = longer.channel is None or dropout.channel in (None, longer.channel)
    return same and shared > 0.5 * dropout.frames


def _merged(faults: list[Fault], channels: int, apart: int) -> list[Fault]:
    """Faults of one kind, those of several channels that are `apart` frames or less from each other made one."""
    merged: list[Fault] = []
    heard: list[set[int]] = []
    for fault in sorted(faults, key=lambda fault: fault.start_frame):
        channel = fault.channel or 0
        if merged and fault.start_frame <= merged[-1].end_frame + apart - 1 and fault.kind == merged[-1].kind:
            last = merged[-1]
            end = max(last.end_frame, fault.end_frame)
            sure = last if last.confidence >= fault.confidence else fault
            heard[-1].add(channel)
            merged[-1] = sure._replace(start_frame=last.start_frame, frames=end - last.start_frame)
        else:
            merged.append(fault)
            heard.append({channel})
    return [
        fault._replace(channel=None if len(which) == channels and channels > 1 else min(which))
        for fault, which in zip(merged, heard, strict=True)
    ]
