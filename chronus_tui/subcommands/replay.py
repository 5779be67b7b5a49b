"""`chronus replay`."""

import os
from pathlib import Path

from chronus_tui.subcommands.subcommand import (
    Arguments,
    Parser,
    Subcommand,
    project_of,
    takes_json,
    takes_project_option,
)


def _takes(parser: Parser) -> None:
    parser.add_argument("take", metavar="TAKE", help="its name, or the path of its sound")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="sound file to write as well; of several taps, a folder"
    )
    takes_project_option(parser)
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    # Numpy asks for pages of 2 MB, each of which the system makes whole; a replay uses a little of much memory.
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
    from chronus_tui.cli.replay import replay

    return replay(project_of(arguments), arguments)


REPLAY = Subcommand("Make a take again from what was played, and compare.", _takes, _run)
