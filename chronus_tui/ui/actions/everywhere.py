"""What keys do at every place: the transport, takes, the history, and the way back."""

from chronus_tui.ui.actions.action import Action, Press, within
from chronus_tui.ui.model import Model, Order

BPM = (20.0, 300.0)
SWING_MAX = 0.75


def toggle_playing(model: Model, press: Press) -> Order:
    """Play where stopped, stop where playing."""
    return Order("/transport/toggle")


def toggle_recording(model: Model, press: Press) -> Order:
    """Start a take as the recorder is set; or close the running one, or forget the one that waits to begin."""
    return Order("/record/toggle")


def grab(model: Model, press: Press) -> Order:
    """Make a take of all that is kept in memory."""
    return Order("/record/grab")


def mark(model: Model, press: Press) -> Order:
    """Set a mark in the running take."""
    return Order("/record/mark")


def undo(model: Model, press: Press) -> Order:
    """Take back the last edit or load."""
    return Order("/pattern/undo")


def redo(model: Model, press: Press) -> Order:
    """Do again what was taken back."""
    return Order("/pattern/redo")


def toggle_fill(model: Model, press: Press) -> Order:
    """Hold the fill that steps wait for, or let it go."""
    return Order("/transport/fill", (int(not (model.status is not None and model.status.filling)),))


def tap(model: Model, press: Press) -> Order:
    """Tap the tempo."""
    return Order("/transport/tap")


def change_bpm(by: float) -> Action:
    """An action that changes the tempo."""

    def act(model: Model, press: Press) -> Order:
        bpm = model.status.bpm if model.status is not None else float(model.pattern.bpm)
        return Order("/transport/bpm", (within(bpm + by, *BPM),))

    return act


def change_swing(by: float) -> Action:
    """An action that changes the swing."""

    def act(model: Model, press: Press) -> Order:
        swing = model.status.swing if model.status is not None else float(model.pattern.swing)
        return Order("/transport/swing", (within(swing + by, 0.0, SWING_MAX),))

    return act


def escape(model: Model, press: Press) -> Order | None:
    """Forget the number being typed, leave the piano, go back, forget the load that waits, or the noted slot."""
    if model.entry.pending:
        model.entry.cancel()
    elif model.piano:
        model.piano = False
    elif model.page == "library":
        return _forget_typed(model) or leave_library(model)
    elif model.page != "main":
        model.page = "main"
    elif model.status is not None and model.status.queued_when:
        return Order("/pattern/cancel")
    else:
        model.held = None
    model.notice = None
    return None


def leave_library(model: Model) -> Order | None:
    """Go back to the main page, and to the working pattern where something else is heard."""
    model.page = "main"
    model.browser.typing = False
    return Order("/library/audition") if model.status is not None and model.status.audition else None


def _forget_typed(model: Model) -> Order | None:
    """Look for nothing in the library again; None where nothing was looked for."""
    browser = model.browser
    if not browser.typing and not browser.typed:
        return None
    browser.typing, browser.typed = False, ""
    return Order(*browser.question())
