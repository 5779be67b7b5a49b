"""Saves the working pattern by itself, a moment after it was last changed and never more than once a second."""

from concurrent.futures import Executor, Future

from msgspec.structs import replace

from chronus_tui.engine.session import Moment, Session
from chronus_tui.errors import StoreError
from store.errors import SlotOutOfRange
from store.slots import SlotStore

AFTER_S = 1.0
AGAIN_S = 10.0
"""After a write that failed, such as on a full disk."""
NEVER_SAVED = -1
BANK = 1
"""The bank in whose folder the autosave lies. There is one for the project, as there is one working pattern: it
stays what it is when the bank is switched, so at no moment could an older one be taken for it."""
FROM_SLOT = "autosaved_from"
"""The field of an autosave's document that tells which slot the pattern belongs to."""
FROM_BANK = "autosaved_from_bank"
"""The same for the bank."""


class Autosave:
    """Follows `session` and writes its working pattern to slot 0, on the disk's thread."""

    def __init__(self, session: Session, slots: SlotStore, disk: Executor) -> None:
        self._session = session
        self._slots = slots
        self._disk = disk
        self._saved_revision = session.revision
        self._seen_revision = session.revision
        self._due_s = 0.0
        self._writing: Future[None] | None = None

    def follow(self, now_s: float) -> str:
        """Write where it is due. A sentence where the last write failed, or nothing."""
        failed = self._failure()
        if failed:
            self._saved_revision, self._due_s = NEVER_SAVED, now_s + AGAIN_S
        if self._session.revision != self._seen_revision:
            # Debounced from the first change, so that a knob swept for a minute is saved meanwhile.
            if self._seen_revision == self._saved_revision:
                self._due_s = now_s + AFTER_S
            self._seen_revision = self._session.revision
        if self._seen_revision != self._saved_revision and now_s >= self._due_s and self._writing is None:
            self.write()
        return failed

    def write(self) -> None:
        """Write now, where anything changed."""
        if self._session.revision == self._saved_revision:
            return
        self._saved_revision = self._seen_revision = self._session.revision
        moment = self._session.moment
        origin = {FROM_SLOT: moment.slot, FROM_BANK: moment.bank}
        pattern = replace(moment.pattern, extra={**moment.pattern.extra, **origin})
        self._writing = self._disk.submit(self._slots.write_autosave, BANK, pattern)

    def _failure(self) -> str:
        if self._writing is None or not self._writing.done():
            return ""
        error, self._writing = self._writing.exception(), None
        if error is None:
            return ""
        if not isinstance(error, StoreError):
            raise error
        return str(error)


def resumed(slots: SlotStore) -> Moment | None:
    """The moment that the last autosave tells of, with what its slot holds where that can be read; None where there
    is none. Raises StoreError where it cannot be read."""
    pattern = slots.read_autosave(BANK)
    if pattern is None:
        return None
    extra = dict(pattern.extra)
    slot, bank = extra.pop(FROM_SLOT, None), extra.pop(FROM_BANK, BANK)
    pattern = replace(pattern, extra=extra)
    if not isinstance(slot, int) or not isinstance(bank, int):
        return Moment(pattern)
    try:
        return Moment(pattern, slot, slots.read(bank, slot), bank)
    except SlotOutOfRange:
        return Moment(pattern)
    except StoreError:
        return Moment(pattern, slot, None, bank)
