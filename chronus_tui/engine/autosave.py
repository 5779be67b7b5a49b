"""Saves the working pattern and its history by themselves, a moment after they were changed: never more than one
file a second, the two in turn."""

import logging
from concurrent.futures import Executor, Future

from msgspec.structs import replace

from chronus_tui.engine.history import History
from chronus_tui.engine.session import Session
from chronus_tui.errors import StoreError
from store.documents import Pattern
from store.errors import SlotOutOfRange
from store.history import HistoryFile, Kept
from store.moments import Moment
from store.slots.slots import SlotStore

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

log = logging.getLogger(__name__)


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
        self._history_is_next = False
        self._waiting = False  # something was changed, and its time has not come
        self._due_s = 0.0
        self._writing: Future[None] | None = None

    def follow(self, now_s: float) -> str:
        """Write one file where that is due. A sentence where the last write failed, or nothing."""
        failed = self._failure()
        if failed:
            self._saved_revision = self._kept_revision = NEVER_SAVED
            self._due_s = now_s + AGAIN_S
        if self._session.revision != self._seen_revision:
            # Debounced from the first change, so that a knob swept for a minute is saved meanwhile.
            if not self._waiting:
                self._due_s = max(self._due_s, now_s + AFTER_S)
            self._seen_revision = self._session.revision
        edited, unkept = self._seen_revision != self._saved_revision, self._has_unkept
        self._waiting = edited or unkept
        if self._waiting and now_s >= self._due_s and self._writing is None:
            # The pattern first: it is all that is played, and the last history leads up to it.
            if unkept and (self._history_is_next or not edited):
                self._history_is_next = False
                self._writing = self._disk.submit(self._write, None, self._unkept())
            else:
                self._history_is_next = unkept
                self._writing = self._disk.submit(self._write, self._unsaved(), None)
            self._due_s = now_s + AFTER_S
            self._waiting = edited and unkept
        return failed

    def write(self) -> None:
        """Write all that changed, now, and wait for it; what failed just before, once more. The engine ends."""
        if self._writing is not None and self._writing.exception() is not None:
            self._saved_revision = self._kept_revision = NEVER_SAVED
        pattern = self._unsaved() if self._session.revision != self._saved_revision else None
        kept = self._unkept() if self._has_unkept else None
        if pattern is not None or kept is not None:
            error = self._disk.submit(self._write, pattern, kept).exception()
            if error is not None:
                log.error("what was changed last could not be saved: %s", error)

    def _write(self, pattern: Pattern | None, kept: Kept | None) -> None:
        if kept is not None and self._history is not None:
            self._history.write(kept)
        if pattern is not None:
            self._slots.write_autosave(BANK, pattern)

    def _unsaved(self) -> Pattern:
        """The working pattern, which counts as saved from now on."""
        self._saved_revision = self._seen_revision = self._session.revision
        moment = self._session.moment
        origin = {FROM_SLOT: moment.slot, FROM_BANK: moment.bank, AT_STEP: self._session.history.revision}
        return replace(moment.pattern, extra={**moment.pattern.extra, **origin})

    @property
    def _has_unkept(self) -> bool:
        """Whether the history has other steps than were written. A knob that is swept on makes no new ones."""
        return self._history is not None and self._session.history.revision != self._kept_revision

    def _unkept(self) -> Kept:
        """The history, which counts as written from now on."""
        history = self._session.history
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
    now = replace(moment, slots=kept.now.slots, chain=kept.now.chain)
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
