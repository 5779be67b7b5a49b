"""The bytes of a MIDI file, cut into events with great patience.

Files in the wild have chunks that nobody knows, wrong lengths, wrappers, and bytes that rotted. mido gives
up at the first of these and returns nothing; here all that can be told apart is kept, and what could not be
is told. What comes out is small, clean, and safe to hand to mido: notes, programs, tempo, time signatures
and names.
"""

import struct
from collections.abc import Iterator

import msgspec

from store.errors import DamagedFile

LARGEST_BYTES = 4 * 2**20
"""A song of an hour takes a tenth of this."""
TRACKS_READ = 256
EVENTS_KEPT = 100_000
FAULTS_BORNE = 16
"""Bad bytes in one track, after which the rest of it is not believed."""

TEXT_NAME, TEXT_INSTRUMENT, END, TEMPO, SIGNATURE, OWN = 0x03, 0x04, 0x2F, 0x51, 0x58, 0x7F
OWN_MARK = b"\x7dchronus"
"""Begins the sequencer's own event in files made here; 0x7D belongs to no maker."""

DEFAULT_DIVISION = 480

_HEADER_BYTES = 14
_HEADER = b"MThd"
_TRACK = b"MTrk"
_WRAPPER_BYTES = 256
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0, 0xF8: 0, 0xFA: 0, 0xFB: 0, 0xFC: 0, 0xFE: 0}
_KEPT = (0x80, 0x90, 0xC0)


class Event(msgspec.Struct, frozen=True):
    """What happens at `tick`, counted from the track's beginning: one message with its status byte."""

    tick: int
    message: bytes


class RawTrack(msgspec.Struct):
    """One track: its events in order, and the tick at which it ends."""

    events: list[Event] = msgspec.field(default_factory=list)
    end: int = 0


class RawFile(msgspec.Struct):
    """All that could be told apart. `told` says in sentences what could not, or was passed over."""

    kind: int = 1
    division: int = DEFAULT_DIVISION
    tracks: list[RawTrack] = msgspec.field(default_factory=list)
    told: list[str] = msgspec.field(default_factory=list)


def read_chunks(data: bytes, source: str) -> RawFile:
    """The events in a MIDI file's bytes. Raises DamagedFile where `data` is no MIDI file; `source` names it."""
    if len(data) > LARGEST_BYTES:
        raise DamagedFile(f"{source} has {len(data)} bytes; MIDI files up to {LARGEST_BYTES} are read.")
    raw = RawFile()
    kept = EVENTS_KEPT
    unknown = 0
    for number, body in enumerate(_track_bodies(data, _read_header(data, source, raw), raw.told), 1):
        if number > TRACKS_READ:
            raw.told.append(f"Only the first {TRACKS_READ} tracks were read.")
            break
        reader = _TrackReader(body, kept)
        reader.read()
        kept -= len(reader.track.events)
        unknown += reader.passed_over
        raw.tracks.append(reader.track)
        raw.told += [f"Track {number} of the file {problem}" for problem in reader.problems]
    if not raw.tracks:
        raise DamagedFile(f"{source} holds no MIDI track that can be read.")
    if unknown:
        raw.told.append(f"{unknown} events other than notes, tempo and names were left out.")
    return raw


def _read_header(data: bytes, source: str, raw: RawFile) -> int:
    """Read the header into `raw`; where what follows it begins."""
    at = data.find(_HEADER, 0, _WRAPPER_BYTES)
    if at < 0:
        track = data.find(_TRACK, 0, _WRAPPER_BYTES)
        if track < 0:
            raise DamagedFile(f"{source} is no MIDI file: it has no MThd header.")
        raw.told.append(f"The header is damaged; {DEFAULT_DIVISION} ticks a beat were assumed.")
        return track
    if at and data[:4] != b"RIFF":
        raw.told.append(f"{at} bytes before the header were passed over.")
    header = data[at : at + _HEADER_BYTES]
    if len(header) < _HEADER_BYTES:
        raise DamagedFile(f"{source} is damaged: the file ends within its header.")
    size, kind, _, division = struct.unpack(">LHHh", header[4:])
    if kind in (0, 1, 2):
        raw.kind = kind
    else:
        raw.told.append(f"The file calls itself type {kind}, which does not exist; it was read as type 1.")
    if division > 0 or (division < 0 and -(division >> 8) in (24, 25, 29, 30) and division & 0xFF):
        raw.division = division
    else:
        raw.told.append(f"The header has no ticks a beat; {DEFAULT_DIVISION} were assumed.")
    following: int = at + 8 + size
    if following <= len(data) and size >= 6:
        return following
    raw.told.append("The header has a wrong length.")
    return at + _HEADER_BYTES


