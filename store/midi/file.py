"""Between MIDI files and songs: mido reads and writes the bytes, `chunks` makes sure that it can.

mido reports what it does not like with exceptions of many kinds, and takes names for Latin-1; none of that
leaves this file. It gives a division by SMPTE time as a negative number.
"""

import io
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import mido
import msgspec
from mido.midifiles.meta import encode_variable_int

from store.codec import decode_pattern, encode_pattern
from store.documents import Pattern
from store.errors import DamagedFile, StoreError
from store.midi.chunks import OWN_MARK, RawFile, RawTrack, read_chunks
from store.midi.drums import PROGRAMS, channels
from store.midi.score import (
    MICROSECONDS,
    TICKS_PER_BEAT,
    TICKS_PER_STEP,
    Note,
    Performance,
    notes_of,
    steps_played,
    tempo_of,
)
from store.midi.song import DEFAULT_TEMPO, Song, SongTrack, as_mido, as_text

_NTSC = {29: 30_000 / 1_001}
"""Frames a second that a header calls 29."""


def write_song(pattern: Pattern, performance: Performance) -> bytes:
    """The bytes of a MIDI file of type 1 that plays `pattern`. Raises StoreError."""
    end = steps_played(pattern, performance) * TICKS_PER_STEP
    first = [
        (0, mido.MetaMessage("track_name", name=as_mido(pattern.name))),
        (0, mido.MetaMessage("set_tempo", tempo=tempo_of(pattern.bpm))),
        (0, mido.MetaMessage("time_signature", numerator=pattern.beats_per_bar, denominator=4)),
        (0, mido.MetaMessage("sequencer_specific", data=tuple(OWN_MARK + _compact(pattern)))),
    ]
    tracks = [_track(first, end)]
    for place, (track, channel) in enumerate(zip(pattern.tracks, channels(pattern.tracks), strict=True)):
        timed: list[tuple[int, Any]] = [
            (0, mido.MetaMessage("track_name", name=as_mido(track.name))),
            (0, mido.MetaMessage("instrument_name", name=as_mido(track.instrument))),
        ]
        if track.instrument in PROGRAMS:
            timed.append((0, mido.Message("program_change", channel=channel, program=PROGRAMS[track.instrument])))
        # What ends on a tick stands before what begins on it, or it would end that.
        ends = [(note.tick + note.length, 0, note) for note in notes_of(pattern, place, performance)]
        begins = [(note.tick, 1, note) for _, _, note in ends]
        for tick, begun, note in sorted(ends + begins):
            kind = "note_on" if begun else "note_off"
            velocity = note.velocity if begun else 64
            timed.append((tick, mido.Message(kind, channel=channel, note=note.key, velocity=velocity)))
        tracks.append(_track(timed, end))
    out = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, tracks=tracks).save(file=out)
    return out.getvalue()


def _track(timed: Iterable[tuple[int, Any]], end: int) -> Any:
    track, now = mido.MidiTrack(), 0
    for tick, message in (*timed, (end, mido.MetaMessage("end_of_track"))):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def _compact(pattern: Pattern) -> bytes:
    return msgspec.json.format(encode_pattern(pattern), indent=-1)


def read_songs(data: bytes, source: str) -> tuple[list[Song], list[str]]:
    """The songs in a MIDI file, and what could not be taken of it. A file of type 2 has as many as it has tracks.

    Raises DamagedFile where it is no MIDI file, or nothing can be saved; `source` is the name errors give it.
    """
    raw = read_chunks(data, source)
    try:
        file = mido.MidiFile(file=io.BytesIO(_clean(raw)))
    except (OSError, EOFError, ValueError, TypeError, LookupError) as error:
        raise DamagedFile(f"{source} cannot be read as MIDI: {error}.") from error
    together = [[track] for track in zip(file.tracks, raw.tracks, strict=True)]
    if raw.kind != 2:
        together = [[track for part in together for track in part]]
    return [_song(tracks, file.ticks_per_beat) for tracks in together], raw.told


