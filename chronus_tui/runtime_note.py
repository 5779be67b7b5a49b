"""What a running engine notes down of itself, in `.chronus/engine.json`: where OSC finds it, how it was started,
whether it plays. A note that is there while no engine runs tells of one that died; the next goes on as it was.
"""

import contextlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.options import EngineOptions
from store.runtime import RUNTIME_FOLDER


class OscPlace(msgspec.Struct, frozen=True):
    """Where OSC is heard."""

    host: str
    port: int


class RuntimeNote(msgspec.Struct, frozen=True):
    """One engine's note."""

    pid: int
    osc: OscPlace
    options: EngineOptions = EngineOptions()
    playing: bool = False

    def again(self) -> EngineOptions:
        """The options for an engine that takes this one's place: on the very port that scripts know."""
        return replace(self.options, osc_port=self.osc.port)


def write_note(project: Path, note: RuntimeNote) -> None:
    """Put the note in place, whole."""
    path = _path(project)
    partial = path.with_suffix(".part")
    partial.write_bytes(msgspec.json.encode(note))
    partial.replace(path)


def read_note(project: Path) -> RuntimeNote | None:
    """The note of the engine that runs or has died, or None where there is none that can be read."""
    try:
        return msgspec.json.decode(_path(project).read_bytes(), type=RuntimeNote)
    except (OSError, msgspec.MsgspecError):
        return None


def remove_note(project: Path) -> None:
    """The engine ended as it should."""
    with contextlib.suppress(OSError):
        _path(project).unlink()


def _path(project: Path) -> Path:
    return project / RUNTIME_FOLDER / "engine.json"
