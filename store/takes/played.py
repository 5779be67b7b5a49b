"""The notes of a take as they were played: a file that grows beside it, and the MIDI file that is made of it.

    recordings/NAME.notes    while the take runs: the tracks, then a record for each note; one that ended otherwise than
                             was planned has another, with the same beginning, behind it
    recordings/NAME.mid      made of it when the take ends, or when a take that was cut off is repaired

In the MIDI file a tick is a place in the take: the tempo changes where the take's note says that it did. A tempo is
written in whole microseconds a beat, and ticks are counted in those, so nothing drifts.
"""

import contextlib
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from store.atomic import write_atomically
from store.documents import Take, Track
from store.errors import DamagedFile
from store.files import read_file
from store.frames import bodies, framed
from store.growing import GrowingFile
from store.midi.drums import PROGRAMS, channels, key_shift
from store.midi.score import OVERLAP, TICKS_PER_BEAT, VELOCITY_MAX, tempo_of

NOTES_ENDING = ".notes"
MIDI_ENDING = ".mid"
MOST_BYTES = 2**30
_RECORD = struct.Struct("<qqBBff")
_RELEASE = 64


class PlayedNote(msgspec.Struct, frozen=True):
    """A note that was struck on `frame` and heard until `end`, as far as was known when that was told.

    track  from 0
    note   as the instrument plays it, 60 is its natural height
    slide  it glided there from the note before
    """

    frame: int
    end: int
    track: int
    note: float
    velocity: float
    slide: bool


class PlayedFile:
    """The notes of a running take. Used by one thread.

    tracks  those that there are when the take begins

    Raises StoreError where the disk refuses.
    """

    def __init__(self, folder: Path, take: str, tracks: Sequence[Track]) -> None:
        self._file = GrowingFile(folder / f"{take}{NOTES_ENDING}")
        self._file.add(framed(msgspec.json.encode(list(tracks))))

    def add(self, notes: Iterable[PlayedNote]) -> None:
        """Write down notes, their frames those of the take."""
        packed = b"".join(
            _RECORD.pack(note.frame, note.end, note.track, note.slide, note.note, note.velocity) for note in notes
        )
        if packed:
            self._file.add(framed(packed))

    def save_from_loss(self) -> None:
        """Put the file back where its name was taken away. Raises StoreError."""
        self._file.save_from_loss()

    def move(self, folder: Path, take: str) -> None:
        """Go on beside the take under another name. Raises StoreError."""
        self._file.move(folder / f"{take}{NOTES_ENDING}")

    def close(self) -> None:
        """No more of it."""
        self._file.close()


def finish_notes(folder: Path, take: Take, temp_dir: Path, more: Sequence[PlayedNote] = ()) -> None:
    """Make the MIDI file of a take of the notes beside it, as far as they are known.

    more  that were told later, or told again

    Raises DamagedFile, StoreError; the notes are left then.
    """
    path = folder / f"{take.name}{NOTES_ENDING}"
    if not path.is_file():
        return
    tracks, notes = _read(path)
    known = {(note.frame, note.track, note.note): note for note in (*notes, *more)}
    write_atomically(folder / f"{take.name}{MIDI_ENDING}", midi_of(take, tracks, known.values()), temp_dir)
    with contextlib.suppress(OSError):
        path.unlink()


def _read(path: Path) -> tuple[list[Track], list[PlayedNote]]:
    """The tracks, and the notes as they were told: what is told later of one counts."""
    records = bodies(read_file(path, most_bytes=MOST_BYTES))
    try:
        tracks = msgspec.json.decode(next(records, b"[]"), type=list[Track])
        notes = [
            PlayedNote(frame, end, track, note, velocity, bool(slide))
            for body in records
            for frame, end, track, slide, note, velocity in _RECORD.iter_unpack(body)
        ]
    except (msgspec.DecodeError, struct.error) as error:
        raise DamagedFile(f"{path} holds no notes that can be read: {error}.") from error
    return tracks, notes


