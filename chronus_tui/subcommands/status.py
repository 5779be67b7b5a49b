"""`chronus status`."""

from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, project_of, takes_json, takes_project


def _takes(parser: Parser) -> None:
    takes_project(parser)
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.status import status

    return status(project_of(arguments), arguments.json)


STATUS = Subcommand("Tell what the engine does now.", _takes, _run)
