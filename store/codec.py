"""Documents to text and back: how a pattern, a project and a take lie in a file.

The text is JSON, made to be read and compared: fields in a fixed order, one step or one parameter a line,
what a step leaves at its default left out. Editing one step changes one line. Fields that are not known
here are kept in `extra` and written after the known ones. What not every pattern has, such as a scale or
an LFO, is left out at its default; it stands before the tracks or the steps, so that it too comes as a
line of its own.

What is checked is what the documents rely on: types, and the ranges that have to do with structure (tracks,
steps, lengths, notes, beats a bar). Instruments and parameters that are not known, and levels out of range,
are kept as they are: what sounds, and how loud, is the engine's concern.

Runs on any thread.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from store import reading
from store.documents import (
    BANKS,
    CHAIN_MAX,
    LFOS_MAX,
    REPEATS_MAX,
    SLOTS,
    STEPS_MAX,
    TRACKS_MAX,
    Chain,
    ChainEntry,
    Lfo,
    Number,
    Pattern,
    Preset,
    Project,
    RecordingSettings,
    Step,
    Take,
    TakeEvent,
    Track,
)
from store.errors import DamagedFile, NewerVersion, StoreError
from store.json_text import entries_block, line, list_block, parsed
from store.migrations import is_pattern_version_1, pattern_version_1_to_2
from store.reading import Reader, Wrong

PATTERN_FORMAT = "chronus-pattern"
PATTERN_VERSION = 2
PROJECT_FORMAT = "chronus-project"
PROJECT_VERSION = 1
CHAIN_FORMAT = "chronus-chain"
CHAIN_VERSION = 1
TAKE_FORMAT = "chronus-take"
TAKE_VERSION = 1
PRESET_FORMAT = "chronus-preset"
PRESET_VERSION = 1
FACTORY_FORMAT = "chronus-factory"
FACTORY_VERSION = 1

CHORD_MAX = 4
BEATS_MAX = 16

Document = TypeVar("Document", Chain, Pattern, Preset, Project, Take)

_REST = Step()
_SLOT_NUMBERS = {str(slot): slot for slot in range(1, SLOTS + 1)}
_COUNT = reading.whole(0, 2**63 - 1)
_WHOLE = reading.whole(-(2**31), 2**31 - 1)
_OPTIONAL = ("about", "strip", "preset", "clip", "lfo", "root", "scale", "scale_lock", "seed", "lfos")
"""Fields of a track or a pattern that are left out at their defaults."""


_STEP: dict[str, Reader] = {
    "on": reading.switch,
    "note": reading.maybe(reading.note),
    "velocity": reading.number,
    "accent": reading.switch,
    "tie": reading.switch,
    "chord": reading.items(reading.whole(-127, 127), CHORD_MAX, "notes"),
    "probability": reading.number,
    "ratchet": _WHOLE,
    "micro": reading.number,
    "condition": reading.text,
    "locks": reading.entries(reading.number),
}
_step_fields = reading.fields(_STEP)


_STEPS_REMEMBERED = 4096
_steps: dict[str, Step] = {}
"""Steps that were read, by what they were read from: those that are alike are one, in a bank of 131,072 of them."""


def _read_step(value: Any) -> Step:
    if value == {}:
        return _REST
    text = repr(value)  # which tells 1 from 1.0 and from True
    known = _steps.get(text)
    if known is None:
        known = Step(**_step_fields(value))
        if len(_steps) >= _STEPS_REMEMBERED:
            _steps.clear()
        _steps[text] = known
    return known


_LFO: dict[str, Reader] = {
    "shape": reading.text,
    "synced": reading.switch,
    "rate_hz": reading.number,
    "beats": reading.number,
    "depth": reading.number,
    "phase": reading.number,
    "target": reading.text,
}
_lfo_fields = reading.fields(_LFO)


def _read_lfo(value: Any) -> Lfo:
    return Lfo(**_lfo_fields(value))


_TRACK: dict[str, Reader] = {
    "name": reading.text,
    "instrument": reading.text,
    "length": reading.whole(1, STEPS_MAX),
    "note": reading.note,
    "gate": reading.number,
    "gain_db": reading.number,
    "pan": reading.number,
    "mute": reading.switch,
    "solo": reading.switch,
    "sends": reading.entries(reading.number),
    "strip": reading.entries(reading.number),
    "parameters": reading.entries(reading.number),
    "preset": reading.text,
    "clip": reading.text,
    "lfo": reading.maybe(_read_lfo),
    "steps": reading.items(_read_step, STEPS_MAX, "steps"),
}
_track_fields = reading.fields(_TRACK, required=("name", "instrument"))


def _read_track(value: Any) -> Track:
    track = Track(**_track_fields(value))
    missing = track.length - len(track.steps)
    return msgspec.structs.replace(track, steps=track.steps + (_REST,) * missing) if missing > 0 else track


_PATTERN: dict[str, Reader] = {
    "name": reading.text,
    "genre": reading.text,
    "tags": reading.items(reading.text),
    "about": reading.text,
    "bpm": reading.number,
    "swing": reading.number,
    "beats_per_bar": reading.whole(1, BEATS_MAX),
    "root": _WHOLE,
    "scale": reading.text,
    "scale_lock": reading.switch,
    "seed": reading.whole(0, 2**32 - 1),
    "lfos": reading.items(_read_lfo, LFOS_MAX, "LFOs"),
    "tracks": reading.items(_read_track, TRACKS_MAX, "tracks"),
    "effects": reading.entries(reading.entries(reading.number)),
}
_PRESET: dict[str, Reader] = {
    "name": reading.text,
    "instrument": reading.text,
    "parameters": reading.entries(reading.number),
}
_RECORDING: dict[str, Reader] = {
    "format": reading.text,
    "taps": reading.items(reading.text),
    "keep_s": reading.number,
    "preroll_s": reading.number,
    "split_s": reading.number,
    "split_mb": reading.number,
    "folder": reading.text,
}
_recording_fields = reading.fields(_RECORDING)


def _read_recording(value: Any) -> RecordingSettings:
    return RecordingSettings(**_recording_fields(value))


_PROJECT: dict[str, Reader] = {
    "name": reading.text,
    "bank": reading.whole(1, BANKS),
    "save_on_switch": reading.switch,
    "gzip": reading.switch,
    "recording": _read_recording,
}
_TAKE_EVENT: dict[str, Reader] = {
    "frame": _COUNT,
    "what": reading.text,
    "name": reading.text,
    "slot": reading.maybe(_COUNT),
    "bank": _COUNT,
    "count": _COUNT,
    "bpm": reading.maybe(reading.number),
}
_take_event_fields = reading.fields(_TAKE_EVENT, required=("frame", "what"))


def _read_take_event(value: Any) -> TakeEvent:
    return TakeEvent(**_take_event_fields(value))


_CHAIN_ENTRY: dict[str, Reader] = {
    "slot": reading.whole(1, SLOTS),
    "bank": reading.whole(1, BANKS),
    "repeats": reading.whole(1, REPEATS_MAX),
    "mutes": reading.items(reading.text),
    "bpm": reading.maybe(reading.number),
}
_chain_entry_fields = reading.fields(_CHAIN_ENTRY, required=("slot",))


def _read_chain_entry(value: Any) -> ChainEntry:
    return ChainEntry(**_chain_entry_fields(value))


_CHAIN: dict[str, Reader] = {
    "name": reading.text,
    "loop": reading.switch,
    "entries": reading.items(_read_chain_entry, CHAIN_MAX, "entries"),
}
_TAKE: dict[str, Reader] = {
    "name": reading.text,
    "started": reading.text,
    "rate": reading.whole(1, 2**32 - 1),
    "channels": reading.whole(1, 2**16 - 1),
    "bits": reading.whole(8, 64),
    "frames": _COUNT,
    "dropped": _COUNT,
    "xruns": _COUNT,
    "clipped": _COUNT,
    "coding": reading.text,
    "encode_to": reading.text,
    "taps": reading.items(reading.text),
    "in_folder": reading.switch,
    "split": reading.switch,
    "parts": reading.items(_COUNT),
    "bpm": reading.number,
    "slot": reading.maybe(_COUNT),
    "pattern": reading.text,
    "device": reading.text,
    "lufs": reading.maybe(reading.number),
    "true_peak": reading.maybe(reading.number),
    "continues": reading.text,
    "events": reading.items(_read_take_event),
    "complete": reading.switch,
}
_FACTORY: dict[str, Reader] = {"slots": reading.entries(reading.text)}
_pattern_fields = reading.fields(_PATTERN)
_preset_fields = reading.fields(_PRESET, required=("name", "instrument"))
_project_fields = reading.fields(_PROJECT)
_chain_fields = reading.fields(_CHAIN)
_take_fields = reading.fields(_TAKE, required=("name", "started", "rate", "channels", "bits"))
_factory_fields = reading.fields(_FACTORY, required=("slots",))


def decode_pattern(data: bytes, source: str) -> Pattern:
    """The pattern that a file's bytes hold, brought from an older version to the current one.

    source  the path that errors name

    A track with fewer steps than its length is filled up with rests. Raises DamagedFile with the place of
    what is wrong, or NewerVersion.
    """
    raw = parsed(data, source)
    if is_pattern_version_1(raw):
        raw = _checked(pattern_version_1_to_2, raw, source)
    else:
        _check_header(raw, source, PATTERN_FORMAT, PATTERN_VERSION, oldest=2)
    return Pattern(**_checked(_pattern_fields, _without_header(raw), source))


def decode_preset(data: bytes, source: str) -> Preset:
    """The preset that a file's bytes hold. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    _check_header(raw, source, PRESET_FORMAT, PRESET_VERSION)
    return Preset(**_checked(_preset_fields, _without_header(raw), source))


