"""Which keys of the key table a terminal's report of a key stands for.

A terminal sends Escape as the byte with which Alt and a key begin. Where Escape and the next key arrive
together, as they do over a slow line, Textual takes them for Alt and a key; no key here needs Alt, so both
were meant.
"""

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

ESCAPE = "escape"
_WITH_ESCAPE: dict[str, str] = {
    sign: sequence[1]
    for sequence, sign in ANSI_SEQUENCES_KEYS.items()
    if isinstance(sign, str) and len(sequence) == 2 and sequence[0] == "\x1b" and sequence[1].isascii()
}
"""The signs that Textual makes of Escape and a digit, "¢" for 4."""


def keys_pressed(event: events.Key) -> tuple[str, ...]:
    """The keys by their names in the key table, in the order in which they were pressed."""
    character = event.character or ""
    if event.key.startswith("alt+") and event.is_printable:
        return (ESCAPE, character)
    if character in _WITH_ESCAPE:
        return (ESCAPE, _WITH_ESCAPE[character])
    return (character if event.is_printable and event.key != "space" else event.key,)
