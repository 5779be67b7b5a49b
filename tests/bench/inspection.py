"""How fast `chronus check` looks through a recording: a minute of stereo at 48 kHz, in a file of 24 bits."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from chronus_tui.engine.checking import Recording, check_recording

RATE = 48_000
SECONDS = 60


def figures() -> Iterator[str]:
    """Times real time, by the clock and of a core's time: drums over a bass."""
    time_s = np.arange(SECONDS * RATE) / RATE
    struck = np.exp(-30 * (time_s % 0.25)) * np.minimum((time_s % 0.25) * 500, 1.0)
    noise = np.random.default_rng(1).standard_normal((len(time_s), 2))
    sound = 0.3 * np.sin(2 * np.pi * 55 * time_s)[:, None] + 0.1 * struck[:, None] * noise
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        soundfile.write(path, sound, RATE, subtype="PCM_24")
        began, worked = time.perf_counter(), time.process_time()
        check_recording(Recording(path.name, [path]))
        took, worked = time.perf_counter() - began, time.process_time() - worked
    yield f"a minute of stereo: {SECONDS / took:.0f} times real time, {SECONDS / worked:.0f} of a core's"