def decode_project(data: bytes, source: str) -> Project:
    """The project that a file's bytes hold. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    _check_header(raw, source, PROJECT_FORMAT, PROJECT_VERSION)
    return Project(**_checked(_project_fields, _without_header(raw), source))


def decode_chain(data: bytes, source: str) -> Chain:
    """The chain that a file's bytes hold. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    _check_header(raw, source, CHAIN_FORMAT, CHAIN_VERSION)
    return Chain(**_checked(_chain_fields, _without_header(raw), source))


def decode_take(data: bytes, source: str) -> Take:
    """The take that a file's bytes describe. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    _check_header(raw, source, TAKE_FORMAT, TAKE_VERSION)
    return Take(**_checked(_take_fields, _without_header(raw), source))


def decode_factory(data: bytes, source: str) -> dict[int, str]:
    """Which pattern of the factory library goes to which slot. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    _check_header(raw, source, FACTORY_FORMAT, FACTORY_VERSION)
    slots: dict[str, str] = _checked(_factory_fields, raw, source)["slots"]
    for slot in slots:
        if slot not in _SLOT_NUMBERS:
            raise DamagedFile(f"{source} is damaged: {slot!r} is no slot; slots go from 1 to {SLOTS}.")
    return {_SLOT_NUMBERS[slot]: name for slot, name in slots.items()}


