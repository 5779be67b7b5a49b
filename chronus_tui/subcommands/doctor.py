"""`chronus doctor`."""

from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, project_of, takes_json, takes_project


def _takes(parser: Parser) -> None:
    takes_project(parser)
    takes_json(parser)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.doctor import doctor

    return doctor(project_of(arguments), arguments.json)


DOCTOR = Subcommand("Look at devices, permissions and the terminal, and say what to do.", _takes, _run)
