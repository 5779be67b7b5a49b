"""Notices when an editor, git, or another program changed a slot's file. Nothing is taken from it: people are told,
and `/pattern/reload` takes it.

What is watched are the slots of the bank at hand, and the slot that the working pattern belongs to. Once a second the
disk's thread asks the system for the files' signatures, and reads only those that are new. A file that holds the same
pattern, written by ourselves or laid out in another way, is not changed.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future

import msgspec

from chronus_tui.engine.session import Session
from chronus_tui.engine.slots.bank import Bank
from chronus_tui.errors import StoreError
from store.documents import Pattern
from store.errors import SlotEmpty
from store.limits import SLOTS
from store.moments import Place
from store.slots.slots import Signature, SlotStore

EVERY_S = 1.0

Known = Pattern | str | None
"""What a slot is known to hold: a pattern, or the sentence why that cannot be read, or nothing."""


class _Look(msgspec.Struct, frozen=True):
    """What one look at the disk found.

    known      what the looked-at slots were known to hold when it was begun
    signature  of each of their files
    changed    of those files that are new, whether they hold something else
    """

    known: Mapping[Place, Known]
    signatures: Mapping[Place, Signature]
    changed: Mapping[Place, bool]


class Watch:
    """Looks at the files of `bank` and of `session`'s slot. The control thread calls it; the disk's thread looks.

    tell  sends an event, its address and arguments
    """

    def __init__(
        self, session: Session, bank: Bank, slots: SlotStore, disk: Executor, tell: Callable[..., None]
    ) -> None:
        self._session = session
        self._bank = bank
        self._slots = slots
        self._disk = disk
        self._tell = tell
        self._seen: dict[Place, Signature | None] = {}
        self._number = 0
        self._due_s = 0.0
        self._looking: Future[_Look] | None = None

    def follow(self, now_s: float) -> None:
        """Take what the last look found, and begin another where it is due."""
        if self._bank.number != self._number:
            self._number = self._bank.number
            self._seen = {(self._number, slot): found for slot, found in self._bank.signatures.items()}
        if self._looking is not None and self._looking.done():
            looking, self._looking = self._looking, None
            self._take(looking)
        if self._looking is None and now_s >= self._due_s:
            self._due_s = now_s + EVERY_S
            self._looking = self._disk.submit(_look, self._slots, self._known(), dict(self._seen))

    def _known(self) -> dict[Place, Known]:
        bank, moment = self._bank, self._session.moment
        known: dict[Place, Known] = {
            (bank.number, slot): bank.pattern(slot) or bank.problem(slot) for slot in range(1, SLOTS + 1)
        }
        if moment.place is not None:
            known.setdefault(moment.place, moment.saved)
        return known

    def _take(self, looking: "Future[_Look]") -> None:
        try:
            look = looking.result()
        except StoreError:
            return  # a folder that cannot be read is told of by whoever needs it
        known = self._known()
        for place, changed in look.changed.items():
            if place not in known or known[place] is not look.known[place]:
                continue  # it came to hold something else meanwhile: the next look compares that
            self._seen[place] = look.signatures.get(place)
            if changed and place not in self._bank.changed:
                self._tell("/event/slot_changed_on_disk", place[1], place[0])
            self._bank.note_change(place, changed)


def _look(slots: SlotStore, known: Mapping[Place, Known], seen: Mapping[Place, Signature | None]) -> _Look:
    banks = {bank for bank, _ in known}
    found = {(bank, slot): each for bank in banks for slot, each in slots.signatures(bank).items()}
    new = [place for place in known if found.get(place) != seen.get(place)]
    return _Look(known, found, {place: _differs(slots, place, known[place]) for place in new})


def _differs(slots: SlotStore, place: Place, known: Known) -> bool:
    """Whether a slot's file holds something else than is known."""
    try:
        return slots.read(*place) != known
    except SlotEmpty:
        return known is not None
    except StoreError as error:
        return str(error) != known
