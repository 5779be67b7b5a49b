"""From one pattern to another by an amount: a pure function.

What is continuous moves on its own scale: frequencies and times by ratio, gains in decibels, the rest evenly. What is a
choice changes over at a threshold of its own, between 0 and 1, that follows from the first pattern's seed: each step,
a track's length, mute, solo, clip and LFO, and each parameter that names a choice. Where a track plays another
instrument, its sound changes over as a whole. Of the pattern itself, what is a choice (name, genre, meter, scale,
LFOs) changes over in the middle. Tracks belong together by name; one that only one pattern has fades in or out, or,
where more than 16 tracks would come of that, they belong together by place.

At 0 it is the first pattern and at 1 the second, exactly; what has changed over stays so as the amount rises.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from chronus_tui.engine.compile.settings import SILENT_DB
from chronus_tui.engine.parameters import effect_called, parameter_called, tables_of
from dsp.parameters import Parameter, Scale
from store.documents import Number, Pattern, Step, Track
from store.limits import STEPS_MAX, TRACKS_MAX

MIDDLE = 0.5
THRESHOLDS_REMEMBERED = 8192
"""More than two patterns have; a fader asks for all of them at every move."""


def morph(a: Pattern, b: Pattern, amount: float) -> Pattern:
    """What lies `amount`, 0..1, of the way from `a` to `b`."""
    if amount <= 0.0:
        return a
    if amount >= 1.0:
        return b
    nearer = a if amount < MIDDLE else b
    return replace(
        nearer,
        bpm=between(a.bpm, b.bpm, amount, "log"),
        swing=between(a.swing, b.swing, amount),
        seed=a.seed,
        tracks=tuple(_tracks(a, b, amount)),
        effects=_effects(a, b, amount),
    )


def between(a: Number, b: Number, amount: float, scale: Scale = "linear") -> Number:
    """What lies `amount` of the way from one number to another: evenly, decibels too, or by ratio ("log")."""
    if a == b:
        return a
    if scale == "log" and a > 0 and b > 0:
        return float(a * (b / a) ** amount)
    return float(a + (b - a) * amount)


@lru_cache(THRESHOLDS_REMEMBERED)
def threshold(seed: int, *what: str | int) -> float:
    """The amount at which something changes over, above 0 and below 1, spread evenly."""
    text = " ".join(map(str, (seed, *what))).encode("utf-8", "surrogatepass")
    drawn = int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big")
    return (drawn + 1) / (2**32 + 1)


def _tracks(a: Pattern, b: Pattern, amount: float) -> Iterable[Track]:
    for name, one, other in _pairs(a.tracks, b.tracks):
        if one is None:
            assert other is not None
            yield replace(other, gain_db=between(SILENT_DB, other.gain_db, amount))
        elif other is None:
            yield replace(one, gain_db=between(one.gain_db, SILENT_DB, amount))
        else:
            yield _track(one, other, amount, a.seed, name)


def _pairs(one: Sequence[Track], other: Sequence[Track]) -> list[tuple[str, Track | None, Track | None]]:
    """The tracks that belong together, in the order of the first pattern, under a name for their thresholds."""
    first = {track.name: track for track in one}
    second = {track.name: track for track in other}
    names = list(dict.fromkeys((*first, *second)))
    if len(names) <= TRACKS_MAX and len(first) == len(one) and len(second) == len(other):
        return [(name, first.get(name), second.get(name)) for name in names]
    count = max(len(one), len(other))
    return [
        (str(place), one[place] if place < len(one) else None, other[place] if place < len(other) else None)
        for place in range(count)
    ]


def _track(one: Track, other: Track, amount: float, seed: int, name: str) -> Track:
    def chosen(what: str) -> Track:
        return one if amount < threshold(seed, name, what) else other

    sound = chosen("sound")
    parameters = sound.parameters
    if one.instrument == other.instrument:
        parameters = _settings(one.parameters, other.parameters, tables_of(one), amount, seed, name)
    return replace(
        sound,
        name=one.name,
        parameters=parameters,
        length=chosen("length").length,
        note=chosen("note").note,
        gate=between(one.gate, other.gate, amount),
        gain_db=between(one.gain_db, other.gain_db, amount),
        pan=between(one.pan, other.pan, amount),
        mute=chosen("mute").mute,
        solo=chosen("solo").solo,
        sends=_sends(one.sends, other.sends, amount),
        clip=chosen("clip").clip,
        lfo=chosen("lfo").lfo,
        steps=_steps(one, other, amount, seed, name),
    )


def _steps(one: Track, other: Track, amount: float, seed: int, name: str) -> tuple[Step, ...]:
    count = min(max(len(one.steps), len(other.steps)), STEPS_MAX)
    return tuple(
        _step((one if amount < threshold(seed, name, "step", place) else other).steps, place) for place in range(count)
    )


def _step(steps: Sequence[Step], place: int) -> Step:
    return steps[place] if place < len(steps) else Step()


def _sends(one: Mapping[str, Number], other: Mapping[str, Number], amount: float) -> dict[str, Number]:
    return {name: between(one.get(name, 0.0), other.get(name, 0.0), amount) for name in (*one, *other)}


def _effects(a: Pattern, b: Pattern, amount: float) -> dict[str, dict[str, Number]]:
    found = {}
    for name in dict.fromkeys((*a.effects, *b.effects)):
        effect = effect_called(name)
        table = effect.parameters if effect else ()
        found[name] = _settings(a.effects.get(name, {}), b.effects.get(name, {}), table, amount, a.seed, name)
    return found


def _settings(
    one: Mapping[str, Number],
    other: Mapping[str, Number],
    table: Sequence[Parameter],
    amount: float,
    seed: int,
    module: str,
) -> dict[str, Number]:
    """Settings by name between two that may lack some, which have their defaults then."""
    found: dict[str, Number] = {}
    for name in dict.fromkeys((*one, *other)):
        parameter = parameter_called(name, tuple(table))
        if parameter is None or (parameter.choices and not parameter.blends):
            default = parameter.default if parameter else None
            nearer = one if amount < threshold(seed, module, name) else other
            value = nearer.get(name, default)
            if value is not None:
                found[name] = value
        else:
            low, high = one.get(name, parameter.default), other.get(name, parameter.default)
            found[name] = between(low, high, amount, parameter.scale)
    return found
