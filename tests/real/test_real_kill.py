"""A running engine that is killed, or refused, at the system calls of a restore and of a bank's import: what was
answered is there, what was not is whole or was never begun, and the project opens."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from real_engine import Engine, environment
from traced import CHANGING_CALLS, Traced, ask_while_it_lives
from waiting import wait_until

from store.archive_contents import packed_bank
from store.archives import pack
from store.documents import Pattern
from store.project import open_project
from store.slots.slots import SlotStore
from store.slots.write_ahead import WriteAhead

SAMPLE = 4
REFUSALS = ("ENOSPC", "EIO", "EACCES")

Held = dict[int, str | None]
"""The names of what slots of bank 1 hold, None for nothing."""


@dataclass(frozen=True)
class Story:
    """What is asked of the engine, and what slots hold before and after.

    at_first  commands that make what is there before
    """

    asked: tuple[str | int, ...]
    at_first: tuple[tuple[str | int, ...], ...]
    before: Held
    after: Held


RESTORE = Story(
    asked=("/pattern/restore", 3),
    at_first=(("/pattern/copy", 1, 3, 2), ("/pattern/copy", 2, 3, 2)),
    before={3: "two"},
    after={3: "one"},
)
IMPORT = Story(
    asked=("/library/import", "bank"),
    at_first=(
        ("/pattern/copy", 1, 3, 2),
        ("/pattern/copy", 2, 9, 2),
        ("/pattern/copy", 1, 4, 2),
        ("/pattern/clear", 4),
    ),
    before={3: "one", 4: None, 9: "two"},
    after={3: "three", 4: "four", 9: "two"},
)
STORIES = pytest.mark.parametrize("story", [RESTORE, IMPORT], ids=["restore", "import"])


@dataclass
class Life:
    """A project, and one engine after another that plays it."""

    project: Path
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        open_project(self.project)
        slots = SlotStore(self.project)
        for bank, slot, name in ((1, 1, "first"), (2, 1, "one"), (2, 2, "two"), (3, 3, "three"), (3, 4, "four")):
            slots.write(bank, slot, Pattern(name=name))
        steps = pack(self.project / "patterns/export/bank.zip", "bank", packed_bank(slots, 3), self.project)
        assert [*steps] == [(1, 2), (2, 2)]
        self.start()

    def start(self) -> None:
        (self.project / ".chronus" / "engine.json").unlink(missing_ok=True)  # it names a dead engine's port
        self.engine = Engine(self.project, environment({}), "--device", "null")

    def begin(self, story: Story) -> None:
        for command in story.at_first:
            self.engine.osc.do(*command)
        self.settled()
        assert self.held(story) == story.before

    def settled(self) -> None:
        ahead = WriteAhead(self.project)
        wait_until(lambda: self.engine.process.poll() is not None or ahead.read() is None, what="the disk")

    def held(self, story: Story) -> Held:
        """What the files hold, each of which must be whole."""
        slots = SlotStore(self.project)
        there = slots.occupied(1)
        return {slot: slots.read(1, slot).name if slot in there else None for slot in story.before}

    def kept(self, slot: int) -> set[str | None]:
        return {backup.name for backup in SlotStore(self.project).list_backups(1, slot)}


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path / "song")
    yield life
    life.engine.close()


def calls_of(life: Life, story: Story, trace: Path) -> list[tuple[str, int]]:
    """Every system call that a story makes which changes the disk, by name and number."""
    life.begin(story)
    with Traced(life.engine, trace) as traced:
        life.engine.osc.do(*story.asked)
        life.settled()
    assert life.held(story) == story.after
    counted = traced.calls()
    assert sum(counted.values()) >= 10
    return [(call, number + 1) for call in CHANGING_CALLS for number in range(counted[call])]


def kill_at(life: Life, story: Story, call: str, number: int, trace: Path) -> None:
    life.begin(story)
    with Traced(life.engine, trace, f"{call}:signal=SIGKILL:when={number}"):
        answer = ask_while_it_lives(life.engine, *story.asked)
        life.settled()
    life.engine.kill()
    life.engine.close()
    assert all(name in (story.before[slot], story.after[slot]) for slot, name in life.held(story).items())
    life.start()
    held = life.held(story)
    assert held in ([story.after] if answer else [story.before, story.after])
    assert life.engine.osc.do("/pattern/slots") == tuple(slot for slot in (1, 3, 4, 9) if slot == 1 or held.get(slot))
    for slot, name in story.before.items():
        assert name is None or name in {held[slot], *life.kept(slot)}, "what was replaced is kept"


def refuse_at(life: Life, story: Story, call: str, number: int, error: str, trace: Path) -> None:
    life.begin(story)
    with Traced(life.engine, trace, f"{call}:error={error}:when={number}") as traced:
        answer = life.engine.osc.ask(*story.asked)
        made = answer[0] == "/done"
        assert life.held(story) == (story.after if made else story.before), answer
        life.engine.osc.ask("/sync", 1)
    assert traced.met() or made
    assert life.engine.osc.do("/pattern/clear", 1) == ()  # which does first whatever is left to do
    assert life.engine.osc.do("/pattern/undo") == ()
    assert life.held(story) == (story.after if made else story.before)


@STORIES
def test_an_engine_killed_at_a_system_call_leaves_all_or_nothing_and_keeps_what_it_answered(life, story, tmp_path):
    calls = calls_of(life, story, tmp_path / "trace")
    for call, number in random.Random(4).sample(calls, SAMPLE):
        kill_at(life, story, call, number, tmp_path / "trace")


@pytest.mark.long
@STORIES
def test_an_engine_killed_at_any_system_call_leaves_all_or_nothing_and_keeps_what_it_answered(life, story, tmp_path):
    for call, number in calls_of(life, story, tmp_path / "trace"):
        kill_at(life, story, call, number, tmp_path / "trace")


@STORIES
def test_an_engine_that_the_disk_refuses_any_system_call_does_all_or_nothing_and_says_so(life, story, tmp_path):
    for call, number in calls_of(life, story, tmp_path / "trace"):
        for error in REFUSALS:
            refuse_at(life, story, call, number, error, tmp_path / "trace")
