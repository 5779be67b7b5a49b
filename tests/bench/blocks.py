"""How long a block takes: a full pattern of 16 tracks with every effect and 64 voices, beside silence, a tail that has
died away, the same with stems kept, more and more voices, and the standard patch."""

import gc
import time
from collections.abc import Iterator

import numpy as np
from playing import RATE, Playing, pattern, playing, track

from chronus_tui.engine.bench import run as run_standard_patch
from dsp import messages
from dsp.render import render
from dsp.stems import ALL_STEMS
from dsp.tap import arm_stems
from dsp.voices import INSTRUMENTS
from store.documents import Pattern

BLOCK = 256
SECONDS = 60
HELD = 40
"""Voices that sound all the time, which make 64 with those that are struck."""
VOICES = (0, 8, 16, 32, 64, 128)
SENDS = {"chorus": 0.3, "delay": 0.3, "reverb": 0.3}
EFFECTS = {
    "distortion": {"mix": 0.5, "drive": 18.0, "character": 3.0},
    "compressor": {"mix": 1.0, "source": 1, "threshold": -30.0},
}


def full_pattern() -> Pattern:
    """16 tracks that play every step, each driven, filtered and sent to all that it can be sent to."""
    names = [instrument.name for instrument in INSTRUMENTS]
    tracks = [
        track(
            "x-x-x-x-x-x-x-x-" if names[number % len(names)] == "poly" else "xXxxxXxxxXxxxXxx",
            names[number % len(names)],
            name=f"track{number}",
            gain_db=-12.0,
            sends=SENDS,
            strip={"overdrive": 6.0, "filter": -0.2},
        )
        for number in range(16)
    ]
    return pattern(*tracks, bpm=140, effects=EFFECTS)


def full() -> Playing:
    """The full pattern, with poly voices held beside those that it strikes."""
    play = playing(full_pattern(), BLOCK)
    poly = next(number for number, t in enumerate(full_pattern().tracks) if t.instrument == "poly")
    for number in range(HELD):
        play.player.push(messages.NOTE, a=poly, x=36 + number % 48, y=0.3, ticket=10 * SECONDS * RATE)
    return play


def figures() -> Iterator[str]:
    """Percentiles of the block time."""
    yield from _figures("16 tracks, every effect, 64 voices", full())
    stems = full()
    arm_stems(stems.player.state, ALL_STEMS)
    yield from _figures("the same, stems kept", stems)
    yield _cost_of_stems()
    yield from _figures("silence", playing(pattern(), BLOCK, started=False))
    yield from _figures("a minute after the last note", _died_away())
    yield from _by_voices()
    for patch in run_standard_patch([8, 32, 128], 20.0, None)["patch"]:
        yield f"standard patch, {patch['voices']} voices: {patch['times_real_time']} times real time"


def _by_voices() -> Iterator[str]:
    """How the cost grows with voices that are held, of the two instruments that play chords."""
    for instrument in ("poly", "fm"):
        medians = []
        for voices in VOICES:
            play = playing(pattern(track("....", instrument)), BLOCK, started=False)
            for number in range(voices):
                play.player.push(messages.NOTE, a=0, x=36 + number % 48, y=0.3, ticket=10 * SECONDS * RATE)
            medians.append(f"{np.median(_block_times(play, seconds=10)) * 1e6:.0f}")
        yield f"{instrument}, {' '.join(map(str, VOICES))} voices: p50 {' '.join(medians)} us"


def _cost_of_stems() -> str:
    """How much longer a block takes while stems are kept, turn and turn about, so that both meet the same load."""
    plays = full(), full()
    arm_stems(plays[1].player.state, ALL_STEMS)
    out = np.zeros((BLOCK, 2), np.float32)
    times = np.zeros((2, SECONDS * RATE // BLOCK))
    for number in range(times.shape[1]):
        for which, play in enumerate(plays):
            began = time.perf_counter()
            render(play.player.state, out, BLOCK)
            times[which, number] = time.perf_counter() - began
    without, kept = np.median(times, axis=1)
    return (
        f"all stems kept: {(kept - without) * 1e6:.0f} us more a block, {(kept - without) / (BLOCK / RATE):.2%} of it"
    )


def _figures(name: str, play: Playing) -> Iterator[str]:
    times = _block_times(play)
    p50, p99, p999, worst = (*np.percentile(times, [50, 99, 99.9]) * 1e6, times.max() * 1e6)
    share = p999 / (BLOCK / RATE * 1e6)
    sounding = int(play.player.state["meters"]["voices"])
    yield f"{name}: p50 {p50:.0f}  p99 {p99:.0f}  p99.9 {p999:.0f}  max {worst:.0f} us, {sounding} voices at the end"
    yield f"{name}: p99.9 is {share:.1%} of a block"


def _died_away() -> Playing:
    """A beat into everything at once, and a minute of what remains of it."""
    play = playing(full_pattern(), BLOCK)
    play.make(RATE)
    play.session.stop()
    play.make(SECONDS * RATE)
    return play


def _block_times(play: Playing, seconds: int = SECONDS) -> np.ndarray:
    out = np.zeros((BLOCK, 2), np.float32)
    play.make(RATE)
    times = np.zeros(seconds * RATE // BLOCK)
    gc.disable()
    for number in range(len(times)):
        began = time.perf_counter()
        render(play.player.state, out, BLOCK)
        times[number] = time.perf_counter() - began
    gc.enable()
    return times
