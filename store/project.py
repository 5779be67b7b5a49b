"""A project: the folder that holds patterns and recordings, and `project.json` in it."""

import os
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from store.atomic import make_folder, sweep, write_atomically
from store.codec import decode_project, encode_project
from store.documents import Project, RecordingSettings
from store.files import read_file
from store.runtime import RUNTIME_FOLDER, RUNTIME_MODE

NOTE_NAME = "project.json"

_FOLDERS = (
    "patterns/slots",
    "patterns/library",
    "patterns/backups",
    "patterns/export",
    "patterns/temp",
    "clips",
    "recordings",
)


def open_project(folder: Path) -> Project:
    """Make what is missing of the project in `folder`, and read its `project.json`.

    Removes what an interrupted save left, so the caller holds the project's lock. Raises StoreError where
    the disk refuses, DamagedFile or NewerVersion where `project.json` is no such thing; it stays as it is.
    """
    for name in _FOLDERS:
        make_folder(folder / name)
    make_folder(folder / RUNTIME_FOLDER, RUNTIME_MODE)
    sweep(folder / "patterns" / "temp")
    if os.path.lexists(folder / NOTE_NAME):
        return read_project(folder)
    project = Project(name=folder.resolve().name or "untitled")
    save_project(folder, project)
    return project


def read_project(folder: Path) -> Project:
    """Read `project.json`, and touch nothing. Raises as `open_project`."""
    path = folder / NOTE_NAME
    return decode_project(read_file(path), str(path))


def save_project(folder: Path, project: Project) -> None:
    """Write `project.json`, whole or not at all. Raises StoreError."""
    write_atomically(folder / NOTE_NAME, encode_project(project), folder / "patterns" / "temp")


def change_project(folder: Path, **changes: Any) -> None:
    """Let `project.json` have other values in some of its fields; all else in it stays. Raises StoreError."""
    project = read_project(folder)
    changed = replace(project, **changes)
    if changed != project:
        save_project(folder, changed)


def remember_recording(folder: Path, settings: RecordingSettings) -> None:
    """Let `project.json` tell how takes are made; all else in it stays. Raises StoreError."""
    project = read_project(folder)
    if project.recording != settings:
        save_project(folder, replace(project, recording=settings))
