"""The tracks pane: the step and the track under the cursor."""

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions.action import Action, Press, at_track, within
from chronus_tui.ui.model import Model, Order
from store.limits import STEPS_MAX

GAIN_DB = (-60.0, 12.0)
NOTE_MAX = 127


def toggle_step(model: Model, press: Press) -> Order:
    """Set the step where it rests, clear it where it sounds."""
    return at_track(model, "toggle", model.step + 1)


def toggle_accent(model: Model, press: Press) -> Order:
    """Turn the step's accent on or off."""
    return at_track(model, "accent", model.step + 1)


def toggle_tie(model: Model, press: Press) -> Order:
    """Turn the step's tie on or off."""
    return at_track(model, "tie", model.step + 1)


def toggle_mute(model: Model, press: Press) -> Order:
    """Silence the track, or let it sound."""
    return at_track(model, "mute", int(not model.require_track().mute))


def toggle_solo(model: Model, press: Press) -> Order:
    """Hear only this track and other soloed ones, or all again."""
    return at_track(model, "solo", int(not model.require_track().solo))


def change_gain(by_db: float) -> Action:
    """An action that changes the track's level."""

    def act(model: Model, press: Press) -> Order:
        return at_track(model, "gain", within(model.require_track().gain_db + by_db, *GAIN_DB))

    return act


def change_pan(by: float) -> Action:
    """An action that moves the track between left and right."""

    def act(model: Model, press: Press) -> Order:
        return at_track(model, "pan", within(model.require_track().pan + by, -1.0, 1.0))

    return act


def change_note(by: int) -> Action:
    """An action that changes the step's note by semitones."""

    def act(model: Model, press: Press) -> Order:
        track = model.require_track()
        step = model.step_under_cursor
        note = track.note if step.note is None else step.note
        return at_track(model, "step_note", model.step + 1, min(max(note + by, 0), NOTE_MAX))

    return act


def change_velocity(by: float) -> Action:
    """An action that changes how hard the step is struck."""

    def act(model: Model, press: Press) -> Order:
        velocity = within(model.step_under_cursor.velocity + by, 0.0, 1.0)
        return at_track(model, "step_velocity", model.step + 1, velocity)

    return act


def change_length(by: int) -> Action:
    """An action that changes how many steps the track has."""

    def act(model: Model, press: Press) -> Order:
        length = min(max(model.require_track().length + by, 1), STEPS_MAX)
        return at_track(model, "length", length)

    return act


def change_instrument(by: int) -> Action:
    """An action that gives the track the next or the previous instrument."""

    def act(model: Model, press: Press) -> Order:
        names = model.instruments
        if not names:
            raise CommandRefused("The engine has not told its instruments yet; try again.")
        current = model.require_track().instrument
        place = names.index(current) + by if current in names else 0
        return at_track(model, "instrument", names[place % len(names)])

    return act
