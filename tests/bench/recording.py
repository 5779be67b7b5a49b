"""Recording: all stems for a long time on a clock that runs fast, and how fast takes are encoded."""

import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from desk import Desk
from playing import RATE, pattern, track

from store.encoding import encode
from store.take_formats import FORMATS
from store.wav import WavWriter

MINUTES = 5
FILLED_S = 150
"""What was heard is in memory by then as far back as it goes."""
BLOCK = 4800
TAPS = "master dry stems"
NOISE_SEED = 1


def figures() -> Iterator[str]:
    """Stems, then encoding."""
    yield from stems(MINUTES)
    yield from encoding()


def stems(minutes: float) -> Iterator[str]:
    """Record 22 files for so long, as fast as it goes."""
    folder = Path(tempfile.mkdtemp())
    tracks = [track("x...x.x.", name, name=f"{name} {place}") for place in range(8) for name in ("hat", "kick")]
    desk = Desk(folder, pattern(*tracks, bpm=130), recorder_by_hand=True)
    try:
        desk.do("/record/taps", TAPS)
        desk.do("/record/split", 60)
        desk.do("/transport/play")
        desk.do("/record/start", "long", "wav16")
        began_s, before_kb = time.perf_counter(), 0
        for second in range(round(minutes * 60)):
            for _ in range(RATE // BLOCK):
                desk.turn(BLOCK)
            _forget_finished_parts(folder / "recordings" / "long")
            if second == FILLED_S:
                before_kb = _peak_kb()
        took_s = time.perf_counter() - began_s
        status = desk.recorder.status()
        yield (
            f"22 files for {minutes:g} minutes: {minutes * 60 / took_s:.1f} times real time, "
            f"{status.dropped + status.lost} frames lost, "
            f"{(_peak_kb() - before_kb) / 1024:.1f} MB more memory from the third minute on"
        )
    finally:
        desk.recorder.close()
        shutil.rmtree(folder)


def encoding() -> Iterator[str]:
    """A minute of noise and tone in every format."""
    seconds = 60
    times = np.arange(seconds * RATE) / RATE
    noise = np.random.default_rng(NOISE_SEED).uniform(-0.1, 0.1, len(times))
    sound = np.stack([0.5 * np.sin(2763.0 * times) + noise, noise], axis=1).astype(np.float32)
    with tempfile.TemporaryDirectory() as name:
        wav = Path(name) / "minute.wav"
        with WavWriter(wav, RATE, 2, 24) as writer:
            writer.write(sound)
        for form in FORMATS.values():
            if not form.container or not soundfile.check_format(form.container, form.subtype):
                continue
            began_s = time.perf_counter()
            encode(wav, wav.with_suffix(form.ending), form, {}, lambda share: None)
            took_s = time.perf_counter() - began_s
            yield f"{form.name}, read back and compared: {seconds / took_s:.0f} times real time"


def _forget_finished_parts(folder: Path) -> None:
    """Make room: of each tap the newest part is enough."""
    parts = sorted(folder.iterdir())
    for path, after in pairwise(parts):
        if path.stem.rpartition("_")[0] == after.stem.rpartition("_")[0]:
            path.unlink()


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
