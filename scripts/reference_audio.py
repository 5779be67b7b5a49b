"""Render the stored sound of every instrument again: `python scripts/reference_audio.py`.

    tests/dsp/reference/<instrument>.flac    16 bits, 48 kHz, one channel

Run it where an instrument shall sound different from now on, and listen before the new files are kept. A test
compares each with what the instrument makes.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "dsp")]
FOLDER = ROOT / "tests" / "dsp" / "reference"
LONGEST_S = 0.6


def phrase(name: str) -> "np.ndarray":
    """Two notes of an instrument, (frames,) float32: a soft one that slides where it can, and an accented one."""
    from bench_voice import Bench, make_clip

    bench = Bench(name, seed=7, clip=make_clip(0.3)).strike(velocity=0.7)
    note = float(bench.voice["note"])
    parts = [bench.play(0.1)]
    bench.slide(note + 5)
    parts.append(bench.play(0.1))
    bench.release()
    parts.append(bench.play(0.05))
    bench.strike(note - 2, accent=True)
    parts.append(bench.play(0.2))
    bench.release()
    parts.append(bench.play(LONGEST_S - 0.45))
    return np.concatenate(parts)


def main() -> None:
    """Write all files."""
    from chronus_tui.engine.kernel_cache import use_kernel_cache

    use_kernel_cache()
    from bench_voice import RATE

    from dsp.voices import INSTRUMENTS

    FOLDER.mkdir(exist_ok=True)
    for instrument in INSTRUMENTS:
        path = FOLDER / f"{instrument.name}.flac"
        soundfile.write(path, phrase(instrument.name), RATE, subtype="PCM_16")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
