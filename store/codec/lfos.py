"""A pattern's LFOs and a track's."""

from store.codec import reading
from store.codec.format import field_texts
from store.codec.json_text import entries_block
from store.documents import Lfo

_fields = reading.fields(
    {
        "shape": reading.text,
        "synced": reading.switch,
        "rate_hz": reading.number,
        "beats": reading.number,
        "depth": reading.number,
        "phase": reading.number,
        "target": reading.text,
    }
)


def read_lfo(value: object) -> Lfo:
    """The LFO in a raw object. Raises Wrong."""
    return Lfo(**_fields(value))


def lfo_text(lfo: Lfo) -> str:
    """Its text, a setting a line."""
    return entries_block(field_texts(lfo, {}))
