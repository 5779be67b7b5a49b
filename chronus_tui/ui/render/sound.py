"""The sound page: what the track under the cursor sounds like, and everything about that which can be turned."""

from chronus_tui.ui.controls import Control, Group, cursor, sound_groups
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.curves import draw_envelope, draw_filter, envelope_prefixes
from chronus_tui.ui.render.figures import draw_meter, note_name
from chronus_tui.ui.render.layout import METER_COLUMNS, Layout
from chronus_tui.ui.render.sliders import columns_for, draw_columns
from chronus_tui.ui.scales import shown
from chronus_tui.ui.theme import Paint

CURVE_ROWS = (9, 8, 7, 6, 5, 4, 3)
"""How high the pictures are: the highest for which there is room."""
CURVE_COLUMNS = (36, 22)
GAP = 3


def draw_sound(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    height, width = layout.page, layout.width
    groups = sound_groups(model)
    lines = [_heading(model, width)]
    if model.current is None:
        lines.append(_said(width, "no tracks yet; add one with Ctrl+P, /tracks/add"))
    elif model.schema.instrument(model.current.instrument) is None and model.schema.instruments:
        text = f"This engine has no instrument {model.current.instrument}; the track is silent. i gives it another."
        lines.append(_said(width, text))
    if groups:
        at = cursor(model, groups)
        room = height - len(lines) - 1
        curves = _curves(groups, width, room)
        knobs = draw_columns(width, groups, at, room - len(curves))
        spare = room - len(curves) - len(knobs)
        air = [[Line(width)] * int(spare > place and bool(curves or place)) for place in range(2)]
        lines += [*air[1], *curves, *air[0], *knobs]
        lines += [Line(width)] * (height - len(lines) - 1)
        lines.append(about(groups[at[0]].controls[at[1]], width))
    rows = [line.row() for line in lines]
    return [*rows, *[blank(width)] * (height - len(rows))][:height]


def about(control: Control, width: int) -> Line:
    """What the control under the cursor does, its range and default, and where it is set."""
    line = Line(width)
    setting = control.setting
    line.put(1, control.setting.name.replace("_", " "), Paint.STRONG)
    x = 2 + len(setting.name) + 1
    span = f"{shown(setting, setting.low)} to {shown(setting, setting.high)}, default {shown(setting, setting.default)}"
    x = line.put(x, fit(setting.help, width - x - 1)) + 2
    if x + len(span) < width:
        x = line.put(x, span, Paint.DIM) + 2
    if x + len(control.address) < width:
        line.put_right(width - 1, control.address, Paint.DIM)
    return line


def _said(width: int, text: str) -> Line:
    line = Line(width)
    line.put(1, fit(text, width - 2), Paint.FAULT)
    return line


def _heading(model: Model, width: int) -> Line:
    line = Line(width)
    x = line.put(0, " SOUND ", Paint.CURSOR) + 1
    track = model.current
    if track is None:
        return line
    end = width - METER_COLUMNS - 1
    level = model.levels[model.track] if model.track < len(model.levels) else 0.0
    draw_meter(line, end, METER_COLUMNS, level)
    x = line.put(x, f"{model.track + 1}", Paint.DIM) + 1
    x = line.put(x, fit(track.name, 20), Paint.STRONG) + 1
    x = line.put(x, ("M" if track.mute else " ") + ("S" if track.solo else " "), Paint.STRONG) + 1
    x = line.put(x, track.instrument, Paint.PLAIN) + 1
    if track.instrument in model.instruments:
        x = line.put(x, f"{model.instruments.index(track.instrument) + 1}/{len(model.instruments)}", Paint.DIM) + 2
    x = line.put(x, note_name(track.note), Paint.DIM) + 2
    if track.preset:
        x = line.put(x, fit(track.preset, 24), Paint.STRONG) + 1
        names = model.presets.get(track.instrument, ())
        if track.preset in names:
            x = line.put(x, f"{names.index(track.preset) + 1}/{len(names)}", Paint.DIM) + 1
        x += 1
    instrument = model.schema.instrument(track.instrument)
    if instrument is not None and end - x > 12:
        line.put(x, fit(instrument.help, end - x - 2), Paint.DIM)
    return line


def _curves(groups: tuple[Group, ...], width: int, room: int) -> list[Line]:
    """The pictures of the filter and the envelopes, with a title over each; none where they would push out a knob."""
    controls = {control.setting.name: control for group in groups[:-1] for control in group.controls}
    prefixes = envelope_prefixes(controls)
    pictures = int("cutoff" in controls) + len(prefixes)
    if not pictures:
        return []
    needed = max(map(len, columns_for(width, groups, room - CURVE_ROWS[-1] - 1)[0]), default=0)
    rows = next((rows for rows in CURVE_ROWS if rows + 1 + needed <= room), CURVE_ROWS[-1])
    if room - rows - 1 < min(needed, 6):
        return []
    each = min(CURVE_COLUMNS[0], (width - 1 - GAP * (pictures - 1)) // pictures)
    if each < CURVE_COLUMNS[1]:
        pictures, each = 2, min(CURVE_COLUMNS[0], (width - 1 - GAP) // 2)
    title, *picture = [Line(width) for _ in range(rows + 1)]
    x = 1
    if "cutoff" in controls:
        title.put(x, fit(f"filter {controls['cutoff'].words}", each), Paint.TITLE)
        draw_filter(picture, x, each, controls)
        x += each + GAP
    for prefix in prefixes[: pictures - int("cutoff" in controls)]:
        title.put(x, "filter envelope" if prefix else "envelope", Paint.TITLE)
        draw_envelope(picture, x, each, controls, prefix)
        x += each + GAP
    return [title, *picture]
