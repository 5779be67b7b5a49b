"""`chronus` alone: the screen."""

from chronus_tui.subcommands.subcommand import Arguments, Subcommand, options_of, project_of, takes_engine


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.screen import open_screen

    return open_screen(project_of(arguments), options_of(arguments))


SCREEN = Subcommand("Open the screen on PROJECT; its engine is started where none runs.", takes_engine, _run)