def _check_header(raw: Mapping[str, Any], source: str, expected: str, newest: int, oldest: int = 1) -> None:
    """Refuse what is no such file, or of a version that cannot be read."""
    found = raw.get("format")
    if found != expected:
        what = f"is a {found} file" if isinstance(found, str) else 'has no "format"'
        raise DamagedFile(f"{source} {what}; {expected} was expected. It was left as it is.")
    version = raw.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < oldest:
        raise DamagedFile(f"{source} has no version that can be read: {version!r}. It was left as it is.")
    if version > newest:
        raise NewerVersion(
            f"{source} was written by a newer Chronus (version {version}); this one reads up to {newest}. "
            "It was left as it is."
        )


def _without_header(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in ("format", "version")}


def _checked(read: Callable[[Any], dict[str, Any]], raw: Any, source: str) -> dict[str, Any]:
    try:
        return read(raw)
    except Wrong as wrong:
        raise DamagedFile(f"{source} is damaged: {wrong.place} {wrong.sentence}. It was left as it is.") from wrong


def encode_pattern(pattern: Pattern) -> bytes:
    """The bytes of a pattern's file. Raises StoreError where a number is not finite."""
    layout: Layout = {"lfos": _lfos_text, "tracks": _tracks_text, "effects": _effects_text}
    return _encoded(pattern, PATTERN_FORMAT, PATTERN_VERSION, layout)


def encode_preset(preset: Preset) -> bytes:
    """The bytes of a preset's file. Raises StoreError where a number is not finite."""
    return _encoded(preset, PRESET_FORMAT, PRESET_VERSION, {"parameters": _entries_text})


def encode_project(project: Project) -> bytes:
    """The bytes of `project.json`."""
    return _encoded(project, PROJECT_FORMAT, PROJECT_VERSION, {"recording": _recording_text})


def encode_chain(chain: Chain) -> bytes:
    """The bytes of a chain's file, an entry a line. Raises StoreError where a number is not finite."""
    return _encoded(chain, CHAIN_FORMAT, CHAIN_VERSION, {"entries": _chain_entries_text})


def encode_take(take: Take) -> bytes:
    """The bytes of the note beside a recording. Raises StoreError where a number is not finite."""
    return _encoded(take, TAKE_FORMAT, TAKE_VERSION, {"events": _events_text})


