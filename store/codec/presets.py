"""Presets, a parameter a line."""

from store.codec import reading
from store.codec.format import Format, entries_text
from store.documents import Preset

_PRESET = Format(
    "chronus-preset",
    1,
    Preset,
    reading.fields(
        {
            "name": reading.text,
            "instrument": reading.text,
            "parameters": reading.entries(reading.number),
        },
        required=("name", "instrument"),
    ),
    {"parameters": entries_text},
)
decode_preset, encode_preset = _PRESET.decode, _PRESET.encode
