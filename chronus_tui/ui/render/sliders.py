"""Controls as rows: a name, a small bar with a knob, a value; and groups of them in columns."""

from collections.abc import Sequence

import msgspec

from chronus_tui.ui.controls.control import Control, Group
from chronus_tui.ui.controls.scales import SHOWN_MAX, is_two_sided, position
from chronus_tui.ui.render.cells import Line, fit, width_of
from chronus_tui.ui.theme import Paint

VALUE_COLUMNS = SHOWN_MAX
NAME_COLUMNS = 12
BAR_MAX = 16
KNOB, FILLED, REST, MIDDLE, DEFAULT = "●", "━", "·", "┼", "○"


class Placed(msgspec.Struct, frozen=True):
    """One row of a column: a group's title, a control of it, or air."""

    group: int
    place: int | None


def draw_bar(line: Line, x: int, width: int, control: Control) -> None:
    """A value as a knob on its way; two-sided ones are filled from their middle.

    The ring tells where the default is, where the knob is elsewhere.
    """
    setting = control.setting
    last = width - 1
    at = round(position(setting, control.value) * last)
    two_sided = is_two_sided(setting)
    start = round(position(setting, 0.0) * last) if two_sided else 0
    line.put(x, REST * width, Paint.DIM)
    low, high = min(at, start), max(at, start)
    line.put(x + low, FILLED * (high - low + 1), Paint.PLAIN)
    if two_sided:
        line.put(x + start, MIDDLE, Paint.DIM)
    default = round(position(setting, setting.default) * last)
    if default != start or not two_sided:
        line.put(x + default, DEFAULT, Paint.DIM)
    line.put(x + at, KNOB, Paint.STRONG)


def draw_control(line: Line, x: int, width: int, control: Control, selected: bool) -> None:
    """One control in `width` columns, of which the first and the one after the name are the cursor's."""
    name = min(NAME_COLUMNS + max(0, width - 38), 16) if width >= 30 else width - VALUE_COLUMNS - 8
    bar_x = x + name + 3
    line.put(x + 1, fit(control.label, name), Paint.STRONG if selected or control.own else Paint.PLAIN)
    if selected:
        line.put(x, f"[{fit(control.label, name):<{name}}]", Paint.CURSOR)
    paint = Paint.STRONG if control.own else Paint.PLAIN
    bar = min(BAR_MAX, width - name - VALUE_COLUMNS - 4)
    end = bar_x + max(bar, 0) + 1 + VALUE_COLUMNS
    if control.taken:
        line.put(bar_x, fit(control.words, end - bar_x), paint)
        return
    if width_of(control.words) > VALUE_COLUMNS:
        line.put_right(end, fit(control.words, end - bar_x), paint)
        return
    if bar >= 3:
        draw_bar(line, bar_x, bar, control)
    line.put_right(end, control.words, paint)


def columns_for(width: int, groups: Sequence[Group], room: int) -> tuple[tuple[tuple[Placed, ...], ...], int]:
    """Groups in as few columns as hold them in `room` rows, and the width of each; else in as many as fit."""
    fewest = max(1, width // 40)
    most = max(fewest, width // 26)
    for count in range(fewest, most + 1):
        columns = _flow(groups, count)
        if max(map(len, columns), default=0) <= room:
            break
    return columns, width // count


def _flow(groups: Sequence[Group], count: int) -> tuple[tuple[Placed, ...], ...]:
    """Groups in reading order in `count` columns, none torn apart, the longest column as short as can be."""
    sizes = [1 + len(group.controls) for group in groups]
    height = max(sizes, default=0)
    while _columns_needed(sizes, height) > count:
        height += 1
    columns: list[list[Placed]] = [[]]
    for number, group in enumerate(groups):
        if columns[-1] and len(columns[-1]) + sizes[number] > height:
            columns.append([])
        columns[-1].append(Placed(number, None))
        columns[-1] += [Placed(number, place) for place in range(len(group.controls))]
    return tuple(tuple(column) for column in columns)


def _columns_needed(sizes: Sequence[int], height: int) -> int:
    needed, used = 1, 0
    for size in sizes:
        if used and used + size > height:
            needed, used = needed + 1, 0
        used += size
    return needed


def draw_columns(
    width: int, groups: Sequence[Group], at: tuple[int, int] | None, room: int, planned_room: int = 0
) -> list[Line]:
    """Groups in columns on at most `room` lines; where they are longer, the part with the cursor `at`.

    planned_room  lines that the columns are laid out for, where that is more: then they stay when others need room
    """
    columns, column_width = columns_for(width, groups, max(room, planned_room))
    longest = max(map(len, columns), default=0)
    first = 0
    if longest > room and at is not None:
        cursor_y = next(
            y for column in columns for y, placed in enumerate(column) if (placed.group, placed.place) == at
        )
        first = min(max(0, cursor_y - room // 2), longest - room)
    lines = []
    for y in range(first, min(first + room, longest)):
        line = Line(width)
        for number, column in enumerate(columns):
            if y < len(column):
                _draw_placed(line, number * column_width, column_width - 1, groups, column[y], at)
        lines.append(line)
    if first:
        lines[0].put_right(width, "↑", Paint.STRONG)
    if first + room < longest:
        lines[-1].put_right(width, "↓", Paint.STRONG)
    return lines


def _draw_placed(
    line: Line, x: int, width: int, groups: Sequence[Group], placed: Placed, at: tuple[int, int] | None
) -> None:
    group = groups[placed.group]
    if placed.place is None:
        here = at is not None and at[0] == placed.group
        line.put(x + 1, group.title, Paint.STRONG if here else Paint.TITLE)
        return
    draw_control(line, x, width, group.controls[placed.place], at == (placed.group, placed.place))
