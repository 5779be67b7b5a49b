"""What the levels of a recording tell, grain by grain: silence, DC, a dead channel, swapped polarity.

A *grain* is a fiftieth of a second. What is kept of each is little, so an hour takes a few megabytes.

What it cannot know. Silence: whether a pause is meant; one of 2 s within the sound, or 5 s at an end, is told. DC: it
is looked for where the sound is weak, for drums and overdrive push the mean of what is loud to one side without any
fault: in a recording without a weak tenth of a second, one of less than -28 dB may pass. Dead: whether a passage is
panned hard to one side. Polarity: in a recording whose channels have little in common, such as spaced microphones,
nothing can be said and nothing is; equal channels are mono, and no fault.

Sources: the correlation meter of stereo consoles, the normalised cross-correlation at lag 0; for DC the mean of many
estimates weighted by the inverse of their variances, which is the best linear one (Gauss and Markov).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsp.inspect.fault import Fault, certainty

GRAINS_A_SECOND = 50
SILENT = 1e-4
"""-80 dB of full scale."""

PAUSE_S = 2.0
PAUSE_AT_END_S = 5.0
OFFSET = 0.004
WEAK = 0.02
"""Recordings that never get weaker than this (RMS) must have more of an offset, up to -28 dB."""

OFFSET_SHARE = 0.4
OFFSET_LOUD = 0.04
"""A hot acid bass through the overdrive has an offset of -30 dB for as long as it sounds."""

OFFSET_GRAINS = 5
"""A tenth of a second: five periods of 50 Hz."""

SOUNDING = 1e-3
DEAD_S = 5.0
OPPOSED = -0.3
OPPOSED_S = 2.0
TELLING_GRAINS = 25
"""Half a second: in less, channels may well go against each other for no fault."""

Doubles = npt.NDArray[np.float64]


class Grains(NamedTuple):
    """Each (grains, channels) float64 but for `cross`, (grains,): of each channel its lowest and highest sample, the
    mean, the mean square; and the mean product of the first two channels."""

    lowest: Doubles
    highest: Doubles
    mean: Doubles
    square: Doubles
    cross: Doubles


def measure(piece: npt.NDArray[np.float32], grain: int) -> Grains:
    """The grains of `piece`, (frames, channels); a last grain that is cut short counts what there is of it."""
    whole = len(piece) // grain
    parts = [_measure(piece[: whole * grain].reshape(whole, grain, piece.shape[1]))] if whole else []
    if len(piece) > whole * grain:
        parts.append(_measure(piece[None, whole * grain :]))
    return joined(parts)


def _measure(cut: npt.NDArray[np.float32]) -> Grains:
    channels = [np.ascontiguousarray(cut[:, :, channel]) for channel in range(cut.shape[2])]
    frames = cut.shape[1]
    cross = np.einsum("gf,gf->g", channels[0], channels[1]) / frames if len(channels) > 1 else np.zeros(len(cut))
    return Grains(
        np.stack([each.min(axis=1) for each in channels], axis=1).astype(np.float64),
        np.stack([each.max(axis=1) for each in channels], axis=1).astype(np.float64),
        np.stack([each.mean(axis=1) for each in channels], axis=1).astype(np.float64),
        np.stack([np.einsum("gf,gf->g", each, each) / frames for each in channels], axis=1).astype(np.float64),
        cross.astype(np.float64),
    )


def joined(parts: list[Grains]) -> Grains:
    """Grains one after another; at least one part."""
    return Grains(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("lowest", "highest", "mean", "square", "cross")
        )
    )


def runs(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of true flags."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def find_silence(grains: Grains, grain: int, rate: int, frames: int) -> list[Fault]:
    """Silence of the whole recording, or for longer than music pauses."""
    peak = np.maximum(grains.highest, -grains.lowest).max(axis=1)
    faults = []
    for start, end in runs(peak <= SILENT):
        first, last = start * grain, min(end * grain, frames)
        seconds = (last - first) / rate
        at_end = start == 0 or end == len(peak)
        whole = start == 0 and end == len(peak)
        if whole or seconds >= (PAUSE_AT_END_S if at_end else PAUSE_S):
            detail = "nothing but silence" if whole else f"silence for {seconds:.1f} s"
            faults.append(Fault("silence", first, last - first, None, 0.99 if whole else 0.8, detail))
    return faults


def find_offset(grains: Grains, frames: int) -> list[Fault]:
    """DC in a channel over the whole recording, which must last a tenth of a second to tell."""
    faults: list[Fault] = []
    if len(grains.mean) < OFFSET_GRAINS:
        return faults
    for channel, (offset, level) in enumerate(zip(*offsets(grains), strict=True)):
        least = OFFSET if level < WEAK else min(max(OFFSET, OFFSET_SHARE * level), OFFSET_LOUD)
        if abs(offset) >= least:
            decibels = 20.0 * np.log10(abs(offset))
            detail = f"offset of {offset:+.4f} ({decibels:.0f} dB)"
            faults.append(Fault("dc", 0, frames, channel, certainty(abs(float(offset)), least), detail))
    return faults


def offsets(grains: Grains) -> tuple[Doubles, Doubles]:
    """The offset of each channel as its weak passages show it, and how loud (RMS) these are; (channels,) each."""
    whole = max(len(grains.mean) // OFFSET_GRAINS, 1) * OFFSET_GRAINS
    shape = (-1, min(OFFSET_GRAINS, len(grains.mean)), grains.mean.shape[1])
    mean = grains.mean[:whole].reshape(shape).mean(axis=1)
    spread = grains.square[:whole].reshape(shape).mean(axis=1) - mean * mean
    weight = 1.0 / (np.maximum(spread, 0.0) + 1e-6)
    return np.asarray((mean * weight).sum(axis=0) / weight.sum(axis=0)), np.asarray(1 / np.sqrt(weight.mean(axis=0)))


def find_channel_faults(grains: Grains, grain: int, rate: int, frames: int) -> list[Fault]:
    """A channel without sound while another has some, and two channels of opposite polarity."""
    return [*_dead(grains, grain, rate, frames), *_opposed(grains, grain, frames)]


def _dead(grains: Grains, grain: int, rate: int, frames: int) -> Iterator[Fault]:
    peak = np.maximum(grains.highest, -grains.lowest)
    loudest = peak.max(axis=1)
    sounding = loudest > SOUNDING
    for channel in range(peak.shape[1]):
        # A pause of all channels neither begins nor ends it.
        for start, end in runs(peak[:, channel] <= SILENT):
            first, last = start * grain, min(end * grain, frames)
            heard_s = float(np.count_nonzero(sounding[start:end])) * grain / rate
            whole = start == 0 and end == len(peak)
            if heard_s >= DEAD_S or (whole and sounding.any()):
                detail = "dead: silent while another channel sounds"
                yield Fault("channel", first, last - first, channel, 0.99 if whole else 0.8, detail)


def _opposed(grains: Grains, grain: int, frames: int) -> Iterator[Fault]:
    if grains.mean.shape[1] != 2 or len(grains.cross) < TELLING_GRAINS:
        return
    length = len(grains.cross)
    seconds = np.arange(0, length, GRAINS_A_SECOND)
    cross = np.add.reduceat(grains.cross, seconds)
    power = np.sqrt(np.prod(np.add.reduceat(grains.square, seconds, axis=0), axis=1))
    correlation = cross / np.maximum(power, 1e-12)
    against = (correlation < OPPOSED) & (power > SOUNDING**2 * GRAINS_A_SECOND)
    if float(cross.sum()) < OPPOSED * float(power.sum()):
        against[:] = True
    for start, end in runs(against):
        if end - start >= OPPOSED_S or end - start == len(against):
            first, last = start * GRAINS_A_SECOND * grain, min(end * GRAINS_A_SECOND * grain, frames)
            value = float(cross[start:end].sum() / power[start:end].sum())
            detail = f"polarity swapped: the channels' correlation is {value:+.2f}"
            yield Fault("channel", first, last - first, None, certainty(-value, -OPPOSED), detail)
