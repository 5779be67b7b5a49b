"""What the engine tells of as events, in sentences for the status line."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from chronus_tui.link import FAILED, Event
from chronus_tui.ui.render.figures import clock_time

AT_START = ("/event/take_repaired", "/event/take_encoding", "/event/resumed")
"""What an engine tells together that starts again after a crash: none of it may push away another."""

_PROJECT = {
    ("save_on_switch", 1): "an edited slot is saved when another pattern is loaded in its place",
    ("save_on_switch", 0): "a slot is written by a save alone",
    ("gzip", 1): "slots are written as .json.gz from their next save on",
    ("gzip", 0): "slots are written as .json from their next save on",
}

_TAKES: dict[str, str] = {
    "renamed": "{} is {} now",
    "deleted": "{} is in the trash; R brings it back",
    "restored": "{} is back",
    "emptied": "what was in the trash is deleted for good",
}

_SENTENCES: dict[str, Callable[..., str]] = {
    FAILED: lambda sentence: str(sentence),
    "/event/slot_saved": lambda slot, name="", bank=0: f"saved slot {slot:03} {name}",
    "/event/slot_cleared": lambda slot, bank=0: f"slot {slot:03} is empty now; a backup is kept",
    "/event/slot_copied": lambda source, target, from_bank=0, bank=0: (
        f"copied slot {_slots((source, from_bank), (target, bank), 'to')}"
    ),
    "/event/slot_moved": lambda source, target, from_bank=0, bank=0: (
        f"moved slot {_slots((source, from_bank), (target, bank), 'to')}"
    ),
    "/event/slots_swapped": lambda one, other, bank=0, other_bank=0: (
        f"slots {_slots((one, bank), (other, other_bank), 'and')} changed places"
    ),
    "/event/slot_renamed": lambda slot, name, bank=0: f"slot {slot:03} is {name} now",
    "/event/slot_restored": lambda slot, name, bank=0: f"slot {slot:03} holds {name} again",
    "/event/slots_changed": lambda *slots: "slots hold what they held: " + " ".join(f"{slot:03}" for slot in slots),
    "/event/slot_changed_on_disk": lambda slot, bank=0: (
        f"the file of slot {slot:03} was changed: d in the slots pane takes what it holds"
    ),
    "/event/slot_reloaded": lambda slot, name="", bank=0: f"slot {slot:03} holds {name or 'nothing'}, as its file does",
    "/event/project_changed": lambda name, on: _PROJECT.get((name, on), f"the project has chosen {name} {on}"),
    "/event/chain_stopped": lambda: "the chain is left",
    "/event/morph_ended": lambda: "the morph has ended; N saves what it made to an empty slot",
    "/event/chain_saved": lambda name: f"saved the chain {name}",
    "/event/file_saved": lambda name: f"saved {name} to the library",
    "/event/file_written": lambda name: f"wrote {name} to patterns/export",
    "/event/preset_saved": lambda instrument, name: f"saved the preset {name} of {instrument}",
    "/event/file_changed": lambda name: f"{name} was changed (u undoes, U redoes)",
    "/event/file_renamed": lambda name, new: f"{name} is {new} now (u undoes, U redoes)",
    "/event/file_deleted": lambda name: f"{name} is in the trash; S-Tab shows it, Enter brings it back",
    "/event/file_restored": lambda name: f"{name} is what it was before",
    "/event/library_progress": lambda what, done, total: f"{what}: {done} of {total}",
    "/event/library_done": lambda what, count, found: f"{what}: {count} of {found} patterns",
    "/event/library_cancelled": lambda what, done, total: f"{what} was cancelled after {done} of {total}",
    "/event/library_exported": lambda name, count: f"wrote {count} pattern{'' if count == 1 else 's'} to {name}",
    "/event/library_imported": lambda name, count: f"took {count} new pattern{'' if count == 1 else 's'} from {name}",
    "/event/trash_emptied": lambda count: f"{count} pattern{'' if count == 1 else 's'} deleted for good",
    "/event/take_closed": lambda path, seconds=0.0: f"recorded {PurePath(path).name}, {clock_time(seconds)}",
    "/event/take_marked": lambda name, seconds: f"{name} set at {clock_time(seconds)}",
    "/event/take_cancelled": lambda: "no take is waited for any more",
    "/event/takes_changed": lambda what="", *names: _TAKES.get(what, "").format(*names),
    "/event/take_checked": lambda name, verdict, sentence: sentence,
    "/event/take_replayed": lambda name, verdict, sentence: f"{name}: {sentence}",
    "/event/take_encoding": lambda *names: "encodes what was left: " + " ".join(names),
    "/event/take_encoded": lambda path: f"encoded {PurePath(path).name}",
    "/event/disk_low": lambda seconds: f"the disk has room for {clock_time(seconds)} more; make some",
    "/event/resumed": lambda: "plays on where it was cut off",
    "/event/take_repaired": lambda name: f"repaired {name}, which was cut short",
}


def _slots(one: tuple[int, int], other: tuple[int, int], between: str) -> str:
    """Two slots, with their banks where those are told and differ."""
    if other[1] in (0, one[1]):
        return f"{one[0]:03} {between} {other[0]:03}"
    return f"{one[1]}/{one[0]:03} {between} {other[1]}/{other[0]:03}"


def in_words(event: Event) -> str:
    """The event as a sentence; empty where it shows on the screen anyway, or is not known here."""
    words: Callable[..., Any] | None = _SENTENCES.get(event.address)
    if words is None:
        return ""
    try:
        return str(words(*event.arguments))
    except (TypeError, ValueError):  # an engine of another version, that tells more or less of it
        return ""
