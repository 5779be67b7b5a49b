"""The patterns and the presets that come with Chronus."""

from pathlib import Path

import chronus_tui
from store.library.library import Library
from store.presets import Presets
from store.runtime import RUNTIME_FOLDER


def factory_library() -> Path:
    """The folder they lie in: in the installed package, or in its source."""
    package = Path(chronus_tui.__file__).parent
    installed = package / "factory"
    return installed if installed.is_dir() else package.parent / "patterns" / "library"


def factory_presets() -> Path:
    """The folder that the presets lie in: in the installed package, or in its source."""
    package = Path(chronus_tui.__file__).parent
    installed = package / "factory_presets"
    return installed if installed.is_dir() else package.parent / "patterns" / "presets"


def presets_of(project: Path) -> Presets:
    """The presets of a project, with the factory's behind them."""
    return Presets(project / "patterns" / "presets", factory_presets())


def library_of(project: Path) -> Library:
    """The library of a project, with the factory's behind it."""
    return Library(project / "patterns" / "library", factory_library(), project / RUNTIME_FOLDER)