class _Tempos:
    """Which tick lies where in the take, by its tempos: the frame of each, and its microseconds a beat."""

    def __init__(self, take: Take) -> None:
        changes = {0: tempo_of(take.bpm)}
        for event in take.events:
            if event.bpm is not None and event.frame < take.frames:
                changes[event.frame] = tempo_of(event.bpm)
        self._rate = take.rate
        self._frames = sorted(changes)
        self._tempos = [changes[frame] for frame in self._frames]
        self._ticks = [0.0]
        for index in range(1, len(self._frames)):
            self._ticks.append(self._exact(self._frames[index], index - 1))

    def changes(self) -> Iterator[tuple[int, int]]:
        """Tick and microseconds a beat of each tempo."""
        before = 0
        for frame, tempo in zip(self._frames, self._tempos, strict=True):
            if tempo != before:
                yield self.tick(frame), tempo
                before = tempo

    def tick(self, frame: int) -> int:
        """The tick that is nearest to a frame."""
        return round(self._exact(frame, bisect_right(self._frames, frame) - 1))

    def _exact(self, frame: int, index: int) -> float:
        beats = (frame - self._frames[index]) / self._rate * 1e6 / self._tempos[index]
        return self._ticks[index] + beats * TICKS_PER_BEAT


def midi_of(take: Take, tracks: Sequence[Track], notes: Iterable[PlayedNote]) -> bytes:
    """A MIDI file of type 1 at 960 ticks a beat: the tempos, then a track and a channel for each track of the take,
    drums on channel 10.

    notes  by their frames in the take; what lies outside of it is left out, and what goes on beyond it is cut off
    """
    tempos = _Tempos(take)
    end = tempos.tick(take.frames)
    played: dict[int, list[PlayedNote]] = {place: [] for place in range(len(tracks))}
    for note in notes:
        if 0 <= note.frame < take.frames:
            played.setdefault(note.track, []).append(note)
    first = [(0, _meta(0x03, take.name.encode()))]
    first += [(tick, _meta(0x51, tempo.to_bytes(3, "big"))) for tick, tempo in tempos.changes()]
    chunks = [_chunk(first, end)]
    places = sorted(played)
    known = [tracks[place] if place < len(tracks) else Track(f"track {place + 1}", "") for place in places]
    for place, track, channel in zip(places, known, channels(known), strict=True):
        timed = [(0, _meta(0x03, track.name.encode())), (0, _meta(0x04, track.instrument.encode()))]
        if track.instrument in PROGRAMS:
            timed.append((0, bytes((0xC0 | channel, PROGRAMS[track.instrument]))))
        timed += _played(played[place], channel, key_shift(track), tempos, take.frames)
        chunks.append(_chunk(timed, end))
    return b"MThd" + struct.pack(">LHHH", 6, 1, len(chunks), TICKS_PER_BEAT) + b"".join(chunks)


def _played(
    notes: list[PlayedNote], channel: int, shift: float, tempos: _Tempos, frames: int
) -> list[tuple[int, bytes]]:
    """Where each key goes down and comes up. A key that is struck again while it is down comes up first; one that is
    left by a slide comes up a little later."""
    spans: list[tuple[int, int, int, int]] = []
    last: dict[int, int] = {}
    slides = {note.frame for note in notes if note.slide}
    for note in sorted(notes, key=lambda each: each.frame):
        key = min(max(round(note.note + shift), 0), 127)
        begin, end = tempos.tick(note.frame), max(tempos.tick(min(note.end, frames)), tempos.tick(note.frame) + 1)
        if note.end in slides:
            end += OVERLAP
        if key in last and spans[last[key]][1] > begin:
            before = spans[last[key]]
            spans[last[key]] = (before[0], max(begin, before[0] + 1), *before[2:])
        last[key] = len(spans)
        spans.append((begin, end, key, min(max(round(note.velocity * VELOCITY_MAX), 1), VELOCITY_MAX)))
    timed: list[tuple[int, int, bytes]] = []
    for begin, end, key, velocity in spans:
        timed.append((begin, 1, bytes((0x90 | channel, key, velocity))))
        timed.append((end, 0, bytes((0x80 | channel, key, _RELEASE))))
    return [(tick, message) for tick, _, message in sorted(timed)]


def _meta(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + _length(len(body)) + body


def _length(number: int) -> bytes:
    """A number as MIDI writes it: seven bits a byte, the first ones with the eighth set."""
    out = bytes((number & 0x7F,))
    while number := number >> 7:
        out = bytes((number & 0x7F | 0x80,)) + out
    return out


def _chunk(timed: Iterable[tuple[int, bytes]], end: int) -> bytes:
    body, now = bytearray(), 0
    for tick, message in timed:
        body += _length(tick - now) + message
        now = tick
    body += _length(max(0, end - now)) + _meta(0x2F, b"")
    return b"MTrk" + struct.pack(">L", len(body)) + bytes(body)
