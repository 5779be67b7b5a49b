"""A take that a person names: by its name, or by a path."""

from pathlib import Path

from msgspec.structs import replace

from store.codec import decode_take
from store.documents import Take
from store.errors import NoSuchTake
from store.files import read_file
from store.project import read_project
from store.takes.files import NOTE_ENDING


def find_take(project: Path, named: str) -> tuple[Path, Take]:
    """The folder and the note of a take that is called by its name, or by the path of any file of it, with its ending
    or without. Raises NoSuchTake where there is none, and StoreError."""
    path = Path(named)
    recordings = read_project(project).recording.folder if (project / "project.json").exists() else ""
    name = path.stem if path.is_file() else path.name
    folders = [project / "recordings", *([Path(recordings)] if recordings else [])]
    if len(path.parts) > 1 or path.exists():
        folders = [path.parent]
    places = [(folder, name) for folder in folders]
    if path.is_file():  # it may be one of several of a take
        within = path.absolute().parent
        places.append((within.parent, within.name))
    for folder, known_as in places:
        note = folder / f"{known_as}{NOTE_ENDING}"
        if note.is_file():
            return folder, replace(decode_take(read_file(note), str(note)), name=known_as)
    looked = " or ".join(map(str, folders))
    raise NoSuchTake(f"There is no take {named!r}: its note, {name}{NOTE_ENDING}, is not in {looked}.")
