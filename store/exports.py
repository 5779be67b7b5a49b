"""What lies in a project's `patterns/export`: MIDI files and archives, written here or put there by a person."""

from pathlib import Path

from store.archives import ENDING
from store.errors import BadName, disk_failure
from store.names import genre_and_name

MIDI_ENDING = ".mid"


def exported(folder: Path) -> list[str]:
    """The names of the files that can be taken from here, the latest first: NAME.mid, GENRE/NAME.mid or NAME.zip.

    Raises StoreError where the folder cannot be read.
    """
    try:
        files = [path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file()]
        found = {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in files}
    except OSError as error:
        raise disk_failure("read", folder, error) from error
    return sorted(filter(_can_be_taken, found), key=lambda name: (-found[name], name))


def _can_be_taken(file: str) -> bool:
    """Whether a command can be given the file's name."""
    name, dot, ending = file.rpartition(".")
    if dot + ending not in (MIDI_ENDING, ENDING):
        return False
    try:
        genre, _ = genre_and_name(name)
    except BadName:
        return False
    return not genre or dot + ending == MIDI_ENDING
