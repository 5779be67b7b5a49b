"""`chronus engine`."""

import argparse

from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, options_of, project_of, takes_engine


def _takes(parser: Parser) -> None:
    takes_engine(parser)
    parser.add_argument("--announce", action="store_true", help=argparse.SUPPRESS)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.engine import engine

    return engine(project_of(arguments), options_of(arguments), arguments.announce)


ENGINE = Subcommand("Play PROJECT without a screen, in the foreground.", _takes, _run)
