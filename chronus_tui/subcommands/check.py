"""`chronus check`."""

from chronus_tui.subcommands.subcommand import (
    Arguments,
    Parser,
    Subcommand,
    project_of,
    takes_json,
    takes_project_option,
)


def _takes(parser: Parser) -> None:
    parser.add_argument(
        "what",
        metavar="WHAT",
        help="a recording: WAV, AIFF, FLAC, OGG and what else libsndfile reads; a folder of them; or a take's name",
    )
    takes_project_option(parser)
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.check import check

    return check(project_of(arguments), arguments)


CHECK = Subcommand("Look for clicks, dropouts and other faults in a recording.", _takes, _run)
