"""What the keys of the sound, effects and recorder pages do."""

from chronus_tui.errors import CommandRefused
from chronus_tui.ui import piano_keys
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.actions.panes import enter as take_or_toggle
from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.controls.pages import cursor, page_groups, place_cursor, under_cursor
from chronus_tui.ui.controls.scales import Size, stepped
from chronus_tui.ui.model import Model, Order, Page


def turn_to(page: Page) -> Action:
    """An action that opens a page, or goes back to the main page from it."""

    def act(model: Model, press: Press) -> None:
        model.page = "main" if model.page == page else page

    return act


def choose(by: int) -> Action:
    """An action that goes to the next (1) or the previous (-1) control; in the mixer to the next track."""

    def act(model: Model, press: Press) -> None:
        groups = page_groups(model)
        if not groups:
            return
        number, place = cursor(model, groups)
        place += by
        if not 0 <= place < len(groups[number].controls):
            beyond = number + by
            if groups[number].mixer or not 0 <= beyond < len(groups) or groups[beyond].mixer:
                return
            number, place = beyond, 0 if by > 0 else len(groups[beyond].controls) - 1
        place_cursor(model, groups[number], place)

    return act


def choose_group(by: int) -> Action:
    """An action that goes to the next group, round and round; in the mixer each column is one."""

    def act(model: Model, press: Press) -> None:
        groups = page_groups(model)
        if not groups:
            return
        number = (cursor(model, groups)[0] + by) % len(groups)
        place_cursor(model, groups[number], model.track if groups[number].mixer else 0)

    return act


def turn(direction: int, size: Size) -> Action:
    """An action that turns the control under the cursor up (1) or down (-1)."""

    def act(model: Model, press: Press) -> Order | None:
        control = _require(model)
        value = stepped(control.setting, control.value, direction, size)
        return None if value == control.value else _order(model, control, value)

    return act


def reset(model: Model, press: Press) -> Order:
    """Give the control under the cursor its default."""
    control = _require(model)
    return _order(model, control, control.setting.default)


def other_track(by: int) -> Action:
    """An action that shows the sound of the next (1) or the previous (-1) track."""

    def act(model: Model, press: Press) -> None:
        model.move_track(by)

    return act


def step_preset(by: int) -> Action:
    """An action that gives the track the next (1) or the previous (-1) preset of its instrument."""

    def act(model: Model, press: Press) -> Order:
        model.require_track()
        return Order(f"/track/{model.track + 1}/preset_step", (by,))

    return act


def choose_next(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else the next choice of the control under the cursor, round and round.

    Raises CommandRefused where it has none.
    """
    if model.entry.pending:
        return take_or_toggle(model, press)
    control = _require(model)
    setting = control.setting
    if not setting.choices:
        raise CommandRefused(f"{setting.name} is an amount: the arrows turn it, v types it.")
    value = control.value + 1.0 if control.value < setting.high else setting.low
    return None if value == control.value else _order(model, control, value)


def enter(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else sound the track's own note."""
    if model.entry.pending:
        return take_or_toggle(model, press)
    track = model.require_track()
    return Order(f"/track/{model.track + 1}/note", (track.note, piano_keys.VELOCITY, piano_keys.NOTE_S))


def _order(model: Model, control: Control, value: float) -> Order:
    model.turned[control.key] = value
    return control.order(value)


def _require(model: Model) -> Control:
    control = under_cursor(model)
    if control is None:
        raise CommandRefused("There is nothing to turn here; the track's instrument is not known to this engine.")
    return control
