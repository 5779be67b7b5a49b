"""While the keys are a piano."""

from chronus_tui.errors import CommandRefused
from chronus_tui.ui import piano_keys
from chronus_tui.ui.actions.action import Action, Press, at_track
from chronus_tui.ui.model import OCTAVES, Model, Order


def toggle_piano(model: Model, press: Press) -> None:
    """Make the keys a piano for the track under the cursor; Escape makes them keys again."""
    model.require_track()
    model.piano = True


def play_note(model: Model, press: Press) -> Order:
    """Sound the piano key's note on the track under the cursor."""
    note = piano_keys.note_of(press.key, model.octave)
    if note is None:
        raise CommandRefused("That is above the highest note.")
    return at_track(model, "note", note, piano_keys.VELOCITY, piano_keys.NOTE_S)


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
