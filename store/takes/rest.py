"""The end of a take that a crash cut off, where it outlived the engine: added to the take's files before they are
finished.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec.structs import replace

from store.documents import Take, TakeEvent
from store.sound_files import SoundFile
from store.takes.files import about, audio_files, audio_path
from store.takes.played import PlayedNote
from store.wav.samples import Frames
from store.wav.writer import WavWriter

COMPARED = 4800
"""Frames at the end of the files that must be the same as what is remembered of them."""


class Rest(Protocol):
    """What is remembered of a take, place by place, its lost frames left out.

    part_frames  after so many it goes on in another file, 0 for never
    """

    part_frames: int

    def held(self, place: int, count: int) -> Sequence[Frames] | None:
        """`count` frames from a place on, (count, channels) float32 for each tap; None where not all are there."""

    def after(self, place: int) -> Iterator[int | Sequence[Frames]]:
        """What is to follow the frames before a place: frames of each tap, or how many were lost in between."""

    def events(self) -> Sequence[TakeEvent]:
        """What happened in the take, as far as it is remembered."""

    def notes(self) -> Sequence[PlayedNote]:
        """What was played in it, by its frames, as far as it is remembered."""

    def complete_performance(self, place: int) -> int:
        """Write what the sound was told, and the performance beside the take does not tell; up to which place of the
        take that is known then.

        place  up to which it is known anyway
        """


def add_rest(recordings: Path, take: Take, rest: Rest) -> Take:
    """Add what is remembered of an unfinished take to its files, and to what is told of it. As it was, where the ends
    of the files are not what is remembered of them: then it is another take.

    Raises StoreError where the disk refuses; what fitted is there, and the next start may go on.
    """
    coding = f"wav{take.bits}"
    files: dict[int, list[Path]] = {}
    for _, part, path in audio_files(recordings, take, coding):
        files.setdefault(part, []).append(path)
    if not files:
        return take
    lengths = {part: min(_frames(take, path) for path in paths) for part, paths in files.items()}
    part, place = max(lengths), sum(lengths.values())
    if not _is_of(take, files[part], lengths[part], place, rest):
        return take
    known = rest.complete_performance(place)
    end, dropped = _write(recordings, take, rest, part, lengths[part], place)
    take = replace(take, replayable=known if known < end else None)
    return _with_events(take, [*rest.events(), *dropped])


def _is_of(take: Take, paths: list[Path], frames: int, place: int, rest: Rest) -> bool:
    """Whether the last frames of the files are what is remembered, as far as it is."""
    if len(paths) != len(take.taps):
        return frames == 0  # the crash came while they were opened, or somebody removed one
    count = min(frames, COMPARED)
    remembered = rest.held(place - count, count) if count else None
    if remembered is None:
        return True
    # Rounding, and the dither of 16 bits.
    most = 2.0 / 2 ** (min(take.bits, 24) - 1)
    for path, ours in zip(paths, remembered, strict=True):
        with SoundFile(path) as sound:
            sound.go_to(frames - count)
            theirs = next(sound.pieces(count, count), ours[:0])
        ours = ours if take.bits == 32 else np.clip(ours, -1.0, 1.0)
        if len(theirs) != count or np.abs(theirs - ours).max() > most:
            return False
    return True


def _write(recordings: Path, take: Take, rest: Rest, part: int, frames: int, place: int) -> tuple[int, list[TakeEvent]]:
    """Write what follows, in further parts where that is due; where the take ends now, and what was lost in between."""
    dropped: list[TakeEvent] = []
    writers = _open(recordings, take, part, frames, place - frames)
    try:
        for piece in rest.after(place):
            if isinstance(piece, int):
                dropped.append(TakeEvent(place, "dropped", count=piece))
                continue
            at = 0
            while at < len(piece[0]):
                room = rest.part_frames - writers[0].frames if rest.part_frames else len(piece[0])
                if room <= 0:
                    _close(writers)
                    part += 1
                    writers = _open(recordings, take, part, 0, place)
                    continue
                for writer, tap in zip(writers, piece, strict=True):
                    writer.write(tap[at : at + room])
                place += min(room, len(piece[0]) - at)
                at += room
    finally:
        _close(writers)
    return place, dropped


def _open(recordings: Path, take: Take, part: int, frames: int, first: int) -> list[WavWriter]:
    """The files of a part that holds `frames` frames by now and begins with the take's frame `first`."""
    writers = []
    for tap in take.taps:
        path = audio_path(recordings, take, tap, part, f"wav{take.bits}")
        told = about(take, first)
        writer = WavWriter(path, take.rate, take.channels, take.bits, resume=path.is_file(), about=told)
        writer.shorten(frames)
        writers.append(writer)
    return writers


def _close(writers: list[WavWriter]) -> None:
    for writer in writers:
        writer.close()


def _frames(take: Take, path: Path) -> int:
    with WavWriter(path, take.rate, take.channels, take.bits, resume=True) as audio:
        return audio.frames


def _with_events(take: Take, events: Sequence[TakeEvent]) -> Take:
    """The take with those events that its note does not tell yet, in the order of their frames."""
    told = Counter(map(_key, take.events))
    new = []
    for event in events:
        if told[_key(event)]:
            told[_key(event)] -= 1
        else:
            new.append(event)
    counts = Counter({what: sum(event.count for event in new if event.what == what) for what in ("dropped", "xrun")})
    return replace(
        take,
        events=tuple(sorted((*take.events, *new), key=lambda event: event.frame)),
        dropped=take.dropped + counts["dropped"],
        xruns=take.xruns + counts["xrun"],
    )


def _key(event: TakeEvent) -> tuple[object, ...]:
    return event.frame, event.what, event.name, event.slot, event.bank, event.count
