"""MIDI files and archives by keys: what may be written to `patterns/export`, and what becomes of a file from there.

Pure functions of the model.
"""

import shlex
from typing import Any

from chronus_tui.commands import match
from chronus_tui.ui.actions.library import Question
from chronus_tui.ui.model import Model, Order
from store.archives import ENDING

FILES = "/library/files"
REPORTING = {
    "/pattern/import_midi",
    "/library/export",
    "/library/export_bank",
    "/library/midi",
    "/library/render",
    "/library/convert",
    "/library/tag_many",
    "/library/untag_many",
}
"""Commands whose results may end in sentences: what could not be taken or done."""


def ways_out(model: Model) -> dict[str, tuple[str, Question]]:
    """What may be written, by its name: a few words on it, and what is asked for then."""
    midi, archive = match("/pattern/export_midi")[0], match("/library/export_bank")[0]
    name = model.pattern.name
    ways = {"working pattern": (f"{name}, as a MIDI file", Question(midi, shlex.quote(name)))}
    line = model.slots.get(model.slot)
    if line is not None and not line.problem:
        words = f"{shlex.quote(line.name)} 1 played {line.slot} {model.bank}"
        slot = {f"slot {line.slot:03}": (f"{line.name}, as a MIDI file", Question(midi, words))}
        ways = slot | ways if model.pane == "slots" else ways | slot
    bank = f"bank {model.bank}"
    return ways | {bank: ("all of its slots, as an archive", Question(archive, f"{shlex.quote(bank)} {model.bank}"))}


def way_in(model: Model, file: str) -> Order:
    """What takes a file: in the slots pane a MIDI file goes to the slot under the cursor, elsewhere it is loaded."""
    if file.endswith(ENDING):
        return Order("/library/import", (file,))
    in_slots = model.page == "main" and model.pane == "slots"
    return Order("/pattern/import_midi", (file, "bar", model.slot) if in_slots else (file,))


def left_out(address: str, results: tuple[Any, ...]) -> str:
    """The first sentence on what a command could not take or do, and how many more there are; empty where none is."""
    if address not in REPORTING:
        return ""
    told = [str(result) for result in results[1:] if str(result).endswith(".")]
    return f"{told[0]} ({len(told) - 1} more)" if len(told) > 1 else told[0] if told else ""
