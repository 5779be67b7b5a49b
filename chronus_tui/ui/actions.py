"""What each key does: pure functions of what the screen knows, that move its cursor or make an order.

Each takes the model and the press; it returns the command to be sent, or None where only the screen
changes. What cannot be done raises CommandRefused with a sentence, and nothing changes.
"""

from collections.abc import Callable

import msgspec

from chronus_tui.errors import CommandRefused
from chronus_tui.ui import piano
from chronus_tui.ui.model import OCTAVES, Model, Order
from chronus_tui.ui.slot_entry import Choice, Purpose
from store.documents import Number
from store.limits import STEPS_MAX

GAIN_DB = (-60.0, 12.0)
BPM = (20.0, 300.0)
SWING_MAX = 0.75
NOTE_MAX = 127
_WHEN = {"load now": "immediate", "load at beat": "beat", "load at end": "end"}
"""What a load waits for, where it is not the bar."""


class Press(msgspec.Struct, frozen=True):
    """A key that was pressed, by its name in the key table, and when by the screen's clock."""

    key: str
    now_s: float


Action = Callable[[Model, Press], Order | None]


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
        return Order("/transport/bpm", (_within(bpm + by, *BPM),))

    return act


def change_swing(by: float) -> Action:
    """An action that changes the swing."""

    def act(model: Model, press: Press) -> Order:
        swing = model.status.swing if model.status is not None else float(model.pattern.swing)
        return Order("/transport/swing", (_within(swing + by, 0.0, SWING_MAX),))

    return act


def other_pane(model: Model, press: Press) -> None:
    """Go to the other pane."""
    model.pane = "slots" if model.pane == "tracks" else "tracks"


def move(columns: int, rows: int) -> Action:
    """An action that moves the cursor, by steps and tracks or by slots."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.move_slot(columns + rows * model.slot_columns)
        else:
            model.move_track(rows)
            model.move_step(columns)

    return act


def move_far(by: int) -> Action:
    """An action that moves the cursor a page of 16."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.move_slot(by * 16)
        else:
            model.move_step(by * 16)

    return act


def move_end(by: int) -> Action:
    """An action that moves the cursor to the first (-1) or last (1) step or slot."""

    def act(model: Model, press: Press) -> None:
        if model.pane == "slots":
            model.slot = 1 if by < 0 else 128
        else:
            model.move_step(by * STEPS_MAX)

    return act


