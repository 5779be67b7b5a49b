"""Standard MIDI files: a pattern out, patterns in.

What a file made here says of its pattern goes both ways. The notes are what any program plays: swing to the
tick, gates, ties, and slides as notes that overlap a little. What MIDI has no words for (instruments,
settings, accents, a track's own length) goes with them as an event that other programs pass over. When such
a file comes back, every track whose notes are as they were is what it was; of a track that was changed, the
notes count. A file from elsewhere is put on the grid of steps as well as it goes, and what could not be taken
is told in sentences.

Not kept of a file from elsewhere: the lengths of single notes below a step, controllers, changes of tempo within a
pattern.

Calls read and write no files themselves, and belong off the control thread: a large file takes a while.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from store.documents import Number, Pattern, Track
from store.errors import DamagedFile
from store.limits import SLOTS, STEPS_MAX, TRACKS_MAX
from store.midi.drums import BASS, BASSES, DRUM_CHANNEL, KEYS, MELODIC, PROGRAMS, drum_of, key_shift
from store.midi.score import ONCE, TICKS_PER_STEP, Note, Performance, notes_of, steps_played, tempo_of
from store.midi.song import DEFAULT_TEMPO, Song, SongTrack, as_read
from store.midi.steps import Faults, Line, Part, bpm_named, line_of, plain_name, swing_of, track_of

PATTERNS_MAX = SLOTS
"""A longer song does not fit into a bank."""

NAMES_TOLD = 8
DEFAULT_BEATS = 4
_DRUM_NOTE = 60


class Imported(msgspec.Struct, frozen=True):
    """What a MIDI file holds: one pattern or, of a long file, several in their order, and what could not be
    taken, in sentences."""

    patterns: tuple[Pattern, ...]
    told: tuple[str, ...]


def export_midi(pattern: Pattern, performance: Performance = ONCE) -> bytes:
    """A MIDI file of type 1 at 960 ticks a beat, that plays `pattern` in whole bars until its longest track
    has been heard once, or as often as `performance` says: a channel for each track, drums on channel 10.

    Muted tracks are in it. Raises StoreError where the pattern cannot be written.
    """
    from store.midi.file import write_song  # mido takes long to import, and few who may use it ever do

    return write_song(pattern, performance)


def import_midi(data: bytes, name: str, source: str) -> Imported:
    """The patterns in a MIDI file's bytes.

    name    for patterns whose file gives them none
    source  the path that errors name

    Raises DamagedFile where it is no MIDI file, or where nothing in it can be saved.
    """
    from store.midi.file import read_songs  # as above

    songs, told = read_songs(data, source)
    patterns: list[Pattern] = []
    for song in songs:
        made, problems = _Arranger(song, name).arrange(PATTERNS_MAX - len(patterns))
        patterns += made
        told += problems
    if not patterns:
        raise DamagedFile(f"{source} holds no notes that can be read.")
    if len(patterns) > 1:
        width = len(str(len(patterns)))
        patterns = [
            replace(pattern, name=f"{pattern.name} {number:0{width}}") for number, pattern in enumerate(patterns, 1)
        ]
    return Imported(tuple(patterns), tuple(dict.fromkeys(told)))


class _Stretch(msgspec.Struct, frozen=True):
    """What becomes one pattern: steps of the song from `first` on."""

    first: int
    length: int
    beats: int


class _Arranger(msgspec.Struct):
    """Makes patterns of one song."""

    song: Song
    name: str
    told: list[str] = msgspec.field(default_factory=list)
    faults: Faults = msgspec.field(default_factory=Counter)
    performance: Performance = ONCE  # that the document was written as
    unchanged: dict[int, Track] = msgspec.field(default_factory=dict)  # by the identity of the song's track

    def arrange(self, most: int) -> tuple[list[Pattern], list[str]]:
        """At most `most` patterns, and what was left out."""
        song = self.song
        self.told += song.told
        settings = self._recognised()
        if song.document is not None and self._is_document(song.document, settings):
            return [song.document], self.told
        parts = self._unique(self._fewest([part for track in song.tracks for part in _parts(track, settings)]))
        if not parts:
            return [], self.told
        if most <= 0:
            return [], [*self.told, f"The file makes more than {PATTERNS_MAX} patterns; the rest was left out."]
        known = song.document.swing if song.document else None
        places = [note.tick / song.step_ticks for part in parts for note in part.notes]
        swing = swing_of(places, known, song.step_ticks)
        lines = [line_of(part, song.step_ticks, swing, self.faults) for part in parts]
        stretches: list[_Stretch] = []
        for stretch in self._stretches(lines):
            if len(stretches) == most:
                self.told.append(f"The file makes more than {PATTERNS_MAX} patterns; the rest was left out.")
                break
            stretches.append(stretch)
        alone = len(stretches) == 1
        patterns = [self._pattern(stretch, lines, swing, alone) for stretch in stretches]
        self._tell_of_tempo(stretches)
        self.told += [f"{count} {what}" for what, count in self.faults.items() if count]
        return patterns, self.told

    def _recognised(self) -> dict[int, Track]:
        """The document's track for each track of the song that was made from one; fills `unchanged`, and finds
        `performance`."""
        document = self.song.document
        if document is None:
            return {}
        rounds = max(round(self.song.end / self.song.step_ticks / steps_played(document, ONCE)), 1)
        tried = []
        for everything in (False, True):
            performance = Performance(rounds, everything)
            tried.append((performance, *self._recognised_as(document, performance)))
        self.performance, found, self.unchanged = max(tried, key=lambda each: len(each[2]))
        return found

    def _recognised_as(self, document: Pattern, performance: Performance) -> tuple[dict[int, Track], dict[int, Track]]:
        """The document's tracks by the identity of those of the song that have their names, and of those that have
        their notes."""
        found: dict[int, Track] = {}
        unchanged: dict[int, Track] = {}
        for place, track in enumerate(document.tracks):
            called = as_read(track.name)
            match = next((each for each in self.song.tracks if id(each) not in found and each.name == called), None)
            expected = notes_of(document, place, performance)
            if match is not None and (expected or not match.notes):
                found[id(match)] = track
                if _same(match.notes, expected, TICKS_PER_STEP / self.song.step_ticks):
                    unchanged[id(match)] = track
        return found, unchanged

    def _silent(self, document: Pattern) -> list[Track]:
        """Tracks of which the file has no note."""
        return [track for place, track in enumerate(document.tracks) if not notes_of(document, place, self.performance)]

    def _is_document(self, document: Pattern, settings: dict[int, Track]) -> bool:
        """Whether the file is as it was written."""
        sounding = len(document.tracks) - len(self._silent(document))
        return (
            len(self.unchanged) == len(self.song.tracks) == sounding == len(settings)
            and self.song.tempos == [(0, tempo_of(document.bpm))]
            and self.song.signatures == [(0, document.beats_per_bar)]
        )

    def _fewest(self, parts: list[Part]) -> list[Part]:
        """At most 16 of `parts`, those with the most notes."""
        if len(parts) <= TRACKS_MAX:
            return parts
        ranked = sorted(parts, key=lambda part: -len(part.notes))
        names = [part.name or part.instrument for part in ranked[TRACKS_MAX:]]
        left = ", ".join(names[:NAMES_TOLD]) + (f" and {len(names) - NAMES_TOLD} more" * (len(names) > NAMES_TOLD))
        self.told.append(f"A pattern has at most {TRACKS_MAX} tracks; left out: {left}.")
        kept = {id(part) for part in ranked[:TRACKS_MAX]}
        return [part for part in parts if id(part) in kept]

    def _unique(self, parts: list[Part]) -> list[Part]:
        """`parts` with names that call one track each, and that may be written after a slash."""
        taken: set[str] = {part.settings.name for part in parts if part.settings}
        for part in parts:
            if part.settings:
                continue
            plain = plain_name(part.name) or part.instrument
            names = (plain, *(f"{plain} {number}" for number in range(2, TRACKS_MAX + 2)))
            part.name = next(name for name in names if name not in taken)
            taken.add(part.name)
        return parts

    def _stretches(self, lines: list[Line]) -> Iterator[_Stretch]:
        """The song cut into stretches of whole bars, none longer than a pattern, from that of the first note to that
        of the last.

        A new time signature begins a new stretch.
        """
        song = self.song
        first = min(line.hits[0].step for line in lines)
        newest = max(line.hits[-1].step for line in lines)
        end = max(newest + 1, round(song.end / song.step_ticks))
        changes = [(round(tick / song.step_ticks), beats) for tick, beats in song.signatures]
        if not changes or changes[0][0] > 0:
            changes.insert(0, (0, DEFAULT_BEATS))
        for (begin, beats), (until, _) in pairwise([*changes, (end, DEFAULT_BEATS)]):
            bar = 4 * beats
            most = STEPS_MAX // bar * bar
            last = begin + math.ceil((until - begin) / bar) * bar if until == end else until
            at = begin + max((first - begin) // most, 0) * most
            while at < last and at <= newest:
                yield _Stretch(at, min(most, last - at), beats)
                at += most

    def _pattern(self, stretch: _Stretch, lines: list[Line], swing: Number, alone: bool) -> Pattern:
        document = self.song.document or Pattern(name=plain_name(self.song.name) or self.name)
        tempo = self._tempo_at(stretch.first)
        bpm = document.bpm if self.song.document and tempo_of(document.bpm) == tempo else bpm_named(tempo)
        same_time = swing == document.swing and stretch.beats == document.beats_per_bar
        tracks = []
        for line in lines:
            was = self.unchanged.get(id(line.part.source))
            keep = was is not None and alone and stretch.first == 0 and same_time
            tracks.append(was if was and keep else track_of(line, stretch.first, stretch.length, self.faults))
        if alone and self.song.document:
            # Where nothing of it sounded, nothing of it could be changed.
            tracks += self._silent(document)[: TRACKS_MAX - len(tracks)]
        return replace(document, bpm=bpm, swing=swing, beats_per_bar=stretch.beats, tracks=tuple(tracks))

    def _tempo_at(self, step: int) -> int:
        tick = (step + 0.5) * self.song.step_ticks
        place = bisect_right(self.song.tempos, tick, key=lambda tempo: tempo[0]) - 1
        return self.song.tempos[place][1] if place >= 0 else DEFAULT_TEMPO

    def _tell_of_tempo(self, stretches: list[_Stretch]) -> None:
        taken = {self._tempo_at(stretch.first) for stretch in stretches}
        left = sum(tempo not in taken for _, tempo in self.song.tempos)
        if left:
            self.told.append(f"{left} changes of tempo within a pattern were left out; a pattern has one tempo.")
        if any(not 20 <= 60_000_000 / tempo <= 300 for tempo in taken):
            self.told.append("The tempo is beyond 20 to 300 beats a minute; the nearest was taken.")


def _same(notes: list[Note], expected: list[Note], scale: float) -> bool:
    """Whether `notes` are those that were expected, as far as ticks of `scale` of ours can say."""
    within = scale if scale > 1.0 else 0.0
    return len(notes) == len(expected) and all(
        (note.key, note.velocity) == (other.key, other.velocity)
        and abs(note.tick * scale - other.tick) <= within
        and abs(note.length * scale - other.length) <= within
        for note, other in zip(notes, expected, strict=True)
    )


def _parts(track: SongTrack, settings: dict[int, Track]) -> list[Part]:
    """What a track of the song becomes: a drum kit comes apart into its drums."""
    was = settings.get(id(track))
    if was is not None:
        shift = key_shift(was)
        return [Part(was.name, was.instrument, track.notes, shift, was.note, False, True, was, track)]
    if track.instrument in KEYS:
        shift = KEYS[track.instrument] - _DRUM_NOTE
        return [Part(track.name, track.instrument, track.notes, shift, _DRUM_NOTE, False, True, None, track)]
    if track.channel == DRUM_CHANNEL:
        kit: dict[int, list[Note]] = {}
        for note in track.notes:
            kit.setdefault(note.key, []).append(note)
        drums = [(key, *drum_of(key)) for key in sorted(kit)]
        return [
            Part(name, instrument, kit[key], key - own, own, struck=True, source=track)
            for key, instrument, own, name in drums
        ]
    instrument = track.instrument if track.instrument in PROGRAMS else MELODIC
    if track.instrument not in PROGRAMS and track.program in BASSES:
        instrument = BASS
    slides = track.instrument in PROGRAMS or instrument == BASS
    return [Part(track.name, instrument, track.notes, slides=slides, source=track)]
