"""The takes that there are: listed, renamed, thrown away and brought back.

A take that is thrown away goes to `.trash` beside the others, with everything that bears its name. Whatever is moved,
the note is written at the new place first and removed at the old one last; so at every moment one place has it all.
"""

import contextlib
import itertools
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from store.atomic import make_folder
from store.codec import decode_take
from store.documents import Take
from store.errors import NoSuchTake, StoreError, disk_failure
from store.files import read_file
from store.names import safe_name
from store.sound_files import SoundFile
from store.takes.files import (
    NOTE_ENDING,
    audio_files,
    coding_of,
    is_taken,
    naming,
    numbered,
    without_ending,
    write_note,
)
from store.takes.line import TakeLine

TRASH = ".trash"
RECORDED_NOW = "recording"
_BLOCK = 65_536


class TakeShelf:
    """The takes in some folders; of two with one name, the one in the first folder is meant.

    temp_dir  the project's folder for temporary files
    """

    def __init__(self, folders: Sequence[Path], temp_dir: Path) -> None:
        self._folders = [folder for folder in dict.fromkeys(folders) if folder.is_dir()]
        self._temp_dir = temp_dir

    def lines(self) -> list[TakeLine]:
        """All takes, the newest first."""
        found = [_line(folder, note) for folder in self._folders for note in folder.glob(f"*{NOTE_ENDING}")]
        return sorted(filter(None, found), key=lambda line: (line.started, line.name), reverse=True)

    def trashed(self) -> list[str]:
        """The names of what was thrown away."""
        return sorted(note.stem for folder in self._folders for note in (folder / TRASH).glob(f"*/*{NOTE_ENDING}"))

    def files(self, name: str) -> list[Path]:
        """The audio of a take's first tap, part by part. Raises NoSuchTake where there is none."""
        folder, take = self._find(name)
        files = [path for tap, _, path in _audio(folder, take) if tap == take.taps[0]]
        if not files:
            raise NoSuchTake(f"The sound of take {name!r} is missing; its note is in {folder}.")
        return files

    def finished(self, name: str | None = None) -> tuple[Path, Take]:
        """The folder and the note of a take to which nothing is done any more, or of the newest such. Raises NoSuchTake
        where there is none, and StoreError where it is not finished."""
        if name is None:
            name = next((line.name for line in self.lines() if not line.doing and not line.problem), None)
        if name is None:
            raise NoSuchTake("There are no finished takes yet; /record/start begins one.")
        folder, take = self._find(name)
        _refuse_unfinished(take)
        return folder, take

    def rename(self, name: str, wanted: str) -> str:
        """Give a take another name; the one that it has then. Raises StoreError where it cannot have it."""
        new = safe_name(without_ending(wanted))
        folder, take = self._find(name)
        _refuse_unfinished(take)
        with naming(folder):
            if new.casefold() != take.name.casefold() and is_taken(folder, new):
                raise StoreError(f"There is a file called {new!r} already; choose another name.")
            if new != take.name:
                self._move(folder, take, folder, new)
        return new

    def delete(self, name: str) -> None:
        """Throw a take away: it is in the trash then. Raises StoreError."""
        folder, take = self._find(name)
        _refuse_unfinished(take)
        trash = folder / TRASH
        make_folder(trash)
        self._move(folder, take, _free(trash, take.name), take.name)

    def restore(self, name: str) -> str:
        """Bring back what was thrown away last under `name`; the name that it has now. Raises StoreError."""
        for folder in self._folders:
            found = sorted((folder / TRASH).glob(f"*/{_literally(name)}{NOTE_ENDING}"), key=lambda p: p.stat().st_mtime)
            if found:
                note = found[-1]
                take = replace(decode_take(read_file(note), str(note)), name=note.stem)
                with naming(folder):
                    new = _free_name(folder, take.name)
                    self._move(note.parent, take, folder, new)
                with contextlib.suppress(OSError):
                    note.parent.rmdir()
                return new
        raise NoSuchTake(f"There is no take {name!r} in the trash.")

    def empty_trash(self) -> int:
        """Delete for good what was thrown away; how many takes that were. Raises StoreError."""
        count = len(self.trashed())
        for folder in self._folders:
            trash = folder / TRASH
            try:
                if trash.is_dir():
                    shutil.rmtree(trash)
            except OSError as error:
                raise disk_failure("empty", trash, error) from error
        return count

    def peaks(self, name: str, columns: int) -> list[float]:
        """The waveform of a take's first tap: the peak of each of so many stretches of it. Raises StoreError."""
        try:
            sounds = _opened(self.files(name))
        except StoreError:
            sounds = _opened(self.files(name))  # an encoding has ended meanwhile, and others stand in their place
        try:
            total = max(1, sum(sound.format.frames for sound in sounds))
            peaks = np.zeros(columns)
            at = 0
            for sound in sounds:
                for piece in sound.pieces(_BLOCK):
                    levels = np.abs(piece).max(axis=1)
                    first, last = at * columns // total, (at + len(levels) - 1) * columns // total
                    starts = [max(-(-column * total // columns) - at, 0) for column in range(first, last + 1)]
                    here = slice(first, last + 1)
                    peaks[here] = np.maximum(peaks[here], np.maximum.reduceat(levels, starts))
                    at += len(levels)
        finally:
            for sound in sounds:
                sound.close()
        return [float(peak) for peak in peaks]

    def _find(self, name: str) -> tuple[Path, Take]:
        for folder in self._folders:
            for note in folder.glob(f"*{NOTE_ENDING}"):
                if note.stem.casefold() == name.casefold():
                    return folder, replace(decode_take(read_file(note), str(note)), name=note.stem)
        raise NoSuchTake(f"There is no take {name!r}; /takes/list tells which there are.")

    def _move(self, folder: Path, take: Take, target: Path, name: str) -> None:
        """Bring everything that bears the take's name to `target`, under `name`."""
        old_note = folder / f"{take.name}{NOTE_ENDING}"
        same_note = (folder, take.name.casefold()) == (target, name.casefold())
        make_folder(target)
        if not same_note:
            write_note(target, replace(take, name=name), self._temp_dir)
        try:
            for path in _bearing(folder, take.name):
                if path != old_note:
                    ending = "" if path.is_dir() else path.name[len(take.name) :]
                    path.rename(target / f"{name}{ending}")
            old_note.unlink()
        except OSError as error:
            raise disk_failure("move", folder / take.name, error) from error
        if same_note:  # some systems do not tell case apart, and would have removed the new one
            write_note(target, replace(take, name=name), self._temp_dir)


def _audio(folder: Path, take: Take) -> list[tuple[str, int, Path]]:
    """The files of a take with tap and part. As an encoding ends, the old ones go one after another; the new ones are
    all there by then, and until its note says so."""
    found = list(audio_files(folder, take))
    return max(found, list(audio_files(folder, take, take.encode_to)), key=len) if take.encode_to else found


def _opened(files: Sequence[Path]) -> list[SoundFile]:
    """The files, open. Raises StoreError, and none is."""
    with contextlib.ExitStack() as stack:
        sounds = [stack.enter_context(SoundFile(path)) for path in files]
        stack.pop_all()
        return sounds


def _line(folder: Path, note: Path) -> TakeLine | None:
    """What is told of a take; None where it has another name by now."""
    try:
        return _told(folder, note)
    except (StoreError, OSError):
        pass  # a file went meanwhile, as one does that has been encoded: what is there now is told
    try:
        return _told(folder, note) if note.exists() else None
    except (StoreError, OSError) as error:
        return TakeLine(note.stem, problem=str(error))


def _told(folder: Path, note: Path) -> TakeLine:
    """What is told of a take. Raises StoreError, OSError."""
    take = replace(decode_take(read_file(note), str(note)), name=note.stem)
    files = [path for _, _, path in _audio(folder, take)]
    size_bytes = sum(path.stat().st_size for path in files)
    frames = take.frames if take.complete else _frames_so_far(folder, take)
    doing = f"becomes {take.encode_to}" if take.encode_to else ""
    if not take.complete:
        doing = RECORDED_NOW
    return TakeLine(
        take.name,
        frames / take.rate,
        coding_of(take),
        take.started,
        len(files),
        size_bytes,
        None if take.lufs is None else float(take.lufs),
        take.dropped,
        take.clipped,
        doing,
        "" if files else "its sound is missing",
    )


def _frames_so_far(folder: Path, take: Take) -> int:
    """Of a take that grows: those that its first tap's headers tell of. Raises StoreError."""
    frames = 0
    for tap, _, path in audio_files(folder, take):
        if tap == take.taps[0]:
            with SoundFile(path) as sound:
                frames += sound.format.frames
    return frames


def _refuse_unfinished(take: Take) -> None:
    if not take.complete:
        raise StoreError(f"Take {take.name!r} is being recorded; stop it first.")
    if take.encode_to:
        raise StoreError(f"Take {take.name!r} is being encoded; wait until it is done.")


def _bearing(folder: Path, name: str) -> list[Path]:
    return [path for path in folder.iterdir() if path.name == name or (path.is_file() and path.stem == name)]


def _free(folder: Path, name: str) -> Path:
    return folder / _free_by(name, lambda each: (folder / each).exists())


def _free_name(folder: Path, name: str) -> str:
    return _free_by(name, lambda each: is_taken(folder, each))


def _free_by(name: str, taken: Callable[[str], bool]) -> str:
    return next(each for each in itertools.chain([name], numbered(name)) if not taken(each))


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
