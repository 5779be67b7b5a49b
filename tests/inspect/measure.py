"""Plants 200 faults of each kind in synthetic sound and in all factory patterns, and tells what was found."""

import time

import numpy as np
from planting import PLANTERS, RATE, synthetic
from test_planted_faults import FACTORY, faults_of, rendered

PLANTED = 200


def main() -> None:
    """Print what was found of each kind, the false alarms, and how fast."""
    rng = np.random.default_rng(11)
    clean = {"synthetic": [synthetic(rng, 4.0) for _ in range(12)], "factory": [rendered(path, 8) for path in FACTORY]}
    for origin, sounds in clean.items():
        began = time.perf_counter()
        alarms = sum(len(faults_of(sound)) for sound in sounds)
        speed = sum(map(len, sounds)) / RATE / (time.perf_counter() - began)
        print(f"{origin}: {alarms} false alarms in {len(sounds)} clean sounds; {speed:.0f} times real time")
        for name, plant in PLANTERS.items():
            found = 0
            for number in range(PLANTED):
                sound = sounds[number % len(sounds)]
                start = int(rng.integers(max(len(sound) - 6 * RATE, 1)))
                planted = plant(sound[start : start + 4 * RATE], rng)
                found += any(
                    fault.kind == planted.kind and fault.start_frame < planted.end and fault.end_frame > planted.start
                    for fault in faults_of(planted.sound)
                )
            print(f"  {name}: {found} of {PLANTED}")


if __name__ == "__main__":
    main()
