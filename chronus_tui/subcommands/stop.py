"""`chronus stop`."""

from chronus_tui.subcommands.subcommand import Arguments, Subcommand, project_of, takes_project


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.stop import stop

    return stop(project_of(arguments))


STOP = Subcommand("End the engine: fade out, close a running take, save.", takes_project, _run)
