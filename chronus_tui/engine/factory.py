"""The patterns that come with Chronus."""

from pathlib import Path

import chronus_tui
from store.library import Library


def factory_library() -> Path:
    """The folder they lie in: in the installed package, or in its source."""
    package = Path(chronus_tui.__file__).parent
    installed = package / "factory"
    return installed if installed.is_dir() else package.parent / "patterns" / "library"


def library_of(project: Path) -> Library:
    """The library of a project, with the factory's behind it."""
    return Library(project / "patterns" / "library", factory_library())
