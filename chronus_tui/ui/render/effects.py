"""The effects page: the signal's path, every effect's settings, and the mixer."""

from chronus_tui.ui.controls import Control, Group, cursor, effect_groups, mixer_groups
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.figures import SILENCE_DB, draw_meter
from chronus_tui.ui.render.layout import METER_COLUMNS, Layout
from chronus_tui.ui.render.sliders import VALUE_COLUMNS, columns_for, draw_bar, draw_columns
from chronus_tui.ui.render.sound import about
from chronus_tui.ui.theme import Paint

NAME_COLUMNS = 10
FEWEST_EFFECT_ROWS = 6
FEWEST_MIXER_ROWS = 5
ARROWS = (" ─► ", "─►")
"""The second where the first would take too much room."""


def draw_effects(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    effects, mixer = effect_groups(model), mixer_groups(model)
    groups = effects + mixer
    number, place = cursor(model, groups) if groups else (0, 0)
    in_mixer = bool(groups) and number >= len(effects)
    lines = [_path(model, width, groups[number].title if groups else "", in_mixer)]
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


def _path(model: Model, width: int, chosen: str, in_mixer: bool) -> Line:
    """The way of the sound in one line; what is heard through sends has a +, what does nothing is in brackets."""
    line = Line(width)
    x = line.put(0, " EFFECTS ", Paint.TITLE if in_mixer else Paint.CURSOR) + 1
    x = line.put(x, "tracks", Paint.PLAIN)
    stations: list[tuple[str, Paint]] = []
    for group in effect_groups(model):
        name = group.title.lower()
        idle = _idle(model, group)
        word = f"+ {name}" if name in model.schema.sends else name
        paint = Paint.STRONG if group.title == chosen else Paint.DIM if idle else Paint.PLAIN
        stations.append((f"({word})" if idle else word, paint))
    stations.append(("out", Paint.PLAIN))
    needed = x + sum(len(ARROWS[0]) + len(word) for word, _ in stations)
    arrow = ARROWS[int(needed > width)]
    for word, paint in stations:
        x = line.put(line.put(x, arrow, Paint.DIM), word, paint)
    words = "( ) does nothing now   + hears the sends"
    if x + 4 + len(words) < width:
        line.put_right(width - 1, words, Paint.DIM)
    return line


def _idle(model: Model, group: Group) -> bool:
    """Whether an effect changes nothing as it is set: its mix or level is at its bottom, or nothing is sent to it."""
    for control in group.controls:
        if control.setting.name in ("mix", "level") and control.value <= control.setting.low:
            return True
    name = group.title.lower()
    return name in model.schema.sends and not any(float(track.sends.get(name, 0.0)) for track in model.pattern.tracks)


def _mixer(model: Model, columns: tuple[Group, ...], chosen: int, width: int, rows: int) -> list[Line]:
    """The mixer: a heading, then the tracks around the cursor, a column each setting, and the level."""
    if rows < 1:
        return []
    heading = Line(width)
    heading.put(0, " MIXER ", Paint.CURSOR if chosen >= 0 else Paint.TITLE)
    grid_x = 3 + NAME_COLUMNS + 4
    meter_x = width - METER_COLUMNS - 1
    each = (meter_x - grid_x) // max(len(columns), 1)
    for number, group in enumerate(columns):
        heading.put(grid_x + number * each + 1, group.title, Paint.STRONG if number == chosen else Paint.TITLE)
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
        line.put(3, fit(track.name, NAME_COLUMNS), name_paint)
        line.put(4 + NAME_COLUMNS, ("M" if track.mute else " ") + ("S" if track.solo else " "), Paint.STRONG)
        for number, group in enumerate(columns):
            selected = index == model.track and number == chosen
            _fader(line, grid_x + number * each, each, group.controls[index], selected)
        draw_meter(line, meter_x, METER_COLUMNS, model.levels[index] if index < len(model.levels) else 0.0)
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
    words = control.words if room >= VALUE_COLUMNS else control.words.split()[0]
    line.put_right(x + 1 + room, words, Paint.DIM if idle else Paint.PLAIN)
    if selected:
        line.put_right(x + 2 + room, f"[{words}]", Paint.CURSOR)
