"""`chronus bench`: how fast the standard patch is made, and how evenly."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.offline import write_whole
from dsp.standard_patch import make_patch, render_patch
from store.wav import WavWriter

RATE = 48_000
BLOCK = 256
BITS = 32


def run(voices: list[int], seconds: float, out: Path | None) -> dict[str, Any]:
    """Make `seconds` of the standard patch for each number of voices, and tell the figures.

    out  a float WAV file to write the sound to; with several numbers of voices each is added to the name

    Raises StoreError where the file cannot be written.
    """
    _block_times(1, 1, None)  # compiled, or read from the cache, before anything is timed
    figures = []
    for count in voices:
        blocks = max(1, round(seconds * RATE / BLOCK))
        if out is None:
            times = _block_times(count, blocks, None)
        else:
            name = out if len(voices) == 1 else out.with_stem(f"{out.stem}_{count}")
            times = write_whole(name, RATE, BITS, partial(_block_times, count, blocks))
        figures.append(_figures(count, times))
    return {"rate": RATE, "block": BLOCK, "seconds": seconds, "patch": figures}


def _block_times(voices: int, blocks: int, wav: WavWriter | None) -> Any:
    """Seconds that each block took to make, (blocks,), without the writing of it."""
    patch = make_patch(voices, RATE)[0]
    sound = np.zeros((BLOCK, 2), np.float32)
    times = np.zeros(blocks)
    for number in range(blocks):
        began = time.perf_counter()
        render_patch(patch, sound, BLOCK)
        times[number] = time.perf_counter() - began
        if wav is not None:
            wav.write(sound)
    return times


def _figures(voices: int, times: Any) -> dict[str, Any]:
    block_s = BLOCK / RATE
    p50, p99, p999 = (float(share) * 1e6 for share in np.percentile(times, [50, 99, 99.9]))
    return {
        "voices": voices,
        "times_real_time": round(float(len(times) * block_s / times.sum()), 1),
        "block_us": {
            "p50": round(p50, 1),
            "p99": round(p99, 1),
            "p99.9": round(p999, 1),
            "max": round(float(times.max()) * 1e6, 1),
        },
        "p99.9_share_of_block": round(p999 / 1e6 / block_s, 4),
    }
