"""The effects page: the signal's path, every effect's settings, and the mixer."""

from typing import NamedTuple

from chronus_tui.ui.controls.control import Control, Group
from chronus_tui.ui.controls.pages import SIDE_CHAIN, cursor, effect_groups, mixer_groups, pattern_groups
from chronus_tui.ui.controls.unknown import unknown_effects
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.figures import SILENCE_DB, draw_meter
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.render.sliders import VALUE_COLUMNS, columns_for, draw_bar, draw_columns
from chronus_tui.ui.render.sound import about, said
from chronus_tui.ui.theme import Paint

NAME_COLUMNS = 10
FEWEST_EFFECT_ROWS = 6
FEWEST_MIXER_ROWS = 5
SHORT_NAME_COLUMNS, SHORT_METER_COLUMNS, FADER_COLUMNS = 8, 8, 7


class PathStyle(NamedTuple):
    """What stands before an effect of the path and between two sends, how many letters a name may have, and whether the
    path tells how far the mix is turned down."""

    arrow: str
    gap: str
    letters: int
    tells: bool = True


TURNED_DOWN_COLUMNS = 6
"""That the decibels by which an effect turns the mix down take, so that the path behind them stands still."""
PATHS = (
    PathStyle("─► ", "   ", 12),
    PathStyle("─►", "  ", 12),
    PathStyle("►", " ", 12),
    PathStyle("►", " ", 8),
    PathStyle("►", " ", 5, tells=False),
)
"""The first for which there is room is drawn."""


