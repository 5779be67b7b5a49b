"""Which patterns of the factory library a new project's slots hold. Chronus only reads that."""

from store.codec import reading
from store.codec.format import check_header, checked
from store.codec.json_text import parsed
from store.errors import DamagedFile
from store.limits import SLOTS

_fields = reading.fields({"slots": reading.entries(reading.text)}, required=("slots",))
_SLOT_NUMBERS = {str(slot): slot for slot in range(1, SLOTS + 1)}


def decode_factory(data: bytes, source: str) -> dict[int, str]:
    """Which pattern of the factory library goes to which slot. `source` and errors as for `decode_pattern`."""
    raw = parsed(data, source)
    check_header(raw, source, "chronus-factory", 1)
    slots: dict[str, str] = checked(_fields, raw, source)["slots"]
    for slot in slots:
        if slot not in _SLOT_NUMBERS:
            raise DamagedFile(f"{source} is damaged: {slot!r} is no slot; slots go from 1 to {SLOTS}.")
    return {_SLOT_NUMBERS[slot]: name for slot, name in slots.items()}
