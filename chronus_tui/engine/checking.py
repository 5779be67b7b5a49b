"""What is wrong with recordings: with a file, a take, or all that lies in a folder.

The parts of a take are looked at as the one sound that they are, so that nothing is told of where it was cut.
"""

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from chronus_tui.engine.recording.taps import is_stem
from chronus_tui.engine.takes_named import find_take
from chronus_tui.verdict import SHORT
from dsp.inspect import Fault, Inspection, Inspector
from store.cut_short import frames_told
from store.documents import Take
from store.errors import NoSuchTake, StoreError
from store.sound_files import ENDINGS, SoundFile, SoundFormat
from store.takes.files import NOTE_ENDING, audio_files, audio_path

PIECE_FRAMES = 1 << 17


class Recording(NamedTuple):
    """What is looked at as one sound.

    name   of the file, or the tap
    files  that hold it, one after another
    stem   whether it is one of several that sound together: each of them may pause, or lie on one side
    noted  how many frames each of the files is to hold; none where nobody knows
    """

    name: str
    files: list[Path]
    stem: bool = False
    noted: tuple[int, ...] = ()


class Checked(NamedTuple):
    """What was found in a recording, what its files are, and the frames of each."""

    recording: Recording
    found: Inspection
    sound: SoundFormat
    lengths: list[int]

    def place(self, frame: int) -> tuple[Path, int]:
        """The file in which that frame lies, and the frame of it."""
        starts = [0, *accumulate(self.lengths)][: len(self.lengths)]
        number = max(each for each, start in enumerate(starts) if start <= frame)
        return self.recording.files[number], frame - starts[number]


class Folder(NamedTuple):
    """What is to be looked at together: a take, or all that lies in a folder."""

    path: Path
    recordings: list[Recording]


def nobody_asks(frames: int) -> None:
    """Tell nobody how far it is."""


def recordings_of(project: Path, named: str) -> Recording | Folder:
    """What a person means: the path of a file, of a folder, or what `find_take` takes for a take's name.

    The sound file of a take is looked at alone, its folder and its name mean all of the take. Raises StoreError.
    """
    path = Path(named)
    if path.is_file() and path.suffix.lower() != NOTE_ENDING:
        return Recording(path.name, [path])
    try:
        return of_take(*find_take(project, named))
    except NoSuchTake:
        if path.is_dir():
            return _in_folder(path)
        if len(path.parts) > 1 or path.suffix.lower() in ENDINGS:
            return Recording(path.name, [path])  # reading it tells why it cannot be read
        raise


def of_take(folder: Path, take: Take) -> Folder:
    """The taps of a take that lies in `folder`, each of all its parts, those that are missing too. Raises StoreError
    where there is no sound."""
    files = list(audio_files(folder, take))
    if not files:
        raise StoreError(f"The sound of take {take.name!r} is missing; its note is in {folder}.")
    noted = (take.parts if take.split else (take.frames,)) if take.complete else ()
    if noted:
        parts = range(1, len(noted) + 1)
        taps = [
            Recording(tap, [audio_path(folder, take, tap, part) for part in parts], is_stem(tap), noted)
            for tap in take.taps
        ]
    else:
        found = {tap: [path for each, _, path in files if each == tap] for tap, _, _ in files}
        taps = [Recording(tap, paths, is_stem(tap)) for tap, paths in found.items()]
    return Folder(folder / take.name if take.in_folder else taps[0].files[0], taps)


def check_recording(recording: Recording, progress: Callable[[int], None] = nobody_asks) -> Checked:
    """Look for what is wrong with the sound, and whether all of it is there.

    progress  hears again and again how many frames more were looked at

    Raises StoreError where a file cannot be read, or its sound cannot be that of the one before it gone on.
    """
    lengths: list[int] = []
    short: list[tuple[int, int, str]] = []
    inspector: Inspector | None = None
    sound: SoundFormat | None = None
    gone = {path for path in recording.files if not path.exists()}
    for path, noted in zip(recording.files, recording.noted or [0] * len(recording.files), strict=True):
        if path in gone and len(gone) < len(recording.files):
            short.append((sum(lengths), noted, f"{path.name} is gone"))
            lengths.append(0)
            continue
        with SoundFile(path) as file:
            if sound is None or inspector is None:
                sound = file.format
                inspector = Inspector(sound.rate, sound.channels, recording.stem)
            elif (sound.rate, sound.channels) != (file.format.rate, file.format.channels):
                raise StoreError(f"Could not check {path}: it is no part of the take, for it has another rate.")
            before = inspector.frames
            for piece in file.pieces(PIECE_FRAMES):
                inspector.feed(piece)
                progress(len(piece))
            lengths.append(inspector.frames - before)
        told = max(noted, frames_told(path, lengths[-1]))
        if lengths[-1] < told:
            short.append((inspector.frames, told - lengths[-1], f"{path.name} is cut short"))
    if inspector is None or sound is None or not inspector.frames:
        raise StoreError(f"Could not check {recording.files[0]}: it holds no sound, not a single frame.")
    found = inspector.finish()
    faults = [*found.faults, *(_shortage(frame, missing / sound.rate, what) for frame, missing, what in short)]
    faults.sort(key=lambda fault: fault.start_frame)
    return Checked(recording, found._replace(faults=tuple(faults)), sound, lengths)


def _shortage(frame: int, missing_s: float, what: str) -> Fault:
    """The fault that so much is missing before a frame of what is there."""
    detail = f"{what}, {missing_s:.3f} s are missing"
    return Fault(SHORT, max(frame - 1, 0), 1, None, 0.99, detail)  # type: ignore[arg-type]  # of no detector's kinds


def where(channel: int | None, channels: int) -> str:
    """Which of so many channels is meant, in words: empty where there is one only, None for all of them."""
    if channels == 1:
        return ""
    if channel is None:
        return "both" if channels == 2 else "all"
    return ("left", "right")[channel] if channels == 2 else f"channel {channel + 1}"


def _in_folder(folder: Path) -> Folder:
    """Every sound file that lies in a folder, itself and not further down. Raises StoreError where there is none."""
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file() and path.name[0] != "."
    )
    if not files:
        raise StoreError(f"There is no sound file in {folder}; name one, a folder of them, or a take.")
    lengths = {_length(path) for path in files}
    stems = len(files) > 1 and len(lengths) == 1
    return Folder(folder, [Recording(path.name, [path], stems) for path in files])


def _length(path: Path) -> tuple[int, int] | None:
    """Rate and frames of a file, None where it cannot be read, which is told when it is looked at."""
    try:
        with SoundFile(path) as sound:
            return sound.format.rate, sound.format.frames
    except StoreError:
        return None