def _track_bodies(data: bytes, at: int, told: list[str]) -> Iterator[bytes]:
    """The inside of every track, whatever lies between them."""
    skipped = 0
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        body, end = at + 8, at + 8 + size
        if kind == _TRACK:
            if not _chunk_may_begin(data, end):
                following = data.find(_TRACK, body)
                end = following if following >= 0 else min(end, len(data))
                told.append(f"A track's length is wrong; what lies in it from byte {body} was read as it is.")
            yield data[body:end]
            at = end
        elif _is_chunk_name(kind) and end <= len(data):
            skipped += 1
            at = end
        else:
            following = data.find(_TRACK, at + 1)
            end = following if following >= 0 else len(data)
            told.append(f"{end - at} bytes from byte {at} make no sense and were passed over.")
            at = end
    if skipped:
        told.append(f"{skipped} chunks of unknown kinds were passed over.")


def _chunk_may_begin(data: bytes, at: int) -> bool:
    return len(data) - 8 < at <= len(data) or _is_chunk_name(data[at : at + 4])


def _is_chunk_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name)


class _Unreadable(Exception):
    """The bytes from here on cannot be told apart."""


class _TrackReader:
    """Cuts one track into events."""

    def __init__(self, body: bytes, most: int) -> None:
        self.track = RawTrack()
        self.passed_over = 0
        self.problems: list[str] = []
        self._body = body
        self._at = 0
        self._tick = 0
        self._running = 0
        self._most = most
        self._faults = 0

    def read(self) -> None:
        """Fill `track` with what there is, up to its end or to what cannot be read."""
        ended = False
        begun = 0
        try:
            while not ended and self._at < len(self._body):
                begun = self._at
                self._tick += self._number()
                ended = self._event()
            if not ended:
                self.problems.append("has no end; it was ended with its last event.")
        except _Unreadable as reason:
            self.problems.append(f"{reason}; {len(self._body) - begun} bytes of it were lost.")
        if self._faults:
            self.problems.append(f"has {self._faults} damaged events, which were left out.")
        self.track.end = self._tick

    def _event(self) -> bool:
        """Read one event. True where it ends the track."""
        status = self._byte()
        if status < 0x80:
            if not self._running:
                raise _Unreadable("is damaged: it has data that belong to no event")
            self._at -= 1
            status = self._running
        if status == 0xFF:
            return self._meta()
        if status in (0xF0, 0xF7):
            self._bytes(self._number())
            self.passed_over += 1
        elif status >= 0xF0:
            if status not in _SYSTEM_BYTES:
                raise _Unreadable(f"is damaged: it has the unknown event {status:#04x}")
            self._bytes(_SYSTEM_BYTES[status])
            self.passed_over += 1
        else:
            self._running = status
            self._voice(status)
        return False

    def _voice(self, status: int) -> None:
        values = self._bytes(_DATA_BYTES[status & 0xF0])
        if any(value > 0x7F for value in values):
            self._faults += 1  # taken as long as it should be, so that what follows is read right
            if self._faults > FAULTS_BORNE:
                raise _Unreadable("is damaged throughout")
        elif status & 0xF0 in _KEPT:
            self._keep(bytes((status, *values)))
        else:
            self.passed_over += 1

    def _meta(self) -> bool:
        kind = self._byte()
        inside = self._bytes(self._number())
        if kind == END:
            return True
        fits = {
            TEXT_NAME: True,
            TEXT_INSTRUMENT: True,
            TEMPO: len(inside) == 3 and any(inside),
            SIGNATURE: len(inside) >= 2 and inside[0] >= 1 and inside[1] <= 6,
            OWN: inside.startswith(OWN_MARK),
        }
        if not fits.get(kind):
            self.passed_over += 1
            return False
        if kind == SIGNATURE:
            inside = inside[:4] if len(inside) >= 4 else inside[:2] + b"\x18\x08"
        self._keep(b"\xff" + bytes((kind,)) + inside)
        return False

    def _keep(self, message: bytes) -> None:
        if len(self.track.events) >= self._most:
            raise _Unreadable(f"has more than the {EVENTS_KEPT} events that are read of a file")
        self.track.events.append(Event(self._tick, message))

    def _byte(self) -> int:
        if self._at >= len(self._body):
            raise _Unreadable("ends within an event")
        self._at += 1
        return self._body[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._body):
            raise _Unreadable("ends within an event")
        found = self._body[self._at : end]
        self._at = end
        return found

    def _number(self) -> int:
        """A number of up to four bytes, seven bits in each."""
        value = 0
        for _ in range(4):
            byte = self._byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise _Unreadable("is damaged: it has a number that does not end")
