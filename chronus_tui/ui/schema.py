"""The part of the engine's schema that the screen reads: the names of its instruments."""

import msgspec


class Instrument(msgspec.Struct, frozen=True):
    """An instrument that a track may be given."""

    name: str


class Schema(msgspec.Struct, frozen=True):
    """`/engine/schema`, as far as the screen needs it."""

    instruments: tuple[Instrument, ...] = ()


def instrument_names(text: str | bytes) -> tuple[str, ...]:
    """The instruments that a track may be given, in the engine's order; none where the text is no schema."""
    try:
        return tuple(instrument.name for instrument in msgspec.json.decode(text, type=Schema).instruments)
    except msgspec.DecodeError:
        return ()
