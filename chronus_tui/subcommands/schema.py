"""`chronus schema`."""

from chronus_tui.subcommands.subcommand import Arguments, Subcommand, takes_json


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.schema import schema

    return schema(arguments.json)


SCHEMA = Subcommand("List every command and every parameter.", takes_json, _run)
