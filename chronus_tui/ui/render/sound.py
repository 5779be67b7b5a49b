"""The sound page: what the track under the cursor sounds like, and everything about that which can be turned."""

from collections.abc import Callable
from functools import partial

import msgspec

from chronus_tui.ui.controls.control import Control, Group
from chronus_tui.ui.controls.pages import LFO, STRIP, cursor, envelope_prefixes, envelope_title, sound_groups
from chronus_tui.ui.controls.pattern import LFO_PREFIX
from chronus_tui.ui.controls.scales import shown
from chronus_tui.ui.controls.unknown import unknown_of_track
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, blank, fit
from chronus_tui.ui.render.curves import draw_envelope, draw_filter, draw_lfo, filter_corner
from chronus_tui.ui.render.figures import draw_meter, note_name
from chronus_tui.ui.render.layout import METER_COLUMNS, Layout
from chronus_tui.ui.render.sliders import columns_for, draw_columns
from chronus_tui.ui.theme import Paint

CURVE_ROWS = (9, 8, 7, 6, 5, 4, 3)
"""How high the pictures are: the highest for which there is room."""
CURVE_COLUMNS = (36, 22)
GAP = 3
KNOB_ROWS_LEAST = 8
"""Pictures are left out where fewer rows than these would be left for what turns them."""


def draw_sound(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    height, width = layout.page, layout.width
    groups = sound_groups(model)
    lines = [_heading(model, width)]
    if model.current is None:
        lines.append(said(width, "no tracks yet; add one with Ctrl+P, /tracks/add"))
    elif model.schema.instrument(model.current.instrument) is None and model.schema.instruments:
        text = f"This engine has no instrument {model.current.instrument}; the track is silent. i gives it another."
        lines.append(said(width, text))
    if model.current is not None and model.schema.instruments:
        unknown = unknown_of_track(model, model.current)
        lines += [said(width, unknown)] if unknown else []
    if groups and model.current is not None:
        instrument = model.current.instrument
        at = cursor(model, groups)
        room = height - len(lines) - 1
        curves = _curves(groups, groups[at[0]].title, instrument, width, room)
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
    low, high, default = (shown(setting, value) for value in (setting.low, setting.high, setting.default))
    span = f"{low} to {high}, default {default}"
    if setting.choices:
        few = " or ".join(setting.choices) if len(setting.choices) == 2 else f"v lists all {len(setting.choices)}"
        span = "v types it" if control.typed else few
    x = line.put(x, fit(setting.help, width - x - 1)) + 2
    if x + len(span) < width:
        x = line.put(x, span, Paint.DIM) + 2
    if x + len(control.address) < width:
        line.put_right(width - 1, control.address, Paint.DIM)
    return line


def said(width: int, text: str) -> Line:
    """What is wrong on a page, in a sentence."""
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
    if track.clip:
        x = line.put(x, fit(track.clip, 32), Paint.STRONG) + 2
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


class _Picture(msgspec.Struct, frozen=True):
    """What draws a group's settings, and the heading over it."""

    group: str
    heading: str
    draw: Callable[[list[Line], int, int], None]


def _pictures(groups: tuple[Group, ...], chosen: str, instrument: str) -> list[_Picture]:
    """What can be drawn of a sound; an LFO that moves nothing only while the cursor is on it."""
    controls = {control.setting.name: control for group in groups for control in group.controls if group.title != STRIP}
    found = []
    corner = filter_corner(controls)
    if corner is not None:
        kind = f"{controls['mode'].words} " if "mode" in controls else ""
        draw = partial(draw_filter, controls=controls, instrument=instrument)
        found.append(_Picture("FILTER", f"filter {kind}{corner.words}", draw))
    for prefix in reversed(envelope_prefixes(controls)):
        title = envelope_title(prefix)
        found.append(_Picture(title, title.lower(), partial(draw_envelope, controls=controls, prefix=prefix)))
    target = controls.get(f"{LFO_PREFIX}target")
    if target is not None and (target.own or chosen == LFO):
        heading = f"LFO > {target.words}"
        found.append(_Picture(LFO, heading, partial(draw_lfo, controls=controls, prefix=LFO_PREFIX)))
    return found


def _curves(groups: tuple[Group, ...], chosen: str, instrument: str, width: int, room: int) -> list[Line]:
    """The pictures of filter, envelopes and LFO, with a heading over each; that of the group `chosen` among them.

    None where the knobs would have too little room beside them.
    """
    pictures = _pictures(groups, chosen, instrument)
    if not pictures:
        return []
    needed = max(map(len, columns_for(width, groups, room - CURVE_ROWS[-1] - 1)[0]), default=0)
    rows = next((rows for rows in CURVE_ROWS if rows + 1 + needed <= room), CURVE_ROWS[-1])
    if room - rows - 1 < min(needed, KNOB_ROWS_LEAST):
        return []
    count = max(1, min(len(pictures), (width - 1 + GAP) // (CURVE_COLUMNS[1] + GAP)))
    shown = pictures[:count]
    own = next((picture for picture in pictures if picture.group == chosen), shown[-1])
    if own not in shown:
        shown[-1] = own
    each = min(CURVE_COLUMNS[0], (width - 1 - GAP * (count - 1)) // count)
    title, *lines = [Line(width) for _ in range(rows + 1)]
    for place, picture in enumerate(shown):
        x = 1 + place * (each + GAP)
        title.put(x, fit(picture.heading, each), Paint.TITLE)
        picture.draw(lines, x, each)
    return [title, *lines]
