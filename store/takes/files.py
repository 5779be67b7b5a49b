"""Where the files of a take lie, and what stands in them beside the audio.

    recordings/NAME.json                 the note
    recordings/NAME.wav                  a take of one file
    recordings/NAME/master.wav           one of several taps
    recordings/NAME/master_001.wav       one of several parts

Every file of a take begins with its first letters: NAME is nobody else's, whatever the ending.
"""

import itertools
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from store.atomic import write_atomically
from store.codec import encode_take
from store.documents import Take, TakeEvent
from store.errors import disk_failure
from store.takes.formats import FORMATS
from store.wav.chunks import bext_chunk, cue_chunks, tempo_chunk

NOTE_ENDING = ".json"
WAV_ENDING = ".wav"
CUED = ("pattern", "mark")
"""What of a take becomes a mark in its files."""


def session_name(started: datetime) -> str:
    """The name of a take that was given none, such as "session_20261121_210000"."""
    return started.strftime("session_%Y%m%d_%H%M%S")


def coding_of(take: Take) -> str:
    """What the files of `take` are; notes that are older than formats do not say so."""
    return take.coding or f"wav{take.bits}"


def audio_path(recordings: Path, take: Take, tap: str, part: int, coding: str | None = None) -> Path:
    """The file of a tap of `take`, and of one of its parts, from 1, as `coding` or as what it is now."""
    found = FORMATS.get(coding or coding_of(take))
    ending = WAV_ENDING if found is None else found.ending
    if not take.in_folder:
        return recordings / f"{take.name}{ending}"
    return recordings / take.name / f"{tap}{f'_{part:03d}' if take.split else ''}{ending}"


def all_paths(recordings: Path, take: Take, coding: str | None = None) -> list[Path]:
    """All files that `take` has, as `coding` or as what it is now, tap by tap."""
    parts = range(1, max(1, len(take.parts)) + 1)
    return [audio_path(recordings, take, tap, part, coding) for tap in take.taps for part in parts]


def note_path(recordings: Path, take: Take) -> Path:
    """The note of `take`."""
    return recordings / f"{take.name}{NOTE_ENDING}"


def audio_files(recordings: Path, take: Take, coding: str | None = None) -> Iterator[tuple[str, int, Path]]:
    """The files of `take` that are there, with tap and part."""
    for tap in take.taps:
        part = 1
        while (path := audio_path(recordings, take, tap, part, coding)).is_file():
            yield tap, part, path
            if not take.split:
                break
            part += 1


def without_ending(name: str) -> str:
    """`name` without the ending of a sound file, which a take's files get by themselves."""
    endings = {format_.ending for format_ in FORMATS.values()}
    return next((name[: -len(ending)] for ending in endings if name.lower().endswith(ending)), name)


def is_taken(recordings: Path, name: str) -> bool:
    """Whether something bears `name`, whatever its ending; some systems do not tell case apart. Raises StoreError."""
    wanted = name.casefold()
    try:
        return any(wanted in (path.stem.casefold(), path.name.casefold()) for path in recordings.iterdir())
    except OSError as error:
        raise disk_failure("read", recordings, error) from error


def numbered(name: str) -> Iterator[str]:
    """What is tried where `name` is taken: `name_2`, `name_3` and so on."""
    return (f"{name}_{number}" for number in itertools.count(2))


_NAMING: dict[Path, threading.Lock] = {}


def naming(folder: Path) -> threading.Lock:
    """What whoever gives a name to a take in `folder` holds while he looks whether it is free, and takes it. Takes
    begin on threads of their own, and are renamed on another's."""
    return _NAMING.setdefault(folder.resolve(), threading.Lock())


def write_note(recordings: Path, take: Take, temp_dir: Path, synced: bool = True) -> None:
    """Write the note of `take`, whole or not at all, and wait for the disk unless a sync follows. Raises StoreError."""
    write_atomically(note_path(recordings, take), encode_take(take), temp_dir, synced=synced)


def about(take: Take, first: int, frames: int = 0, measured: bool = False) -> bytes:
    """What stands before the audio of a file that begins at frame `first` of `take`. Always as long.

    frames    of the file, where that is known
    measured  whether the loudness that `take` tells is that of this file
    """
    began = start_time(take)
    midnight = began.replace(hour=0, minute=0, second=0, microsecond=0)
    since_midnight = round((began - midnight).total_seconds() * take.rate) + first
    bext = bext_chunk(
        take.name,
        began + timedelta(seconds=first / take.rate),
        since_midnight,
        None if take.lufs is None or not measured else float(take.lufs),
        None if take.true_peak is None or not measured else float(take.true_peak),
    )
    return bext + tempo_chunk(float(take.bpm), frames / take.rate)


def cues(take: Take, first: int, frames: int) -> bytes:
    """The chunks for the marks of `take` that lie in a file of `frames` frames that begins at its frame `first`."""
    return cue_chunks(marks(take, first, frames))


def marks(take: Take, first: int, frames: int) -> list[tuple[int, str]]:
    """The marks that lie in such a file: frame in it, and name."""
    return [
        (event.frame - first, mark_text(event))
        for event in take.events
        if event.what in CUED and first <= event.frame < first + max(1, frames)
    ]


def mark_text(event: TakeEvent) -> str:
    """What a mark is called in the file."""
    if event.what != "pattern" or event.slot is None:
        return event.name or event.what
    return f"slot {event.slot:03d} {event.name}"


def named(take: Take, name: str) -> Take:
    """`take` under another name."""
    return replace(take, name=name)


def start_time(take: Take) -> datetime:
    """When `take` began; the beginning of 1970 where its note tells no time."""
    try:
        return datetime.fromisoformat(take.started)
    except ValueError:
        return datetime(1970, 1, 1)
