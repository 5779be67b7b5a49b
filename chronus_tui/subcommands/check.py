"""`chronus check`."""

from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, takes_json


def _takes(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="a recording: WAV, AIFF, FLAC, OGG and what else libsndfile reads")
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.check import check

    return check(arguments)


CHECK = Subcommand("Look for clicks, dropouts and other faults in a recording.", _takes, _run)