def enter(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed, or set the step, or load the slot, under the cursor."""
    if model.entry.pending:
        in_slots = model.pane == "slots" or model.entry.purpose != "save"
        return choice_order(model, model.entry.enter(model.slot if in_slots else model.loaded))
    if model.pane == "slots":
        return choice_order(model, Choice("load", model.slot))
    return toggle_step(model, press)


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


def digit(model: Model, press: Press) -> Order | None:
    """Type one digit of a slot's number."""
    return choice_order(model, model.entry.digit(press.key, press.now_s))


def begin_entry(purpose: Purpose) -> Action:
    """An action that begins a slot's number, for `purpose`."""

    def act(model: Model, press: Press) -> None:
        model.entry.begin(purpose)

    return act


def line_typed(model: Model) -> str | None:
    """What a load shall wait for where that was typed and no number behind it, which is then no longer to come; None
    where nothing of the kind was typed."""
    when = _WHEN.get(model.entry.purpose) if model.entry.purpose is not None and not model.entry.digits else None
    if when is not None:
        model.entry.cancel()
    return when


def choice_order(model: Model, choice: Choice | None) -> Order | None:
    """The command for a slot or a bank that was chosen."""
    if choice is None:
        return None
    if choice.purpose == "bank":
        return Order("/pattern/bank", (choice.slot,))
    if choice.purpose == "chain":
        return chained(model, choice.slot)
    if choice.purpose == "save":
        return Order("/pattern/save", (choice.slot,))
    model.slot = choice.slot
    when = _WHEN.get(choice.purpose)
    return Order("/pattern/load", (choice.slot,) if when is None else (choice.slot, when))


def chained(model: Model, slot: int) -> Order:
    """The command that adds a slot of the bank at hand to the chain; the cursor goes to it."""
    model.chain_place = len(model.chain.entries)
    return Order("/chain/add", (slot, model.bank))


def toggle_step(model: Model, press: Press) -> Order:
    """Set the step where it rests, clear it where it sounds."""
    return _at_track(model, "toggle", model.step + 1)


def toggle_accent(model: Model, press: Press) -> Order:
    """Turn the step's accent on or off."""
    return _at_track(model, "accent", model.step + 1)


def toggle_tie(model: Model, press: Press) -> Order:
    """Turn the step's tie on or off."""
    return _at_track(model, "tie", model.step + 1)


def toggle_mute(model: Model, press: Press) -> Order:
    """Silence the track, or let it sound."""
    return _at_track(model, "mute", int(not model.require_track().mute))


def toggle_solo(model: Model, press: Press) -> Order:
    """Hear only this track and other soloed ones, or all again."""
    return _at_track(model, "solo", int(not model.require_track().solo))


def change_gain(by_db: float) -> Action:
    """An action that changes the track's level."""

    def act(model: Model, press: Press) -> Order:
        return _at_track(model, "gain", _within(model.require_track().gain_db + by_db, *GAIN_DB))

    return act


def change_pan(by: float) -> Action:
    """An action that moves the track between left and right."""

    def act(model: Model, press: Press) -> Order:
        return _at_track(model, "pan", _within(model.require_track().pan + by, -1.0, 1.0))

    return act


def change_note(by: int) -> Action:
    """An action that changes the step's note by semitones."""

    def act(model: Model, press: Press) -> Order:
        track = model.require_track()
        step = model.step_under_cursor
        note = track.note if step.note is None else step.note
        return _at_track(model, "step_note", model.step + 1, min(max(note + by, 0), NOTE_MAX))

    return act


def change_velocity(by: float) -> Action:
    """An action that changes how hard the step is struck."""

    def act(model: Model, press: Press) -> Order:
        velocity = _within(model.step_under_cursor.velocity + by, 0.0, 1.0)
        return _at_track(model, "step_velocity", model.step + 1, velocity)

    return act


def change_length(by: int) -> Action:
    """An action that changes how many steps the track has."""

    def act(model: Model, press: Press) -> Order:
        length = min(max(model.require_track().length + by, 1), STEPS_MAX)
        return _at_track(model, "length", length)

    return act


def change_instrument(by: int) -> Action:
    """An action that gives the track the next or the previous instrument."""

    def act(model: Model, press: Press) -> Order:
        names = model.instruments
        if not names:
            raise CommandRefused("The engine has not told its instruments yet; try again.")
        current = model.require_track().instrument
        place = names.index(current) + by if current in names else 0
        return _at_track(model, "instrument", names[place % len(names)])

    return act


def clear(model: Model, press: Press) -> Order:
    """Clear the track's steps, or empty the slot, under the cursor."""
    if model.pane == "slots":
        return Order("/pattern/clear", (model.slot,))
    return _at_track(model, "clear")


def toggle_piano(model: Model, press: Press) -> None:
    """Make the keys a piano for the track under the cursor; Escape makes them keys again."""
    model.require_track()
    model.piano = True


def play_note(model: Model, press: Press) -> Order:
    """Sound the piano key's note on the track under the cursor."""
    note = piano.note_of(press.key, model.octave)
    if note is None:
        raise CommandRefused("That is above the highest note.")
    return _at_track(model, "note", note, piano.VELOCITY, piano.NOTE_S)


def move_octave(by: int) -> Action:
    """An action that moves the piano by octaves."""

    def act(model: Model, press: Press) -> None:
        model.octave = min(max(model.octave + by, OCTAVES.start), OCTAVES.stop - 1)

    return act


def move_piano_track(by: int) -> Action:
    """An action that gives the piano another track."""

    def act(model: Model, press: Press) -> None:
        model.move_track(by)

    return act


def _at_track(model: Model, command: str, *arguments: float | str) -> Order:
    model.require_track()
    return Order(f"/track/{model.track + 1}/{command}", arguments)


def _within(value: Number, low: float, high: float) -> float:
    return round(min(max(float(value), low), high), 3)
