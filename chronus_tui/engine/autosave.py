"""Saves the working pattern and its history by themselves, a moment after they were last changed and never more
than once a second."""

from concurrent.futures import Executor, Future
from dataclasses import replace as replace_moment

from msgspec.structs import replace

from chronus_tui.engine.history import History
from chronus_tui.engine.session import Session
from chronus_tui.errors import StoreError
from store.documents import Pattern
from store.errors import SlotOutOfRange
from store.history import HistoryFile, Kept
from store.moments import Moment
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
AT_STEP = "autosaved_step"
"""The revision of the history at that moment."""


class Autosave:
    """Follows `session` and writes its working pattern to slot 0, on the disk's thread.

    history  where the steps of undo and redo are kept, or None where they are not
    """

    def __init__(self, session: Session, slots: SlotStore, disk: Executor, history: HistoryFile | None = None) -> None:
        self._session = session
        self._slots = slots
        self._disk = disk
        self._history = history
        self._kept_revision = session.history.revision
        self._saved_revision = session.revision
        self._seen_revision = session.revision
        self._due_s = 0.0
        self._writing: Future[None] | None = None

    def follow(self, now_s: float) -> str:
        """Write where it is due. A sentence where the last write failed, or nothing."""
        failed = self._failure()
        if failed:
            self._saved_revision = self._kept_revision = NEVER_SAVED
            self._due_s = now_s + AGAIN_S
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
        step = self._session.history.revision
        origin = {FROM_SLOT: moment.slot, FROM_BANK: moment.bank, AT_STEP: step}
        pattern = replace(moment.pattern, extra={**moment.pattern.extra, **origin})
        self._writing = self._disk.submit(self._write, pattern, self._unkept())

    def _write(self, pattern: Pattern, kept: Kept | None) -> None:
        if kept is not None and self._history is not None:
            self._history.write(kept)
        self._slots.write_autosave(BANK, pattern)

    def _unkept(self) -> Kept | None:
        """The history, where it has other steps than were written. A knob that is swept on makes no new ones."""
        history = self._session.history
        if self._history is None or history.revision == self._kept_revision:
            return None
        self._kept_revision = history.revision
        return Kept(history.past, self._session.moment, history.future, history.revision)

    def _failure(self) -> str:
        if self._writing is None or not self._writing.done():
            return ""
        error, self._writing = self._writing.exception(), None
        if error is None:
            return ""
        if not isinstance(error, StoreError):
            raise error
        return str(error)


def resumed(slots: SlotStore, kept: Kept | None) -> tuple[Moment, History[Moment]] | None:
    """The moment that the last autosave tells of, with what its slot holds where that can be read, and the history
    that was kept; None where there is no autosave. Raises StoreError where it cannot be read."""
    last = _last(slots)
    if last is None:
        return None
    moment, step = last
    if kept is None:
        return moment, History(revision=step)
    now = replace_moment(moment, slots=kept.now.slots, chain=kept.now.chain)
    if step == kept.step:
        return now, History(kept.past, kept.future, step)
    if step < kept.step and any(now.pattern == past.pattern for past in kept.past):
        # The history is written first, and the engine was cut off before the autosave followed.
        return kept.now, History(kept.past, kept.future, kept.step)
    return now, History((*kept.past, kept.now), (), max(step, kept.step) + 1)


def _last(slots: SlotStore) -> tuple[Moment, int] | None:
    """The moment of the last autosave, and the revision of the history that it belongs to."""
    pattern = slots.read_autosave(BANK)
    if pattern is None:
        return None
    extra = dict(pattern.extra)
    slot, bank, step = extra.pop(FROM_SLOT, None), extra.pop(FROM_BANK, BANK), extra.pop(AT_STEP, 0)
    step = step if isinstance(step, int) else 0
    pattern = replace(pattern, extra=extra)
    if not isinstance(slot, int) or not isinstance(bank, int):
        return Moment(pattern), step
    try:
        return Moment(pattern, slot, slots.read(bank, slot), bank), step
    except SlotOutOfRange:
        return Moment(pattern), step
    except StoreError:
        return Moment(pattern, slot, None, bank), step