def draw_effects(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    effects, mixer = (*effect_groups(model), *pattern_groups(model)), mixer_groups(model)
    groups = effects + mixer
    number, place = cursor(model, groups) if groups else (0, 0)
    in_mixer = bool(groups) and number >= len(effects)
    lines = draw_path(model, width, groups[number].title if groups else "", in_mixer)
    unknown = unknown_effects(model) if model.schema.effects else ""
    lines += [said(width, unknown)] if unknown else []
    room = height - len(lines) - 1
    wanted = max(map(len, columns_for(width, effects, room - FEWEST_MIXER_ROWS)[0]), default=0)
    mixer_wanted = 1 + len(model.pattern.tracks)
    if in_mixer:
        mixer_rows = min(mixer_wanted, max(room - FEWEST_EFFECT_ROWS, FEWEST_MIXER_ROWS))
    else:
        mixer_rows = min(mixer_wanted, max(room - wanted, FEWEST_MIXER_ROWS))
    effect_rows = room - mixer_rows
    at = None if in_mixer else (number, place)
    spare = effect_rows - min(effect_rows, wanted)
    lines += [Line(width)] * int(spare > 1)
    lines += draw_columns(width, effects, at, min(effect_rows, wanted), room - FEWEST_MIXER_ROWS)
    lines += [Line(width)] * min(spare, 1)
    lines += _mixer(model, mixer, number - len(effects), width, mixer_rows)
    lines += [Line(width)] * (height - len(lines) - 1)
    if groups:
        lines.append(about(groups[number].controls[place], width))
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def draw_path(model: Model, width: int, chosen: str, in_mixer: bool) -> list[Line]:
    """The way of the sound in two lines: through what works on the whole mix, and beside it through the sends.

    What does nothing as it is set stands in brackets. By how many decibels the compressor turns the mix down stands
    behind it, what the limiter takes behind the output.
    """
    for style in PATHS:
        lines = [Line(width), Line(width)]
        lines[0].put(0, " EFFECTS ", Paint.TITLE if in_mixer else Paint.CURSOR)
        if _draw_path(model, lines[0], lines[1], style, chosen) < width:
            break
    return lines


def _draw_path(model: Model, upper: Line, lower: Line, style: PathStyle, chosen: str) -> int:
    """Draw the path behind the page's name; returns the cell after it, which may lie beyond the line."""
    groups = effect_groups(model)
    sends = [number for number, group in enumerate(groups) if _is_send(model, group)]
    first, last = (sends[0], sends[-1]) if sends else (0, -1)
    fork = upper.put(10, "tracks", Paint.PLAIN)
    upper.put(fork, "┬", Paint.DIM)
    lower.put(fork, "└", Paint.DIM)
    x, y = fork + 1, fork + 1
    for group in groups[:first]:
        x = _station(model, upper, upper.put(x, style.arrow, Paint.DIM), group, style, chosen)
    for number, group in enumerate(groups[first : last + 1]):
        y = _station(model, lower, lower.put(y, style.gap if number else style.arrow, Paint.DIM), group, style, chosen)
    meet = max(x, y) + 1
    upper.put(x, "─" * (meet - x) + "┬", Paint.DIM)
    lower.put(y, "─" * (meet - y) + "┘", Paint.DIM)
    x = meet + 1
    for group in groups[last + 1 :]:
        x = _station(model, upper, upper.put(x, style.arrow, Paint.DIM), group, style, chosen)
    x = upper.put(upper.put(x, style.arrow, Paint.DIM), "out", Paint.PLAIN)
    if not style.tells or model.status is None:
        return x
    upper.put(x, _turned_down(model.status.limited_db), Paint.STRONG)
    return x + TURNED_DOWN_COLUMNS


def _station(model: Model, line: Line, x: int, group: Group, style: PathStyle, chosen: str) -> int:
    """An effect's name in the path, with the track that a side-chain listens to; returns the cell after it."""
    name = group.title.lower()[: style.letters]
    source = next((control for control in group.controls if control.setting.name == SIDE_CHAIN), None)
    if source is not None and source.value:
        name += f"<{source.words[: style.letters - 4]}"
    idle = _idle(model, group)
    paint = Paint.STRONG if group.title == chosen else Paint.DIM if idle else Paint.PLAIN
    x = line.put(x, f"({name})" if idle else name, paint)
    if idle or source is None or not style.tells or model.status is None:
        return x
    words = _turned_down(model.status.compressed_db)
    return line.put(line.put(x, words, Paint.STRONG), "─" * (TURNED_DOWN_COLUMNS - len(words)), Paint.DIM)


def _turned_down(down_db: float) -> str:
    return f" -{down_db:.1f}" if down_db else ""


def _is_send(model: Model, group: Group) -> bool:
    return group.title.lower() in model.schema.sends


def _idle(model: Model, group: Group) -> bool:
    """Whether an effect changes nothing as it is set: its mix or level is at its bottom, or nothing is sent to it."""
    for control in group.controls:
        if control.setting.name in ("mix", "level") and control.value <= control.setting.low:
            return True
    name = group.title.lower()
    return _is_send(model, group) and not any(float(track.sends.get(name, 0.0)) for track in model.pattern.tracks)


def _mixer(model: Model, columns: tuple[Group, ...], chosen: int, width: int, rows: int) -> list[Line]:
    """The mixer: a heading, then the tracks around the cursor, a column each setting, and the level."""
    if rows < 1:
        return []
    heading = Line(width)
    heading.put(0, " MIXER ", Paint.CURSOR if chosen >= 0 else Paint.TITLE)
    names = NAME_COLUMNS if width >= 100 else SHORT_NAME_COLUMNS
    grid_x = 3 + names + 3
    meter_x = width - SHORT_METER_COLUMNS - 1
    count = min(len(columns), (meter_x - grid_x) // FADER_COLUMNS)
    left = min(max(0, chosen - count // 2), len(columns) - count) if chosen >= 0 else 0
    columns, chosen = columns[left : left + count], chosen - left
    each = (meter_x - grid_x) // max(count, 1)
    for number, group in enumerate(columns):
        title = fit(group.title, each - 1)
        heading.put(grid_x + number * each + 1, title, Paint.STRONG if number == chosen else Paint.TITLE)
    if left:
        heading.put(grid_x - 1, "←", Paint.STRONG)
    if left + count < len(model.schema.strip):
        heading.put(meter_x - 1, "→", Paint.STRONG)
    heading.put(meter_x, "level", Paint.TITLE)
    shown = rows - 1
    count = len(model.pattern.tracks)
    first = min(max(0, model.track - shown // 2), max(0, count - shown))
    if count > shown:
        heading.put(8, f"{first + 1}-{first + shown}/{count}", Paint.DIM)
    lines = [heading]
    anyone_soloed = any(track.solo for track in model.pattern.tracks)
    for index in range(first, min(first + shown, count)):
        track = model.pattern.tracks[index]
        line = Line(width)
        silent = track.mute or (anyone_soloed and not track.solo)
        line.put_right(2, str(index + 1), Paint.DIM)
        name_paint = Paint.STRONG if index == model.track else Paint.DIM if silent else Paint.PLAIN
        line.put(3, fit(track.name, names), name_paint)
        line.put(3 + names, ("M" if track.mute else " ") + ("S" if track.solo else " "), Paint.STRONG)
        for number, group in enumerate(columns):
            selected = index == model.track and number == chosen
            _fader(line, grid_x + number * each, each, group.controls[index], selected)
        draw_meter(line, meter_x, SHORT_METER_COLUMNS, model.levels[index] if index < len(model.levels) else 0.0)
        lines.append(line)
    return lines


def _fader(line: Line, x: int, width: int, control: Control, selected: bool) -> None:
    """One cell of the mixer: a bar where there is room for one, and the value between the cursor's brackets."""
    bar = min(12, width - VALUE_COLUMNS - 5)
    if bar >= 4:
        draw_bar(line, x + 1, bar, control)
        x += bar + 1
    idle = control.value == 0.0 or (control.setting.unit == "dB" and control.value <= SILENCE_DB)
    room = min(VALUE_COLUMNS, width - 3)
    words = control.words if room >= VALUE_COLUMNS else "off" if control.words == "silent" else control.words.split()[0]
    line.put_right(x + 1 + room, words, Paint.DIM if idle else Paint.PLAIN)
    if selected:
        line.put_right(x + 2 + room, f"[{words}]", Paint.CURSOR)
