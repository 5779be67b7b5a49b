"""Takes that a crash cut off, finished at the next start."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from store.codec import decode_take
from store.documents import Take
from store.errors import DamagedFile, StoreError
from store.files import read_file
from store.takes.encoding import PARTIAL_SUFFIX, claimed
from store.takes.files import NOTE_ENDING, about, all_paths, audio_files, audio_path, coding_of, cues, write_note
from store.takes.played import NOTES_ENDING, finish_notes
from store.takes.reserve import RESERVE_SUFFIX
from store.takes.rest import Rest, add_rest
from store.wav.writer import WavWriter


def repair_unfinished(
    recordings: Path,
    temp_dir: Path,
    on_problem: Callable[[StoreError], None],
    rest_of: Callable[[Path, Take], Rest | None] = lambda recordings, take: None,
    is_anothers: Callable[[Path, Take], bool] = lambda recordings, take: False,
) -> list[str]:
    """Finish the takes that a crash cut off, and tell their names.

    rest_of      tells what is remembered of a take in that folder, where anything outlived its engine
    is_anothers  tells whether a take is that of another project, which records to the same folder

    Each keeps all the whole frames that its files hold, and is given what is remembered.

    What cannot be finished is told to `on_problem` and
    left as it is. The caller holds the project's lock, so that no take of it is under way.
    """
    repaired, left_alone = [], set[str]()
    for note in sorted(recordings.glob(f"*{NOTE_ENDING}")):
        try:
            take = replace(decode_take(read_file(note), str(note)), name=note.stem)
            if not take.complete and is_anothers(recordings, take):
                left_alone.add(f"{take.name}{RESERVE_SUFFIX}")
            elif not take.complete:
                _repair(recordings, take, temp_dir, on_problem, rest_of(recordings, take))
                repaired.append(note.stem)
            else:
                with contextlib.suppress(DamagedFile):  # that was told when it was found
                    finish_notes(recordings, take, temp_dir)  # the disk may have been full when the take ended
        except StoreError as problem:
            on_problem(problem)
    # Where takes lie on another disk than the project.
    reserves = [path for path in recordings.glob(f"*{RESERVE_SUFFIX}") if path.name not in left_alone]
    orphans = (path for path in recordings.glob(f"*{NOTES_ENDING}") if not path.with_suffix(NOTE_ENDING).exists())
    for left in (*reserves, *orphans):
        with contextlib.suppress(OSError):
            left.unlink()
    return repaired


def left_to_finish(recordings: Path) -> list[Take]:
    """The takes that were to become another format and are not yet, and those whose loudness nobody measured, since a
    crash cut them off.

    Removes what an encoding that was cut off left, unless another engine encodes to that folder now. Notes that cannot
    be read are passed over: `repair_unfinished` tells of them.
    """
    takes = []
    for note in sorted(recordings.glob(f"*{NOTE_ENDING}")):
        with contextlib.suppress(StoreError):
            take = replace(decode_take(read_file(note), str(note)), name=note.stem)
            if take.complete and (take.encode_to or _lacks_loudness(recordings, take)):
                takes.append(take)
    partial = [*recordings.glob(f"*{PARTIAL_SUFFIX}"), *recordings.glob(f"*/*{PARTIAL_SUFFIX}")]
    if partial and all(_is_free(recordings, take) for take in takes):
        for left in partial:
            with contextlib.suppress(OSError):
                left.unlink()
    return takes


def _is_free(recordings: Path, take: Take) -> bool:
    """Whether no other engine makes another format of a take."""
    with claimed(all_paths(recordings, take)[0]) as ours:
        return ours


def _lacks_loudness(recordings: Path, take: Take) -> bool:
    return take.true_peak is None and take.frames > 0 and any(audio_files(recordings, take))


def _repair(
    recordings: Path, take: Take, temp_dir: Path, on_problem: Callable[[StoreError], None], rest: Rest | None
) -> None:
    if rest is not None:
        take = add_rest(recordings, take, rest)
    wav = f"wav{take.bits}"
    frames_of: dict[int, list[int]] = {1: [_frames(take, audio_path(recordings, take, take.taps[0], 1, wav))]}
    for _, part, path in audio_files(recordings, take, wav):
        frames_of.setdefault(part, []).append(_frames(take, path))
    parts: list[int] = []
    for part in sorted(frames_of):
        frames = min(frames_of[part])
        first = sum(parts)
        for tap in take.taps:
            path = audio_path(recordings, take, tap, part, wav)
            if frames == 0 and part > 1:  # the crash came between opening the parts and filling them
                with contextlib.suppress(OSError):
                    path.unlink()
            elif path.is_file():
                _finish(take, path, first, frames)
        if frames or part == 1:
            parts.append(frames)
    frames = sum(parts)
    finished = replace(
        take,
        frames=frames,
        parts=tuple(parts) if take.split else (),
        coding=coding_of(take),
        events=tuple(event for event in take.events if event.frame <= frames),
        complete=True,
    )
    try:
        finish_notes(recordings, finished, temp_dir, () if rest is None else rest.notes())
    except StoreError as problem:  # the sound is worth more than its notes
        on_problem(problem)
    write_note(recordings, finished, temp_dir)


def _frames(take: Take, path: Path) -> int:
    """How many whole frames a file holds; its header tells of all of them afterwards."""
    with WavWriter(path, take.rate, take.channels, take.bits, resume=True) as audio:
        return audio.frames


def _finish(take: Take, path: Path, first: int, frames: int) -> None:
    audio = WavWriter(path, take.rate, take.channels, take.bits, resume=True)
    audio.shorten(frames)
    audio.close(cues(take, first, frames), about(take, first, frames))