def _clean(raw: RawFile) -> bytes:
    """A file of what was told apart, that has nothing in it but what mido can read."""
    kind = 1 if raw.kind == 0 and len(raw.tracks) > 1 else raw.kind
    parts = [b"MThd" + struct.pack(">LHHh", 6, kind, len(raw.tracks), raw.division)]
    for track in raw.tracks:
        body = bytearray()
        now = 0
        for event in track.events:
            body += bytes(encode_variable_int(event.tick - now))
            if event.message[0] == 0xFF:
                inside = event.message[2:]
                body += event.message[:2] + bytes(encode_variable_int(len(inside))) + inside
            else:
                body += event.message
            now = event.tick
        parts.append(b"MTrk" + struct.pack(">L", len(body)) + body)
    return b"".join(parts)


def _song(tracks: Sequence[tuple[Any, RawTrack]], division: int) -> Song:
    song = Song(end=max(raw.end for _, raw in tracks))
    faults: Counter[str] = Counter()
    for index, (messages, raw) in enumerate(tracks):
        _take_track(song, messages, raw.end, index == 0, faults)
    song.tempos.sort(key=lambda tempo: tempo[0])
    song.signatures.sort(key=lambda signature: signature[0])
    song.step_ticks = division / 4
    if division < 0:
        # The low byte of the division counts the ticks of a frame, the high one the frames of a second.
        frames = -(division >> 8)
        # Time does not follow the tempo here, so one tempo, that a pattern can have, says what a step is.
        tempo = tempo_of(MICROSECONDS / song.tempos[0][1]) if song.tempos else DEFAULT_TEMPO
        song.step_ticks = _NTSC.get(frames, frames) * (division & 0xFF) * tempo / 1e6 / 4
    song.told += [f"{count} {what}" for what, count in faults.items()]
    return song


def _take_track(song: Song, messages: Any, end: int, first: bool, faults: Counter[str]) -> None:
    """Add one track of the file to the song: a track for every channel that it plays on."""
    name = instrument = ""
    channels: dict[int, list[Note]] = {}
    programs: dict[int, int] = {}
    open_notes: dict[tuple[int, int], tuple[int, int]] = {}
    tick = 0

    def close(channel: int, key: int, at: int) -> bool:
        begun = open_notes.pop((channel, key), None)
        if begun is None:
            return False
        channels.setdefault(channel, []).append(Note(begun[0], key, max(at - begun[0], 1), begun[1]))
        return True

    for message in messages:
        tick += message.time
        match message.type:
            case "note_on" if message.velocity > 0:
                if close(message.channel, message.note, tick):
                    faults["notes began while the same note still sounded; the earlier ones end there."] += 1
                open_notes[message.channel, message.note] = (tick, message.velocity)
            case "note_on" | "note_off":
                if not close(message.channel, message.note, tick):
                    faults["ends of notes that had not begun were left out."] += 1
            case "program_change":
                programs.setdefault(message.channel, message.program)
            case "set_tempo":
                song.tempos.append((tick, message.tempo))
            case "time_signature":
                _take_signature(song, tick, message.numerator, message.denominator)
            case "track_name":
                name = name or as_text(message.name)
            case "instrument_name":
                instrument = instrument or as_text(message.name)
            case "sequencer_specific" if song.document is None:
                song.document = _own_document(bytes(message.data), song)
    for channel, key in list(open_notes):
        close(channel, key, end)
        faults["notes never ended; they end with their track."] += 1
    if first and (not channels or len(channels) > 1):
        song.name = name
    for channel, notes in sorted(channels.items()):
        called = f"{name} {channel + 1}".strip() if len(channels) > 1 else name
        song.tracks.append(SongTrack(called, instrument, channel, programs.get(channel), sorted(notes)))


def _take_signature(song: Song, tick: int, numerator: int, denominator: int) -> None:
    quarters = 4 * numerator / denominator
    beats = min(max(round(quarters), 1), 16)
    if beats != quarters:
        song.told.append(
            f"A bar of {numerator}/{denominator} has no whole number of beats from 1 to 16; {beats} were taken."
        )
    song.signatures.append((tick, beats))


def _own_document(data: bytes, song: Song) -> Pattern | None:
    try:
        return decode_pattern(data[len(OWN_MARK) :], "The pattern in the file")
    except StoreError as error:
        song.told.append(str(error))
        return None
