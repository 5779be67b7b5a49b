"""A project: the folder that holds patterns and recordings, and `project.json` in it."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
from msgspec.structs import replace

from store.atomic import TEMP_SUFFIX, make_folder, sweep, write_atomically
from store.codec import decode_factory, decode_project, encode_project
from store.documents import Project, RecordingSettings
from store.errors import disk_failure
from store.files import read_file
from store.library import Library
from store.locks import RUNTIME_FOLDER, RUNTIME_MODE
from store.slots import SlotStore

ENVIRONMENT_NAME = "CHRONUS_PROJECT"
FACTORY_BANK = 1

_FOLDERS = (
    "patterns/slots",
    "patterns/library",
    "patterns/backups",
    "patterns/export",
    "patterns/temp",
    "clips",
    "recordings",
)


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
    return platformdirs.user_data_path("chronus", appauthor=False) / "project"


def open_project(folder: Path) -> Project:
    """Make what is missing of the project in `folder`, and read its `project.json`.

    Removes what an interrupted save left, so the caller holds the project's lock. Raises StoreError where
    the disk refuses, DamagedFile or NewerVersion where `project.json` is no such thing; it stays as it is.
    """
    for name in _FOLDERS:
        make_folder(folder / name)
    make_folder(folder / RUNTIME_FOLDER, RUNTIME_MODE)
    sweep(folder / "patterns" / "temp")
    path = folder / "project.json"
    if os.path.lexists(path):
        return decode_project(read_file(path), str(path))
    project = Project(name=folder.resolve().name or "untitled")
    save_project(folder, project)
    return project


def save_project(folder: Path, project: Project) -> None:
    """Write `project.json`, whole or not at all. Raises StoreError."""
    write_atomically(folder / "project.json", encode_project(project), folder / "patterns" / "temp")


def change_project(folder: Path, **changes: Any) -> None:
    """Let `project.json` have other values in some of its fields; all else in it stays. Raises StoreError."""
    path = folder / "project.json"
    project = decode_project(read_file(path), str(path))
    changed = replace(project, **changes)
    if changed != project:
        save_project(folder, changed)


def remember_recording(folder: Path, settings: RecordingSettings) -> None:
    """Let `project.json` tell how takes are made; all else in it stays. Raises StoreError."""
    path = folder / "project.json"
    project = decode_project(read_file(path), str(path))
    if project.recording != settings:
        save_project(folder, replace(project, recording=settings))


def fill_with_factory(folder: Path, factory: Path) -> bool:
    """Put the factory's patterns into the slots of bank 1, where that bank was never used.

    factory  the folder of the factory library: `<genre>/<name>.json`, and `factory.json`, whose "slots"
             tell which name goes to which slot

    True where they were put there. Happens whole or not at all. Raises StoreError.
    """
    bank = SlotStore(folder).path(FACTORY_BANK, 1).parent
    if bank.exists():
        return False
    library = Library(factory)
    plan = factory / "factory.json"
    slots = decode_factory(read_file(plan), str(plan))
    chosen = [(slot, read_file(library.path(name))) for slot, name in slots.items()]
    temp = folder / "patterns" / "temp"
    staged = temp / f"{bank.name}.{os.getpid()}{TEMP_SUFFIX}"
    make_folder(bank.parent)
    try:
        make_folder(staged)
        for slot, data in chosen:
            write_atomically(staged / f"slot_{slot:03d}.json", data, temp)
        staged.rename(bank)
    except OSError as error:
        raise disk_failure("write", bank, error) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(staged)
    return True
