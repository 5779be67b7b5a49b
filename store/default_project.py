"""Which folder is the project, where a person did not say it."""

from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT_NAME = "CHRONUS_PROJECT"


def default_project(argument: str | None, environment: Mapping[str, str], current: Path) -> Path:
    """The project's folder: what was asked for, else $CHRONUS_PROJECT, else the current folder where it
    holds `patterns/`, else a folder among the user's data.

    The path is absolute; the folder need not be there yet.
    """
    asked = argument or environment.get(ENVIRONMENT_NAME)
    if asked:
        return (current / Path(asked).expanduser()).resolve()
    if (current / "patterns").is_dir():
        return current.resolve()
    import platformdirs  # the last of the ways, and most starts never come here

    return platformdirs.user_data_path("chronus", appauthor=False) / "project"
