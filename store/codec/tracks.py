"""A pattern's tracks."""

import msgspec

from store.codec import reading
from store.codec.format import Layout, entries_text, field_texts
from store.codec.json_text import entries_block
from store.codec.lfos import lfo_text, read_lfo
from store.codec.steps import REST, read_step, steps_text
from store.documents import Track
from store.limits import STEPS_MAX

_fields = reading.fields(
    {
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
        "lfo": reading.maybe(read_lfo),
        "steps": reading.items(read_step, STEPS_MAX, "steps"),
    },
    required=("name", "instrument"),
)
_OPTIONAL = ("strip", "preset", "clip", "lfo")
_LAYOUT: Layout = {
    "sends": entries_text,
    "strip": entries_text,
    "parameters": entries_text,
    "lfo": lfo_text,
    "steps": steps_text,
}
_REMEMBERED = 512
_texts: dict[int, tuple[Track, str]] = {}
"""Of tracks that were laid out, by identity; kept beside its text, a track stays alive. An edit changes one of
sixteen, and is laid out for the screen, the autosave and the slot."""


def read_track(value: object) -> Track:
    """The track in a raw object; one with fewer steps than its length is filled up with rests. Raises Wrong."""
    track = Track(**_fields(value))
    missing = track.length - len(track.steps)
    return msgspec.structs.replace(track, steps=track.steps + (REST,) * missing) if missing > 0 else track


def track_text(track: Track) -> str:
    """The text of a track. Raises StoreError where a number is not finite."""
    known = _texts.get(id(track))
    if known is not None:
        return known[1]
    text = entries_block(field_texts(track, _LAYOUT, _OPTIONAL))
    if len(_texts) >= _REMEMBERED:
        _texts.clear()
    _texts[id(track)] = track, text
    return text
