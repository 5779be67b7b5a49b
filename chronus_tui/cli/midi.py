"""`chronus midi export` and `chronus midi import`: standard MIDI files out of and into a project on the disk."""

import json
from pathlib import Path
from typing import Any

from chronus_tui.engine.factory import factory_library, library_of
from chronus_tui.engine.offline.sources import BANK, read_source
from chronus_tui.errors import ChronusError
from store.atomic import write_atomically
from store.chains import Chains
from store.documents import Pattern
from store.errors import ProjectInUse
from store.files import read_file
from store.library.library import Library
from store.locks import ProjectLock
from store.midi.library import save_new
from store.midi.patterns import Imported, export_midi, import_midi
from store.midi.score import Performance
from store.midi.slots import save_as_chain, slots_for
from store.slots.changes import SlotChanges
from store.slots.factory import fill_with_factory
from store.slots.slots import SlotStore


def export(project: Path, source: str, out: Path, performance: Performance, as_json: bool) -> int:
    """Write a pattern to the MIDI file `out`; what was there is replaced. Raises ChronusError."""
    pattern = read_source(library_of(project), SlotStore(project), source)
    data = export_midi(pattern, performance)
    write_atomically(out, data, out.parent)
    _show(
        {"path": str(out), "pattern": pattern.name, "tracks": len(pattern.tracks), "bytes": len(data)},
        [f"{out}: {pattern.name}, {len(pattern.tracks)} tracks"],
        as_json,
    )
    return 0


def import_file(project: Path, file: Path, place: tuple[int, int] | None, as_json: bool) -> int:
    """Save the patterns in the MIDI file `file` to the library, or to the slot at `place`, bank and slot.

    Of several patterns, the first goes there and the others to the next slots that are free, and a chain of them
    is saved; what was there is kept as a backup. A name that the library has gets a number. Raises ChronusError, having
    saved nothing, where the file is no MIDI file, or a running engine has the project's slots.
    """
    imported = import_midi(read_file(file), file.stem, str(file))
    chain = None
    if place is None:
        saved = _to_library(library_of(project), imported)
    else:
        try:
            with ProjectLock(project):
                fill_with_factory(project, factory_library())  # a bank that is there already gets none later
                saved = _to_slots(project, place, imported)
                if len(saved) > 1:
                    slots = [each["slot"] for each in saved]
                    chain = save_as_chain(Chains(project), file.stem, place[0], slots)
        except ProjectInUse as error:
            raise ChronusError(
                "The project's engine runs, and the slots are its own; import without --slot, and load from the "
                "library with /pattern/load_file."
            ) from error
    told = list(imported.told)
    _show(
        {"file": str(file), "patterns": saved, "chain": chain, "told": told},
        [*map(_line, saved), *([] if chain is None else [f"chain {chain}: /chain/load has it at hand"]), *told],
        as_json,
    )
    return 0


def _to_library(library: Library, imported: Imported) -> list[dict[str, Any]]:
    saved = save_new(library, imported.patterns)
    return [
        _summary(pattern) | {"name": name, "path": str(path)}
        for pattern, (name, path) in zip(imported.patterns, saved, strict=True)
    ]


def _to_slots(project: Path, place: tuple[int, int], imported: Imported) -> list[dict[str, Any]]:
    store, (bank, first) = SlotStore(project), place
    changes = SlotChanges(project, store)
    changes.settle()
    slots = slots_for(len(imported.patterns), first, store.occupied(bank))
    changes.make({(bank, slot): pattern for slot, pattern in zip(slots, imported.patterns, strict=True)})
    changes.settle()
    return [
        _summary(pattern) | {"bank": bank, "slot": slot, "path": str(store.path(bank, slot))}
        for slot, pattern in zip(slots, imported.patterns, strict=True)
    ]


def _summary(pattern: Pattern) -> dict[str, Any]:
    return {"name": pattern.name, "bpm": pattern.bpm, "tracks": len(pattern.tracks)}


def _line(saved: dict[str, Any]) -> str:
    bank = f"{saved['bank']}/" if saved.get("bank", BANK) != BANK else ""
    where = f"slot {bank}{saved['slot']:03d}" if "slot" in saved else saved["path"]
    return f"{where}: {saved['name']}, {saved['bpm']:g} bpm, {saved['tracks']} tracks"


def _show(made: dict[str, Any], lines: list[str], as_json: bool) -> None:
    print(json.dumps(made) if as_json else "\n".join(lines))
