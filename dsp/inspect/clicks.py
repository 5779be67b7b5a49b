"""Clicks: a frame or a few that do not belong to the sound around them, and joints where it jumps.

The second difference of the sound is a predictor's error: that of the predictor which goes straight on. Music that
is loud in the low and middle range leaves little in it, a single wrong frame four times itself. A peak of it is a click
where nothing like it stands in the 6 ms before and in the 6 ms after, for a click is shorter than the tail of any
onset: a drum's noise goes on after its first frame. Three things are alike in that and are told apart by other means:

- The flank of a wave that is limited in its band, such as the first of a note that goes through an overdrive, takes
  some frames, and so is dull: its third differences are low beside its second. Those of a wrong frame or of a jump
  between one frame and the next are not.
- So are those of a voice that starts at its zero crossing, and that breaks the slope for good: its second differences
  sum up to the break, and those of a wrong frame or of a jump cancel each other.
- A saw or a pulse jumps by itself, again and again: what comes three times, alike in shape and height and equally far
  apart, is a wave (`recurring.py`).

The smallest click that is found for sure is one whose highest second difference is 4 times (12 dB above) the highest
of the 7 ms before and after it (5 times where a sound begins with it: strokes at full height come near 4),
and whose height is -46 dB of full scale or more. In noise of the RMS 1 the highest of
14 ms is about 8, so a wrong frame there is 16 high, and a jump 32: the power of that frame is as much as the
noise has in the 5 ms over which the ear gathers. What is weaker is masked, or nearly so.

What it cannot know: a jump that is meant, such as a cut in a sample or the first frame of a sound that starts at full
height over nothing and dies within 6 ms; a wrong stretch of more than some four frames, or a jump, whose edges are
soft, as those of a click that went through a low-pass; three clicks of one shape, equally far apart, in an eighth of
a second, or any that come every 6 ms and faster, which are a tone to it; a click in the first or the last 7 ms of a
recording.

Sources: Godsill and Rayner, "Digital Audio Restoration", 1998, chapter 5 (detection by the error of a predictor
against its local level); Vaseghi, "Advanced Digital Signal Processing and Noise Reduction", chapter 13; Lee, Jeon and
Kim, "Pop-Click Noise Detection Using Inter-Frame Correlation", 2011 (the second difference as the quantity). A
predictor of order 32, fitted to every 20 ms, was measured as well: it finds weaker clicks in steady tones, as many in
the factory patterns, for their drums are not steady, and takes three times as long.
"""

import numpy as np
import numpy.typing as npt

from dsp.inspect.fault import Fault, Indices, Samples, Window, certainty
from dsp.inspect.recurring import recurs

BLOCK = 32
NEAR_BLOCKS = 9
"""How far before and after a peak the sound is looked at: 6 ms at 48 kHz."""

THRESHOLD = 3.0
"""A peak of the second difference against the highest around it. What is bright in the clean factory patterns reaches
2.7, where the sound's resolution is reduced to 7 bits."""

BRIGHT = 2.38
"""The power of the third differences beside that of the second: 10/3 for a wrong frame, 3 for a jump from one frame to
the next, 2.5 or more where sound lies under a click; 2 for a slope that breaks. What is not bright and yet high in
the clean factory patterns reaches 2.2."""

TURN = 0.8
"""The share of a peak that may be a lasting change of the slope, but where it is `BRIGHTER`: noise under a voice that
starts makes it as bright as 2.4, and noise under a jump gives it a turn of 0.8 and more."""

BRIGHTER = 2.6

IF_DULLER = 3.5
"""In the place of `THRESHOLD` for what is not `BRIGHTER`: the edge of a wave that rings on reaches 3.4 in hours of the
clean factory patterns."""

ONSET, ONSET_FRAMES = 8.0, 16
"""How much livelier than those before it the frames after a peak are where a sound begins with it, and how many."""

AT_ONSET = 4.5
"""In the place of `THRESHOLD` there: the first stroke of a sound that begins at full height reaches 4.2 in hours of
the clean factory patterns."""

FLOOR = 1e-3
"""Lower peaks are no clicks that anyone hears: -60 dB of full scale."""

SKIRT = 4
"""Frames around a peak that may belong to the click itself."""

Doubles = npt.NDArray[np.float64]


