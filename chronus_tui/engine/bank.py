"""The current bank, read and compiled: a load from it touches no disk and no Python.

The control thread alone changes it; the files follow on the store's thread.
"""

from chronus_tui.engine.player import Pool
from chronus_tui.errors import CommandRefused, StoreError
from chronus_tui.link import SlotLine
from store.documents import Pattern
from store.slots import SlotStore


class Bank:
    """What the slots of one bank hold, by slot number.

    A slot whose file cannot be read is occupied by a problem, a sentence, instead of a pattern.
    """

    def __init__(self, pool: Pool, slots: SlotStore, number: int) -> None:
        self.number = number
        self.revision = 0  # goes up whenever a slot changes
        self._pool = pool
        self._patterns: dict[int, Pattern] = {}
        self._entries: dict[int, int] = {}
        self._problems: dict[int, str] = {}
        for slot in slots.occupied(number):
            try:
                self.put(slot, slots.read(number, slot))
            except StoreError as error:
                self._problems[slot] = str(error)

    def pattern(self, slot: int) -> Pattern | None:
        """What a slot holds, or None."""
        return self._patterns.get(slot)

    def entry(self, slot: int) -> int | None:
        """The pool's entry of a slot, or None."""
        return self._entries.get(slot)

    def require(self, slot: int) -> Pattern:
        """What a slot holds. Raises CommandRefused where it is empty or cannot be read."""
        if slot in self._problems:
            raise CommandRefused(self._problems[slot])
        if slot not in self._patterns:
            raise CommandRefused(f"Slot {slot} is empty; save to it first.")
        return self._patterns[slot]

    def put(self, slot: int, pattern: Pattern, entry: int | None = None) -> None:
        """Let a slot hold `pattern`, compiled in `entry` already or to be compiled now.

        Raises PoolFull where it cannot be.
        """
        if entry is None:
            entry, _ = self._pool.compile(pattern)
        else:
            self._pool.keep(entry)
        self.remove(slot)
        self._patterns[slot] = pattern
        self._entries[slot] = entry
        self.revision += 1

    def remove(self, slot: int) -> None:
        """Let a slot be empty."""
        self._problems.pop(slot, None)
        self._patterns.pop(slot, None)
        entry = self._entries.pop(slot, None)
        if entry is not None:
            self._pool.release(entry)
        self.revision += 1

    def occupied(self) -> list[int]:
        """The slots that hold a file, in order."""
        return sorted({*self._patterns, *self._problems})

    def lines(self) -> tuple[SlotLine, ...]:
        """The occupied slots as a page of the bank shows them."""
        readable = [SlotLine(slot, pattern.name, pattern.genre) for slot, pattern in self._patterns.items()]
        damaged = [SlotLine(slot, "", problem=problem) for slot, problem in self._problems.items()]
        return tuple(sorted(readable + damaged, key=lambda line: line.slot))
