"""Plants 200 faults of each kind in synthetic sound and in all factory patterns, and tells what was found.

python tests/inspect/measure.py [seed]
"""

import sys
import time

import numpy as np
from planting import FACTORY, PLANTERS, RATE, faults_of, finds, rendered, synthetic

PLANTED = 200
SEED = 20_261_121


def main() -> None:
    """Print what was found of each kind, what was missed, the false alarms, and how fast."""
    rng = np.random.default_rng(int(sys.argv[1]) if sys.argv[1:] else SEED)
    clean = {
        "synthetic": {f"sound {number}": synthetic(rng, 4.0) for number in range(24)},
        "factory": {path.stem: rendered(path, 8) for path in FACTORY},
    }
    for origin, sounds in clean.items():
        began = time.process_time()
        alarms = [(name, fault) for name, sound in sounds.items() for fault in faults_of(sound)]
        speed = sum(map(len, sounds.values())) / RATE / (time.process_time() - began)
        print(
            f"{origin}: {len(alarms)} false alarms in {len(sounds)} clean sounds; {speed:.0f} times real time of a core"
        )
        for name, alarm in alarms:
            print(f"  {name}: {alarm}")
        names = list(sounds)
        for kind, plant in PLANTERS.items():
            missed = []
            for number in range(PLANTED):
                name = names[number % len(names)]
                start = int(rng.integers(max(len(sounds[name]) - 6 * RATE, 1)))
                planted = plant(sounds[name][start : start + 4 * RATE], rng)
                if not finds(planted):
                    missed.append(f"{name} at {start + planted.start}")
            print(f"  {kind}: {PLANTED - len(missed)} of {PLANTED}", *missed, sep="; " if missed else "", flush=True)


if __name__ == "__main__":
    main()
