from pathlib import Path

from real_engine import Engine, environment
from waiting import wait_until

from store.codec import encode_pattern
from store.documents import Pattern
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore


def edit_is_saved(project: Path) -> bool:
    autosave = project / "patterns" / "slots" / "bank_01" / "slot_000.json"
    return autosave.exists() and b'"bpm": 77' in autosave.read_bytes()


def leave_unfinished(changes: SlotChanges, wanted: dict[tuple[int, int], Pattern]) -> None:
    """Leave what a process leaves that is killed between the first slot's file and the second's."""
    changes.plan({place: encode_pattern(pattern) for place, pattern in wanted.items()})
    changes.slots.write(4, 1, wanted[4, 1])


def test_a_killed_engine_comes_back_to_its_bank_its_pattern_and_its_unfinished_swap(project: Path) -> None:
    engine = Engine(project, environment({}), "--device", "null")
    engine.osc.do("/pattern/bank", 2)
    engine.osc.do("/pattern/copy", 1, 9, 1)
    engine.osc.do("/pattern/load", 9, "immediate")
    engine.osc.do("/pattern/bank", 3)
    engine.osc.do("/transport/bpm", 77)
    wait_until(lambda: edit_is_saved(project), what="the autosave to hold the edit")
    engine.kill()
    engine.close()
    (project / ".chronus" / "engine.json").unlink()  # it names the dead engine's port
    slots = SlotStore(project)
    leave_unfinished(SlotChanges(project, slots), {(4, 1): Pattern(name="one"), (4, 2): Pattern(name="two")})
    again = Engine(project, environment({}), "--device", "null")
    status = again.osc.status()
    again.close()
    assert (slots.read(4, 1).name, slots.read(4, 2).name) == ("one", "two")
    assert {key: status[key] for key in ("bank", "slot", "slot_bank", "bpm", "edited")} == {
        "bank": 3,
        "slot": 9,
        "slot_bank": 2,
        "bpm": 77.0,
        "edited": True,
    }