Layout = Mapping[str, Callable[[Any], str]]
"""The fields that take more than a line, and what lays out each, as it would stand at the left margin."""


def _encoded(document: Document, name: str, version: int, layout: Layout) -> bytes:
    header = [("format", line(name)), ("version", line(version))]
    try:
        return (entries_block(header + _field_texts(document, layout)) + "\n").encode()
    except (UnicodeEncodeError, TypeError, RecursionError) as error:
        raise StoreError(f"{document.name!r} cannot be written: {error}.") from error


def _recording_text(recording: RecordingSettings) -> str:
    return entries_block(_field_texts(recording, {}))


def _events_text(events: tuple[TakeEvent, ...]) -> str:
    return list_block(line(_flat(event)) for event in events)


def _flat(event: TakeEvent) -> dict[str, Any]:
    """`event` with the fields that this version does not know among the others."""
    known: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(event, extra={}))
    return known | event.extra


def _field_texts(document: Document | Track | Lfo | RecordingSettings, layout: Layout) -> list[tuple[str, str]]:
    """Every field with its text, in the order of the type; what is in `extra` last."""
    texts = []
    for field in _fields_of(type(document)):
        value = getattr(document, field.name)
        if field.name != "extra" and not (field.name in _OPTIONAL and value in (field.default, {})):
            texts.append((field.name, layout.get(field.name, line)(value)))
    texts.extend((key, line(value)) for key, value in document.extra.items())
    return texts


_TRACK_TEXTS_REMEMBERED = 512
_track_texts: dict[int, tuple[Track, str]] = {}
"""Of tracks that were laid out, by identity; kept beside its text, a track stays alive. An edit changes one of
sixteen, and is laid out for the screen, the autosave and the slot."""


@cache
def _fields_of(kind: type[Any]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a document's type, which msgspec works out anew each time it is asked."""
    return msgspec.structs.fields(kind)


def _tracks_text(tracks: tuple[Track, ...]) -> str:
    return list_block(map(_track_text, tracks))


def _track_text(track: Track) -> str:
    known = _track_texts.get(id(track))
    if known is not None:
        return known[1]
    layout: Layout = {
        "sends": _entries_text,
        "strip": _entries_text,
        "parameters": _entries_text,
        "lfo": _lfo_text,
        "steps": _steps_text,
    }
    text = entries_block(_field_texts(track, layout))
    if len(_track_texts) >= _TRACK_TEXTS_REMEMBERED:
        _track_texts.clear()
    _track_texts[id(track)] = track, text
    return text


def _lfos_text(lfos: tuple[Lfo, ...]) -> str:
    return list_block(map(_lfo_text, lfos))


def _lfo_text(lfo: Lfo) -> str:
    return entries_block(_field_texts(lfo, {}))


def _steps_text(steps: tuple[Step, ...]) -> str:
    for step in steps:
        if step is not _REST:
            _check_step(step)
    if any(step.locks or step.condition or step.extra for step in steps):
        return list_block(map(_step_text, steps))
    # No step holds text or an object, so all can be laid out at once, in a tenth of the time.
    return list_block(line(steps)[1:-1].replace("}, {", "}\n{").split("\n"))


def _check_step(step: Step) -> None:
    if not math.isfinite(step.velocity + step.probability + step.micro) or step.locks:
        for name in ("velocity", "probability", "micro"):
            _check_finite(name, getattr(step, name))
        for name, value in step.locks.items():
            _check_finite(name, value)


def _check_finite(name: str, value: Number) -> None:
    if not math.isfinite(value):
        raise StoreError(f"A step has the {name} {value}; it takes a number.")


def _step_text(step: Step) -> str:
    if not step.extra:
        return line(step)
    known = msgspec.to_builtins(msgspec.structs.replace(step, extra={}))
    return line(known | step.extra)


def _chain_entries_text(entries: tuple[ChainEntry, ...]) -> str:
    return list_block(_chain_entry_text(entry) for entry in entries)


def _chain_entry_text(entry: ChainEntry) -> str:
    if entry.bpm is not None and not math.isfinite(entry.bpm):
        raise StoreError(f"An entry has the tempo {entry.bpm}; it takes a number.")
    known = msgspec.to_builtins(msgspec.structs.replace(entry, extra={}))
    return line(known | entry.extra)


def _effects_text(effects: Mapping[str, Mapping[str, Any]]) -> str:
    return entries_block((name, _entries_text(settings)) for name, settings in effects.items())


def _entries_text(entries: Mapping[str, Any]) -> str:
    return entries_block((key, line(value)) for key, value in entries.items())
