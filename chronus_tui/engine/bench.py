"""`chronus bench`: how fast the standard patch is made, and how evenly."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.kernel_cache import open_sound
from chronus_tui.engine.offline.whole_wav import write_whole
from chronus_tui.progress import show_progress
from dsp.kernels import address_of
from dsp.standard_patch import make_patch, render_patch
from store.wav.writer import WavWriter

RATE = 48_000
BLOCK = 256
PIECE_BLOCKS = 512
"""Written at a time: 2.7 s, 1 MB."""
BITS = 32


def run(voices: list[int], seconds: float, out: Path | None) -> dict[str, Any]:
    """Make `seconds` of the standard patch for each number of voices, and tell the figures.

    out  a float WAV file to write the sound to; with several numbers of voices each is added to the name

    Raises StoreError where the file cannot be written.
    """
    open_sound(show_progress)
    figures = []
    for count in voices:
        blocks = max(1, round(seconds * RATE / BLOCK))
        if out is None:
            times = _block_times(count, blocks, None)
        else:
            name = out if len(voices) == 1 else out.with_stem(f"{out.stem}_{count}")
            times = write_whole(name, RATE, BITS, partial(_block_times, count, blocks), durable=False)
        figures.append(_figures(count, times))
    return {"rate": RATE, "block": BLOCK, "seconds": seconds, "patch": figures}


def _block_times(voices: int, blocks: int, wav: WavWriter | None) -> Any:
    """Seconds that each block took to make, (blocks,), without the writing of it, which another thread does."""
    patch = make_patch(voices, RATE)
    pieces = [np.zeros((PIECE_BLOCKS * BLOCK, 2), np.float32) for _ in range(2)]
    times = np.zeros(blocks)
    with ThreadPoolExecutor(1) as writer:
        written: list[Future[None]] = []
        for first in range(0, blocks, PIECE_BLOCKS):
            piece = pieces[len(written) % 2]
            count = min(PIECE_BLOCKS, blocks - first)
            if len(written) >= 2:
                written[-2].result()  # the piece is free again
            _make(patch, piece, times[first : first + count])
            done: Future[None] = writer.submit(wav.write, piece[: count * BLOCK]) if wav else Future()
            if not wav:
                done.set_result(None)
            written.append(done)
        for done in written:
            done.result()
    return times


def _make(patch: Any, piece: Any, times: Any) -> None:
    """Fill the beginning of `piece`, (frames, 2) float32, a block at a time; `times`, (blocks,), is overwritten."""
    where, block_bytes, channels = address_of(piece), piece[:BLOCK].nbytes, piece.shape[1]
    make, patch_at = render_patch.bare, address_of(patch)
    began = time.perf_counter()
    for number in range(len(times)):
        make(patch_at, where + number * block_bytes, BLOCK, channels, BLOCK)
        ended = time.perf_counter()
        times[number] = ended - began
        began = ended


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
