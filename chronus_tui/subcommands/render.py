"""`chronus render`."""

from pathlib import Path

from chronus_tui.subcommands.subcommand import (
    Arguments,
    Parser,
    Subcommand,
    project_of,
    takes_json,
    takes_length,
    takes_project_option,
    takes_rate,
)


def _takes(parser: Parser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="slot (13, or 2:13 in bank 2), pattern file, library name or chain:NAME",
    )
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="OUT", help="WAV file to write")
    takes_length(parser, "source")
    parser.add_argument("--stems", action="store_true", help="write each track to a file of its own as well")
    takes_rate(parser)
    takes_project_option(parser)
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.render import render

    return render(project_of(arguments), arguments)


RENDER = Subcommand("Write patterns to a sound file, faster than they play.", _takes, _run)
