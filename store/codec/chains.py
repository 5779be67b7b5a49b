"""Chains, an entry a line."""

import math

from store.codec import reading
from store.codec.format import Format, one_line
from store.codec.json_text import list_block
from store.documents import Chain, ChainEntry
from store.errors import StoreError
from store.limits import BANKS, CHAIN_MAX, REPEATS_MAX, SLOTS

_entry_fields = reading.fields(
    {
        "slot": reading.whole(1, SLOTS),
        "bank": reading.whole(1, BANKS),
        "repeats": reading.whole(1, REPEATS_MAX),
        "mutes": reading.items(reading.text),
        "bpm": reading.maybe(reading.number),
    },
    required=("slot",),
)


def _read_entry(value: object) -> ChainEntry:
    return ChainEntry(**_entry_fields(value))


def _entries_text(entries: tuple[ChainEntry, ...]) -> str:
    return list_block(map(_entry_text, entries))


def _entry_text(entry: ChainEntry) -> str:
    if entry.bpm is not None and not math.isfinite(entry.bpm):
        raise StoreError(f"An entry has the tempo {entry.bpm}; it takes a number.")
    return one_line(entry)


_CHAIN = Format(
    "chronus-chain",
    1,
    Chain,
    reading.fields(
        {
            "name": reading.text,
            "loop": reading.switch,
            "entries": reading.items(_read_entry, CHAIN_MAX, "entries"),
        }
    ),
    {"entries": _entries_text},
)
decode_chain, encode_chain = _CHAIN.decode, _CHAIN.encode
