"""`chronus replay`: makes a take again from its performance, and tells whether it is the same."""

import argparse
import json
import time
from pathlib import Path

from msgspec import to_builtins

from chronus_tui.engine.replay.proving import prove
from chronus_tui.engine.takes_named import find_take

SAME, OTHER = 0, 1


def replay(project: Path, arguments: argparse.Namespace) -> int:
    """Make the take `arguments.take` again; 0 where it is the same, 1 where it is not. Raises ChronusError."""
    began_s = time.monotonic()
    folder, take = find_take(project, arguments.take)
    proof = prove(project, folder, take, arguments.out)
    seconds, took_s, same = take.frames / take.rate, time.monotonic() - began_s, proof.verdict == "same"
    if arguments.json:
        told = {
            "take": take.name,
            "seconds": seconds,
            "took_s": took_s,
            "compared_frames": proof.compared,
            "same": same,
            "verdict": proof.verdict,
            "sentence": proof.sentence,
            "proved_by": proof.proved_by,
            "files": proof.files,
            "parted": proof.parted,
            "other_seams": to_builtins(proof.other_seams),
        }
        print(json.dumps(told))
    else:
        print(
            f"{take.name}: {seconds:.1f} s made again in {took_s:.1f} s, {seconds / max(took_s, 1e-9):.0f} times "
            "as fast."
        )
        print(proof.sentence)
    return SAME if same else OTHER
