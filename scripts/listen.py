"""The factory library to listen to and to look at: each pattern as a WAV file, with a picture of its sound beside it.

python scripts/listen.py [--out FOLDER] [NAME...]    all patterns, or those of these names, to build/listen
python scripts/listen.py --readme                    the pictures that the README shows, to docs/

Prints for each its integrated loudness, its true peak and its offset from zero.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

from chronus_tui.engine.kernel_cache import use_kernel_cache

RATE = 48_000
BARS = 16
TAIL_S = 4.0
README = ("acid night", "broken light", "slow glass")
README_BARS = 8
README_TAIL_S = 1.0
README_SIZE = (800, 320)


class Heard(NamedTuple):
    """What a pattern sounds like in numbers.

    offset_db  of the mean of the louder channel, in dB of full scale
    """

    lufs: float
    true_peak_db: float
    offset_db: float


def rendered(pattern: "Pattern", bars: int, tail_s: float) -> "Frames":
    """The sound of a pattern, (frames, 2) float32."""
    return np.concatenate(list(play_parts([Part(pattern, bars)], tail_s, RATE)))


def measured(sound: "Frames") -> Heard:
    """The numbers of a sound."""
    meter = LoudnessMeter(RATE)
    meter.take(sound)
    offset = float(np.abs(sound.mean(axis=0, dtype=np.float64)).max())
    return Heard(meter.lufs or -120.0, meter.true_peak_db, 20.0 * np.log10(max(offset, 1e-9)))


def factory_patterns(names: list[str]) -> list["Pattern"]:
    """Those of the factory's patterns that bear these names, or all."""
    files = sorted(factory_library().glob("*/*.json"))
    patterns = [decode_pattern(file.read_bytes(), str(file)) for file in files]
    missing = set(names) - {pattern.name for pattern in patterns}
    if missing:
        sys.exit(f"The factory has no pattern called {', '.join(sorted(missing))}.")
    return [pattern for pattern in patterns if not names or pattern.name in names]


def draw_for_readme() -> None:
    """Draw a few bars of a few patterns."""
    for pattern in factory_patterns(list(README)):
        path = Path("docs") / f"sound-{pattern.name.replace(' ', '-')}.png"
        draw(rendered(pattern, README_BARS, README_TAIL_S), RATE, path, *README_SIZE)
        print(path)


def main() -> None:
    """Render, measure and draw."""
    parser = argparse.ArgumentParser(description="Render the factory library to listen to and to look at.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="patterns to render (all)")
    parser.add_argument("--out", type=Path, default=Path("build/listen"), help="folder for the files (build/listen)")
    parser.add_argument("--readme", action="store_true", help="draw the pictures of the README")
    arguments = parser.parse_args()
    if arguments.readme:
        draw_for_readme()
        return
    print(f"{'pattern':32} {'LUFS':>7} {'dBTP':>7} {'offset dB':>10}")
    for pattern in factory_patterns(arguments.names):
        sound = rendered(pattern, BARS, TAIL_S)
        heard = measured(sound)
        wav = arguments.out / pattern.genre / f"{pattern.name}.wav"
        wav.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(wav, sound, RATE, subtype="PCM_24")
        draw(sound, RATE, wav.with_suffix(".png"))
        label = f"{pattern.genre}/{pattern.name}"
        print(f"{label:32} {heard.lufs:7.1f} {heard.true_peak_db:7.1f} {heard.offset_db:10.0f}", flush=True)


use_kernel_cache()

import numpy as np  # noqa: E402 - numba reads where its cache is when it is imported
import soundfile  # noqa: E402
from sound_picture import draw  # noqa: E402

from chronus_tui.engine.factory import factory_library  # noqa: E402
from chronus_tui.engine.offline.renderer import play_parts  # noqa: E402
from chronus_tui.engine.offline.sources import Part  # noqa: E402
from chronus_tui.engine.recording.loudness import LoudnessMeter  # noqa: E402
from chronus_tui.engine.recording.memory_ring import Frames  # noqa: E402
from store.codec import decode_pattern  # noqa: E402
from store.documents import Pattern  # noqa: E402

if __name__ == "__main__":
    main()