def find_clicks(window: Window) -> list[Fault]:
    """The clicks of one channel. Their `channel` is 0; who knows better sets it."""
    x = window.x
    reach = BLOCK * (NEAR_BLOCKS + 1)
    if len(x) < 2 * reach:
        return []
    jerk = np.abs(np.diff(x, 2))  # jerk[i] is that of x[i + 1]
    places = _candidates(jerk)
    places = places[(places >= reach) & (places < len(jerk) - reach)]
    if not len(places):
        return []
    score = _score(jerk, places, reach)
    bright = _brightness(x, places)
    threshold = np.where(bright < BRIGHTER, IF_DULLER, THRESHOLD)
    threshold[_begins_a_sound(jerk, places)] = AT_ONSET
    clicks = (score >= threshold) & (bright >= BRIGHT) & window.owns(places + 1)
    clicks &= (bright >= BRIGHTER) | (_turn(x, places) < TURN)
    for i in np.flatnonzero(clicks):
        clicks[i] = not recurs(x, int(places[i]), window.rate)
    return [
        Fault(
            "click",
            window.origin + int(places[i]) + 1,
            1,
            0,
            certainty(float(score[i]), float(threshold[i])),
            f"a jump of {20.0 * np.log10(0.5 * float(jerk[places[i]])):.0f} dB",
        )
        for i in np.flatnonzero(clicks)
    ]


def _candidates(jerk: Samples) -> Indices:
    """Where `jerk` has a peak that stands out from the blocks before and after it."""
    blocks = len(jerk) // BLOCK
    highest = jerk[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    far = NEAR_BLOCKS - 1
    padded = np.pad(highest, far + 1)
    around = np.lib.stride_tricks.sliding_window_view(padded, far)
    before = around[:blocks].max(axis=1)
    after = around[far + 3 : far + 3 + blocks].max(axis=1)
    loud = np.flatnonzero((highest > FLOOR) & (highest > 1.5 * before) & (highest > 1.5 * after))
    places = loud * BLOCK + jerk[: blocks * BLOCK].reshape(blocks, BLOCK)[loud].argmax(axis=1)
    # A click on the border of two blocks stands in both; the higher one is it.
    keep = np.ones(len(places), dtype=bool)
    close = np.flatnonzero(np.diff(places) <= SKIRT)
    lower = np.where(jerk[places[close]] < jerk[places[close + 1]], close, close + 1) if len(close) else close
    keep[lower] = False
    return places[keep]


def _score(jerk: Samples, places: Indices, reach: int) -> Doubles:
    """Each peak against the highest in `reach` frames before and after it, its own skirt left out."""
    near = np.arange(SKIRT, reach)
    around = np.maximum(jerk[places[:, None] - near].max(axis=1), jerk[places[:, None] + near].max(axis=1))
    return np.asarray(jerk[places] / np.maximum(around, 1e-9), dtype=np.float64)


def _begins_a_sound(jerk: Samples, places: Indices) -> npt.NDArray[np.bool_]:
    """Whether it is lively right after each peak where it was not before; an onset may take some frames to it."""
    near = SKIRT + np.arange(ONSET_FRAMES)
    before = jerk[places[:, None] - SKIRT - near].astype(np.float64)
    after = jerk[places[:, None] + near].astype(np.float64)
    return np.asarray((after * after).sum(axis=1) > ONSET**2 * (before * before).sum(axis=1))


def _brightness(x: Samples, places: Indices) -> Doubles:
    """The power of the third differences around each peak beside that of the second."""
    second = np.diff(x[places[:, None] + np.arange(-3, 7)].astype(np.float64), 2, axis=1)
    third = np.diff(second, axis=1, prepend=0.0, append=0.0)
    return np.asarray((third * third).sum(axis=1) / np.maximum((second * second).sum(axis=1), 1e-18))


def _turn(x: Samples, places: Indices) -> Doubles:
    """How much of each peak is a lasting change of the slope: near 0 for a jump, 1 for a voice that starts.

    It is what the second differences of the five frames around it sum up to, beside those further out.
    """
    signed = np.diff(x, 2).astype(np.float64)
    middle = signed[places[:, None] + np.arange(-2, 3)]
    beside = signed[places[:, None] + np.array([-7, -6, -5, -4, -3, 3, 4, 5, 6, 7])].mean(axis=1)
    return np.abs((middle - beside[:, None]).sum(axis=1)) / np.abs(signed[places])
