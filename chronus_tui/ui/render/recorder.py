"""The recorder page: the record meter, everything that is set of takes, what r does then, and what a take costs."""

from pathlib import PurePath

from chronus_tui.ui.controls.pages import cursor
from chronus_tui.ui.controls.recorder import recorder_groups
from chronus_tui.ui.controls.scales import shown
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, Row, fit
from chronus_tui.ui.render.figures import size
from chronus_tui.ui.render.layout import Layout
from chronus_tui.ui.render.record_meter import count_of, draw_record_meter, take_of, what_r_does
from chronus_tui.ui.render.sliders import columns_for, draw_columns
from chronus_tui.ui.render.sound import about
from chronus_tui.ui.schema import Setting
from chronus_tui.ui.theme import Paint

FEWEST_TOLD, FEWEST_SETTINGS = 2, 8
"""On a low page less is told, so that there is room for so many lines of what can be set."""
SPLIT_TIME = Setting("", unit="s")


def draw_recorder(model: Model, layout: Layout) -> list[Row]:
    """The page's rows, `layout.page` of them."""
    width, height = layout.width, layout.page
    groups = recorder_groups(model)
    at = cursor(model, groups)
    meter = draw_record_meter(model, width)
    told = [("r", what_r_does(model.recording_settings)), *_costs(model)]
    told = told[: max(FEWEST_TOLD, height - len(meter) - FEWEST_SETTINGS - 1)]
    said = [_said(width, title, words) for title, words in told]
    room = height - len(meter) - len(said) - 1
    wanted = max(map(len, columns_for(width, groups, room)[0]))
    spare = room - min(wanted, room)
    air = [[Line(width)] * int(spare > place) for place in range(3)]
    lines = [*meter, *air[1], *draw_columns(width, groups, at, min(wanted, room)), *air[0], *said]
    lines += [Line(width)] * (height - len(lines) - 1)
    lines.append(about(groups[at[0]].controls[at[1]], width))
    return [line.row() for line in lines]


def _costs(model: Model) -> list[tuple[str, str]]:
    """What a take needs on the disk, how much room that has, and what is kept needs of the memory."""
    take, settings = take_of(model), model.recording_settings
    rate = model.status.rate if model.status is not None else 48_000
    files = max(1, round(take.bytes_a_second / (rate * 2 * take.bits / 8)))
    becomes = "" if settings.format.startswith("wav") else f", then {settings.format}"
    cuts = (
        f"{shown(SPLIT_TIME, float(settings.split_s))}" if settings.split_s else "",
        f"{settings.split_mb:g} MB" if settings.split_mb else "",
    )
    folder = model.in_project(str(PurePath(take.path).parent)) if model.recording else settings.folder or "recordings"
    cut = " or ".join(filter(None, cuts))
    wav = f"{count_of(files, 'WAV')} of {take.bits} bit{becomes}{f'; cut at {cut}' if cut else ''}"
    room = "room not known yet" if take.disk_free_bytes is None else f"{size(take.disk_free_bytes)} free"
    return [
        ("take", f"{size(take.bytes_a_second * 60)} a minute: {wav}"),
        ("kept", f"{take.kept_s:.0f} s, in at most {size(take.kept_bytes)} of memory; K makes a take of them"),
        ("disk", f"{room} in {folder}"),
    ]


def _said(width: int, title: str, words: str) -> Line:
    line = Line(width)
    line.put(1, title, Paint.TITLE)
    line.put(7, fit(words, width - 8))
    return line
