"""Measures what counts, and prints it: blocks, tails, slots, recording, checking, the start, the screen. Nothing fails.

python tests/bench/all.py [blocks] [tails] [slots] [library] [recording] [inspection] [start] [cold] [screen]
python tests/bench/all.py hour      an hour of stems
python tests/bench/all.py replays   a minute of every pattern of the factory, made again, and five minutes of some

By default all of the first line.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("engine", "ui")]

from chronus_tui.engine.kernel_cache import use_kernel_cache  # noqa: E402  # the tests' helpers come first

use_kernel_cache()

import blocks  # noqa: E402  # numba reads where its cache is when it is imported
import inspection  # noqa: E402
import library  # noqa: E402
import recording  # noqa: E402
import screen  # noqa: E402
import slots  # noqa: E402
import start  # noqa: E402
import tails  # noqa: E402

LONG_FIGURES: dict[str, Callable[[], Iterator[str]]] = {"hour": recording.hour, "replays": recording.every_replay}
"""Which take many minutes, and are printed where they are asked for."""
FIGURES: dict[str, Callable[[], Iterator[str]]] = {
    "blocks": blocks.figures,
    "tails": tails.figures,
    "slots": slots.figures,
    "library": library.figures,
    "recording": recording.figures,
    "inspection": inspection.figures,
    "start": start.figures,
    "cold": start.cold_figures,
    "screen": screen.figures,
}


def main() -> None:
    """Print the figures that were asked for."""
    for name in sys.argv[1:] or FIGURES:
        print(f"\n{name}")
        for line in {**FIGURES, **LONG_FIGURES}[name]():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
