"""From notes in ticks to steps: the nearest step for each and by how much the note misses it, even repeats within a
step, chords, ties, slides, one gate for a track.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from store.documents import Number, Step, Track
from store.errors import BadName
from store.limits import CHORD_MAX, RATCHET_MAX
from store.midi.score import MICROSECONDS, TICKS_PER_STEP, VELOCITY_MAX, Note, tempo_of
from store.midi.song import SongTrack
from store.names import safe_name

SLIDE_OVERLAP = 0.25
"""Steps for which two notes may overlap and still be a slide."""
MICRO_MAX = 0.5
_FITS = 0.02
"""Steps by which a note may miss a swung place and still speak for that swing."""

MOVED = "notes of chords were struck one after another and are struck together now."
MERGED = "notes were faster than their step can play and became one with their neighbours."
CROWDED = "notes of chords were left out; a step holds five."
SHORTENED = "notes were cut short where the next one of their track begins."
LEVELLED = "notes were longer or shorter than their track's gate, which they have now."
SPLIT = "notes were cut short where one pattern ends and the next begins."

Faults = Counter[str]
"""How often each of the above happened."""


class Part(msgspec.Struct):
    """What will be one track.

    shift     what is taken from a key to have the note
    own       the track's own note; None where the notes tell it
    struck    notes have no length, as those of a foreign drum kit
    slides    notes that overlap a little slide
    settings  the track that this was once, None where it is not known
    """

    name: str
    instrument: str
    notes: list[Note]
    shift: int = 0
    own: int | None = None
    struck: bool = False
    slides: bool = False
    settings: Track | None = None
    source: SongTrack | None = None


class Hit(msgspec.Struct):
    """What begins on step `step` of the song. Its `start` and `end` are in steps, as they were played."""

    step: int
    start: float
    end: float
    velocity: int
    notes: list[int]
    micro: Number = 0
    ratchet: int = 1
    ties: int = 0
    slide: bool = False
    gate: float | None = None


class Line(msgspec.Struct):
    """A part on the grid: its hits in order, its own note and its gate."""

    part: Part
    hits: list[Hit] = msgspec.field(default_factory=list)
    own: int = 60
    gate: Number = 0.5

    def within(self, first: int, end: int) -> list[Hit]:
        """The hits from step `first` up to but not on step `end`."""

        def step_of(hit: Hit) -> int:
            return hit.step

        return self.hits[bisect_left(self.hits, first, key=step_of) : bisect_left(self.hits, end, key=step_of)]


def nearest_step(place: float, swing: float) -> int:
    """The step nearest to `place` in steps, where every second one is late by `swing`."""
    below = math.floor(place)
    return min(
        (step for step in (below - 1, below, below + 1) if step >= 0),
        key=lambda step: abs(place - place_of(step, swing)),
    )


def place_of(step: int, swing: float) -> float:
    """Where `step` lies, in steps."""
    return step + swing if step % 2 else float(step)


def swing_of(places: Sequence[float], known: Number | None, step_ticks: float) -> Number:
    """The swing on which the notes at `places` (in steps) lie: the one that is known, or one that nearly all
    agree on, or none."""
    fits = max(_FITS, 1.5 / step_ticks)

    def fitting(swing: Number) -> tuple[int, float]:
        """How many fit, and how badly all do, the better the greater."""
        errors = [abs(place - place_of(nearest_step(place, swing), swing)) for place in places]
        return sum(error <= fits for error in errors), -sum(errors)

    candidates: list[Number] = [0] if known is None else [known, 0]
    late = sorted(place % 2 - 1 for place in places if 0.95 < place % 2 < 1.8)
    if late:
        middle = min(max(late[len(late) // 2], 0.0), 0.75)
        candidates.append(_shortest(middle, 0.5 / step_ticks))
    best = max(candidates, key=fitting)
    return best if best in candidates[:-1] or fitting(best)[0] >= 0.9 * len(places) else candidates[0]


def _shortest(number: float, within: float) -> float:
    """The number with the fewest digits within `within` of `number`."""
    return next(
        (short for short in (round(number, digits) for digits in range(6)) if abs(short - number) <= within), number
    )


def velocity_named(velocity: int) -> float:
    """A velocity 1..127 as the shortest number from 0 to 1 that is written as it."""
    return _shortest(velocity / VELOCITY_MAX, 0.499 / VELOCITY_MAX)


def bpm_named(tempo: int) -> float:
    """A tempo in microseconds a beat as the shortest number of beats a minute that is written as it."""
    exact = min(max(MICROSECONDS / tempo, 20.0), 300.0)
    wanted = tempo_of(exact)
    return next((short for short in (round(exact, digits) for digits in range(7)) if tempo_of(short) == wanted), exact)


def line_of(part: Part, step_ticks: float, swing: Number, faults: Faults) -> Line:
    """`part` on the grid; what that cost is counted in `faults`."""
    line = Line(part, _hits(part, step_ticks, float(swing), faults))
    roots = Counter(hit.notes[0] for hit in line.hits)
    line.own = roots.most_common(1)[0][0] if part.own is None and roots else 60 if part.own is None else part.own
    for hit, following in zip(line.hits, [*line.hits[1:], None], strict=True):
        _hold(part, hit, following, faults)
    # A gate finer than a tick of ours cannot be written, so that is what they are compared in.
    gates = Counter(round(hit.gate * TICKS_PER_STEP) for hit in line.hits if hit.gate is not None)
    if gates:
        common, _ = gates.most_common(1)[0]
        faults[LEVELLED] += sum(count for gate, count in gates.items() if abs(gate - common) > 0.1 * TICKS_PER_STEP)
        line.gate = _shortest(min(max(common / TICKS_PER_STEP, 0.05), 1.0), 0.499 / TICKS_PER_STEP)
    elif part.settings is not None:
        line.gate = part.settings.gate
    return line


def _hits(part: Part, step_ticks: float, swing: float, faults: Faults) -> list[Hit]:
    tolerance = 0.51 / step_ticks  # ticks are whole
    struck = _struck_together(part, step_ticks)
    hits: dict[int, Hit] = {}
    at = 0
    while at < len(struck):
        hit = struck[at]
        hit.step = nearest_step(hit.start, swing)
        hit.ratchet = _ratchet_at(struck, at, swing, tolerance)
        hit.end = struck[at + hit.ratchet - 1].end
        late = hit.start - place_of(hit.step, swing)
        if abs(late) > tolerance:
            hit.micro = _shortest(min(max(late, -MICRO_MAX), MICRO_MAX), 0.499 / TICKS_PER_STEP)
        at += hit.ratchet
        same = hits.setdefault(hit.step, hit)
        if same is not hit:
            _merge(same, hit, tolerance, faults)
    for hit in hits.values():
        hit.notes.sort()
        faults[CROWDED] += max(len(hit.notes) - 1 - CHORD_MAX, 0)
        del hit.notes[1 + CHORD_MAX :]
    return [hits[step] for step in sorted(hits)]


def _struck_together(part: Part, step_ticks: float) -> list[Hit]:
    """The notes in order, those that begin on one tick as one."""
    struck: list[Hit] = []
    for note in part.notes:
        start, end = note.tick / step_ticks, (note.tick + note.length) / step_ticks
        key = min(max(note.key - part.shift, 0), 127)
        if struck and struck[-1].start == start:
            last = struck[-1]
            if key not in last.notes:
                last.notes.append(key)
            last.end, last.velocity = max(last.end, end), max(last.velocity, note.velocity)
        else:
            struck.append(Hit(0, start, end, note.velocity, [key]))
    return struck


def _ratchet_at(struck: Sequence[Hit], at: int, swing: float, tolerance: float) -> int:
    """How often the hit at `at` is repeated evenly and alike until its step is over; 1 where it is not."""
    return next((n for n in range(RATCHET_MAX, 1, -1) if _is_ratchet(struck[at : at + n], n, swing, tolerance)), 1)


def _is_ratchet(struck: Sequence[Hit], count: int, swing: float, tolerance: float) -> bool:
    first = struck[0]
    return (
        len(struck) == count
        and all(
            (hit.notes, hit.velocity) == (first.notes, first.velocity)
            and abs(hit.start - first.start - number / count) <= tolerance
            # What lies on a grid line is that step's own.
            and abs(hit.start - place_of(nearest_step(hit.start, swing), swing)) > tolerance
            for number, hit in enumerate(struck[1:], 1)
        )
    )


def _merge(hit: Hit, other: Hit, tolerance: float, faults: Faults) -> None:
    """Let `hit` play the notes of another one that fell on its step."""
    repeated = sum(note in hit.notes for note in other.notes)
    faults[MERGED] += repeated
    if other.start - hit.start > tolerance:
        faults[MOVED] += len(other.notes) - repeated
    hit.notes += [note for note in other.notes if note not in hit.notes]
    hit.end = max(hit.end, other.end)
    hit.velocity = max(hit.velocity, other.velocity)


def _hold(part: Part, hit: Hit, following: Hit | None, faults: Faults) -> None:
    """Find out how long `hit` is held, and whether it slides into the one that follows."""
    if part.struck:
        return
    length = hit.end - hit.start
    if hit.ratchet > 1 and length <= 1.0 + SLIDE_OVERLAP:
        hit.gate = min((length - 1.0) * hit.ratchet + 1.0, 1.0)
        return
    room = following.step - hit.step if following else math.inf
    over = hit.end - following.start if following else -1.0
    if following and part.slides and 0.01 < over <= SLIDE_OVERLAP and following.end > hit.end:
        following.slide = True
        hit.ties = int(room) - 1
        return
    if over > SLIDE_OVERLAP:
        faults[SHORTENED] += 1
    hit.ties = int(min(max(round(length), 1), room)) - 1
    if hit.ties == 0 and not hit.slide:
        hit.gate = min(length, 1.0)


def track_of(line: Line, first: int, length: int, faults: Faults) -> Track:
    """The track that plays `length` steps of `line` from step `first` of the song on."""
    steps = [Step()] * length
    begun = False
    for hit in line.within(first, first + length):
        place = hit.step - first
        root = hit.notes[0]
        slide = hit.slide and begun
        steps[place] = Step(
            on=not slide,
            note=root if slide or root != line.own else None,
            velocity=velocity_named(hit.velocity),
            tie=slide,
            chord=tuple(note - root for note in hit.notes[1:]),
            micro=hit.micro,
            ratchet=hit.ratchet,
        )
        held = min(hit.ties, length - 1 - place)
        faults[SPLIT] += held < hit.ties
        steps[place + 1 : place + 1 + held] = [Step(tie=True)] * held
        begun = True
    part = line.part
    before = part.settings or Track(name=part.name, instrument=part.instrument)
    return replace(before, length=length, note=line.own, gate=line.gate, steps=tuple(steps))


def plain_name(name: str) -> str:
    """`name` as it may name a track or a file, or nothing."""
    letters = "".join(" " if letter in '/\\:<>"|?*' else letter for letter in name)
    try:
        return safe_name(" ".join(letters.split())[:60].strip(". "))
    except BadName:
        return ""
