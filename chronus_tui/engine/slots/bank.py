"""The current bank, read and compiled: a load from it touches no disk and no compiler.

The control thread alone changes it; the files follow on the store's thread. Another bank is read and compiled
on that thread too, beside the pool. A slot is copied into the pool when it is first asked for, which takes
microseconds: to copy all of a bank at once would keep everyone waiting for milliseconds.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np

from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.compile.patterns import Compiler
from chronus_tui.engine.player import Pool, PoolFull
from chronus_tui.errors import CommandRefused, StoreError
from chronus_tui.link import SlotLine
from dsp.pattern import PATTERN
from store.documents import Pattern
from store.moments import Place
from store.slots.slots import Signature, SlotStore

Compiled = tuple[Any, list[str]]
"""A record of PATTERN, in memory of its own, and what could not be played as written."""


class BankContents(msgspec.Struct, frozen=True):
    """What the files of a bank hold.

    patterns  by slot
    compiled  the same
    problems  by slot, why a file cannot be played
    signatures  by slot, of the files before they were read
    """

    number: int
    patterns: dict[int, Pattern]
    compiled: dict[int, Compiled]
    problems: dict[int, str]
    signatures: dict[int, Signature]


def read_bank(slots: SlotStore, number: int, clips: ClipNumbers) -> BankContents:
    """Read and compile all slots of a bank. Blocks on the disk; touches nothing that plays.

    clips  gives the clips of its tracks numbers

    Raises StoreError where the bank's folder cannot be read.
    """
    patterns: dict[int, Pattern] = {}
    problems: dict[int, str] = {}
    signatures = slots.signatures(number)
    for slot in slots.occupied(number):
        try:
            patterns[slot] = slots.read(number, slot)
        except StoreError as error:
            problems[slot] = str(error)
    return BankContents(number, patterns, compile_apart(patterns, clips), problems, signatures)


KEPT_FROM = 9
"""Slots that change at once, from which on what they held stays at hand compiled: to undo a bank shall not cost more
than to take it. Fewer are compiled in the time of a few edits."""


def compile_apart(patterns: Mapping[int, Pattern], clips: ClipNumbers) -> dict[int, Compiled]:
    """Compile patterns by slot, beside the pool. Any thread; touches nothing that plays."""
    compiler = Compiler(clips)
    records = {slot: np.zeros(1, PATTERN)[0] for slot in patterns}
    return {slot: (records[slot], compiler.compile(pattern, records[slot])) for slot, pattern in patterns.items()}


class Bank:
    """What the slots of one bank hold, by slot number.

    A slot whose file cannot be read is occupied by a problem, a sentence, instead of a pattern.
    """

    def __init__(self, pool: Pool, slots: SlotStore, number: int) -> None:
        self.number = number
        self.revision = 0  # goes up whenever a slot changes
        self.signatures: dict[int, Signature] = {}  # of the files, when they were read
        self.changed: frozenset[Place] = frozenset()  # slots whose files hold something else now
        self._pool = pool
        self._patterns: dict[int, Pattern] = {}
        self._entries: dict[int, int] = {}
        self._beside: dict[int, Compiled] = {}  # by slot, what is compiled and not in the pool yet
        self._problems: dict[int, str] = {}
        self._kept: dict[int, tuple[Pattern, Compiled]] = {}  # by the pattern's identity, of the last large change
        self.take_up(read_bank(slots, number, pool.clips))

    def take_up(self, contents: BankContents) -> None:
        """Become another bank. What plays, waits or is edited keeps its entry of the pool.

        Raises PoolFull, having changed nothing, where the pool has no room for it.
        """
        if len(contents.patterns) > self._pool.room_without(self._entries.values()):  # so that each may enter it later
            raise PoolFull("The sound has not taken up the last edits yet; switch the bank again.")
        for entry in self._entries.values():
            self._pool.release(entry)
        self.number = contents.number
        self._patterns = dict(contents.patterns)
        self._problems = dict(contents.problems)
        self.signatures = contents.signatures
        self.changed = frozenset(place for place in self.changed if place[0] != self.number)
        self._entries = {}
        self._beside = dict(contents.compiled)
        self.revision += 1

    def pattern(self, slot: int) -> Pattern | None:
        """What a slot holds, or None."""
        return self._patterns.get(slot)

    def entry(self, slot: int) -> int | None:
        """The pool's entry of a slot, or None. Raises PoolFull where edits that are under way leave no room for it."""
        if slot in self._beside:
            record, told = self._beside[slot]
            self._entries[slot] = self._pool.take(record, self._patterns[slot], told)
            del self._beside[slot]
        return self._entries.get(slot)

    def problem(self, slot: int) -> str | None:
        """Why a slot's file cannot be played, or None."""
        return self._problems.get(slot)

    def has_compiled(self, pattern: Pattern) -> bool:
        """Whether `hold` needs not compile a pattern that a large change let go."""
        return id(pattern) in self._kept

    def require(self, slot: int) -> Pattern:
        """What a slot holds. Raises CommandRefused where it is empty or cannot be read."""
        if slot in self._problems:
            raise CommandRefused(self._problems[slot])
        if slot not in self._patterns and (self.number, slot) in self.changed:
            raise CommandRefused(f"The file of slot {slot} is new; /pattern/reload {slot}, or d on the slot, takes it.")
        if slot not in self._patterns:
            raise CommandRefused(f"Slot {slot} is empty; save to it first.")
        return self._patterns[slot]

    def put(self, slot: int, pattern: Pattern, entry: int | None = None) -> None:
        """Let a slot hold `pattern`, compiled in `entry` already or to be compiled now.

        Raises PoolFull where it cannot be.
        """
        self.hold({slot: pattern}, {} if entry is None else {slot: entry})

    def remove(self, slot: int) -> None:
        """Let a slot be empty."""
        self.hold({slot: None})

    def hold(
        self,
        changes: Mapping[int, Pattern | None],
        entries: Mapping[int, int] | None = None,
        compiled: Mapping[int, Compiled] | None = None,
    ) -> None:
        """Let slots hold other patterns, or nothing where that is None.

        entries   where a pattern is compiled already, by slot
        compiled  patterns that are compiled beside the pool, by slot

        Raises PoolFull, having changed nothing, where one cannot be compiled.
        """
        known = {slot: entry for slot, entry in (entries or {}).items() if changes.get(slot) is not None}
        fresh = {slot: pattern for slot, pattern in changes.items() if pattern is not None and slot not in known}
        leaving = [self._entries[slot] for slot in changes if slot in self._entries]
        for entry in known.values():
            self._pool.keep(entry)
        waiting = sum(slot not in changes for slot in self._beside)
        if len(fresh) + waiting > self._pool.room_without(leaving):
            self._release(known.values())
            raise PoolFull("The sound has not taken up the last edits yet; try again.")
        ready = dict(compiled or {}) | {
            slot: self._kept[id(pattern)][1] for slot, pattern in fresh.items() if id(pattern) in self._kept
        }
        if len(changes) >= KEPT_FROM:
            self._kept = {
                id(self._patterns[slot]): (self._patterns[slot], self._compiled(slot))
                for slot in changes
                if slot in self._patterns
            }
        self._release(leaving)  # first, for the pool has no room for two full banks
        for slot in changes:
            self._entries.pop(slot, None)
            self._beside.pop(slot, None)
        self._entries.update(known)
        for slot, coming in fresh.items():
            if slot in ready:
                self._beside[slot] = ready[slot]
            else:
                self._entries[slot], _ = self._pool.compile(coming)
        for slot, pattern in changes.items():
            self._problems.pop(slot, None)
            self._patterns.pop(slot, None)
            self.changed -= {(self.number, slot)}
            if pattern is not None:
                self._patterns[slot] = pattern
        self.revision += 1

    def mark(self, slot: int, problem: str) -> None:
        """Let a slot be occupied by a file that cannot be played."""
        self.remove(slot)
        self._problems[slot] = problem

    def note_change(self, place: Place, changed: bool) -> None:
        """Show that a slot's file, of this bank or another, holds something else than the slot, or no longer."""
        after = self.changed | {place} if changed else self.changed - {place}
        if after != self.changed:
            self.changed = after
            self.revision += 1

    def occupied(self) -> list[int]:
        """The slots that hold a file, in order."""
        return sorted({*self._patterns, *self._problems})

    def lines(self) -> tuple[SlotLine, ...]:
        """The occupied slots as a page of the bank shows them."""
        changed = {slot for number, slot in self.changed if number == self.number}
        lines = {slot: SlotLine(slot, "", changed=True) for slot in changed}
        for slot, pattern in self._patterns.items():
            lines[slot] = SlotLine(slot, pattern.name, pattern.genre, changed=slot in changed)
        for slot, problem in self._problems.items():
            lines[slot] = SlotLine(slot, "", problem=problem, changed=slot in changed)
        return tuple(lines[slot] for slot in sorted(lines))

    def _compiled(self, slot: int) -> Compiled:
        """What a slot's pattern was compiled to."""
        return self._beside.get(slot) or self._pool.copy(self._entries[slot])

    def _release(self, entries: Iterable[int]) -> None:
        for entry in entries:
            self._pool.release(entry)
