"""`chronus render`: patterns as a sound file."""

import argparse
import json
import sys
import time
from pathlib import Path

from chronus_tui.engine.offline import renderer


def render(project: Path, arguments: argparse.Namespace) -> int:
    """Write patterns to a sound file."""
    began_s = time.monotonic()
    made = renderer.render(
        project,
        arguments.sources,
        arguments.out,
        arguments.bars,
        arguments.tail,
        arguments.rate,
        arguments.stems,
    )
    for problem in made["problems"]:
        print(problem, file=sys.stderr)
    if arguments.json:
        print(json.dumps(made))
    else:
        for file in made["files"]:
            print(f"{file['path']}: {file['seconds']:.1f} s, {made['rate']} Hz, {made['bits']}-bit")
        print(f"Rendered in {time.monotonic() - began_s:.1f} s.")
    return 0
