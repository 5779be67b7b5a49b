"""What the keys of the step page do."""

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.actions.panes import enter as take_entry
from chronus_tui.ui.actions.tracks import toggle_step
from chronus_tui.ui.controls.lanes import Lane, lane_under_cursor, lanes, lock_lane, lockable, order_at
from chronus_tui.ui.controls.scales import Size
from chronus_tui.ui.model import Model, Order

BEAT = 4


def move_step(by: int) -> Action:
    """An action that goes to another step of the track."""

    def act(model: Model, press: Press) -> None:
        model.move_step(by)

    return act


def move_lane(by: int) -> Action:
    """An action that goes to the row below (1) or above (-1)."""

    def act(model: Model, press: Press) -> None:
        names = [lane.name for lane in lanes(model)]
        if names:
            place = names.index(_require_lane(model).name) + by
            model.lane = names[min(max(place, 0), len(names) - 1)]

    return act


def turn(direction: int, size: Size) -> Action:
    """An action that turns what the cursor is on up (1) or down (-1); a lock that is not there is made."""

    def act(model: Model, press: Press) -> Order | None:
        lane = _require_lane(model)
        value = value_now(model, lane)
        moved = lane.stepped(value, direction, size)
        if moved == value and not (lane.lock and not lane.own(model.step_under_cursor)):
            return None
        model.turned[_key(model, lane)] = moved
        return lane.order(model, moved)

    return act


def reset(model: Model, press: Press) -> Order | None:
    """Take from the step what it has of its own in this row."""
    lane = _require_lane(model)
    model.turned.pop(_key(model, lane), None)
    return lane.reset(model) if lane.own(model.step_under_cursor) or not lane.lock else None


def enter(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else lock or unlock the parameter, or set or clear the step."""
    if model.entry.pending:
        return take_entry(model, press)
    lane = _require_lane(model)
    if not lane.lock:
        return toggle_step(model, press)
    return lane.reset(model) if lane.own(model.step_under_cursor) else lane.order(model, value_now(model, lane))


def rotate(by: int) -> Action:
    """An action that moves all steps of the track later (1) or earlier (-1)."""

    def act(model: Model, press: Press) -> Order:
        return order_at(model, "rotate", by)

    return act


def lock_order(model: Model, name: str) -> Order:
    """The command that locks a parameter on the step under the cursor, at the value that the track has.

    Raises CommandRefused where the track has no such parameter.
    """
    setting = next((setting for setting in lockable(model) if setting.name == name), None)
    if setting is None:
        raise CommandRefused(f"The track has no parameter {name!r}.")
    lane = lock_lane(setting)
    model.lane = name
    return lane.order(model, lane.value(model.require_track(), model.step_under_cursor))


def value_now(model: Model, lane: Lane) -> float:
    """What the step under the cursor has in a row, with what was ordered and is not yet told of."""
    return model.turned.get(_key(model, lane), lane.value(model.require_track(), model.step_under_cursor))


def _key(model: Model, lane: Lane) -> str:
    return f"/track/{model.track + 1}/step {model.step + 1}/{lane.name}"


def _require_lane(model: Model) -> Lane:
    model.require_track()
    lane = lane_under_cursor(model)
    if lane is None:
        raise CommandRefused("There is no step here.")
    return lane
