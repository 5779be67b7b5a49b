"""How the screen is shared out: which panel gets which lines, and what of a track or slot there is room for."""

import msgspec

from chronus_tui.ui.model import Model
from store.limits import SLOTS

MIN_WIDTH = 60
MIN_HEIGHT = 16
ROOMY_HEIGHT = 22
"""From here on the meters and the status take two lines each."""
NAMES_WIDTH = 120
"""From here on slots show their names, where there are lines enough for them."""
PAGE = 16
"""Steps are shown in pages of one bar of sixteenths."""

NUMBER_COLUMNS = 3
FLAG_COLUMNS = 3
METER_COLUMNS = 10


class TrackColumns(msgspec.Struct, frozen=True):
    """Where the parts of a track's row begin; 0 for a part that there is no room for.

    name        columns of the name
    steps       how many steps are shown at once
    instrument  columns of the instrument
    """

    name: int
    flags_x: int
    grid_x: int
    steps: int
    meter_x: int
    gain_x: int
    note_x: int
    instrument_x: int
    instrument: int
    sends_x: int
    width: int

    def step_x(self, place: int) -> int:
        """Column of the step at `place` of the page: each has a mark before it, each beat a gap."""
        return self.grid_x + 1 + 2 * place + place // 4


class Layout(msgspec.Struct, frozen=True):
    """Heights of the panels from top to bottom, air below each included, and how they are filled.

    track_rows    lines for tracks, without their heading
    slot_rows     lines for slots, without their heading
    meter_rows    1 or 2
    slot_columns  slots in a line
    slot_names    whether slots show their names
    page          lines of a page that takes the place of tracks, slots and meters
    """

    width: int
    height: int
    transport: int
    tracks: int
    slots: int
    meters: int
    status: int
    keys: int
    track_rows: int
    slot_rows: int
    meter_rows: int
    slot_columns: int
    slot_names: bool
    page: int
    columns: TrackColumns


def grid_columns(steps: int) -> int:
    """Columns that `steps` steps take: a mark and a character each, a gap a beat, and a mark after the last."""
    return 2 * steps + (steps - 1) // 4 + 1


def too_small(width: int, height: int) -> str:
    """Why there is no screen, or nothing where there is room for one."""
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        return ""
    return f"Chronus needs {MIN_WIDTH}x{MIN_HEIGHT}; this terminal is {width}x{height}."


def plan(model: Model, width: int, height: int) -> Layout:
    """Share out a terminal of `width` x `height`, at least 60x16."""
    roomy = height >= ROOMY_HEIGHT
    meters = status = 2 if roomy else 1
    wanted_tracks = max(len(model.pattern.tracks), 8)
    for_lists = height - (1 + 1 + 1 + meters + status + 1)  # transport, two headings, keys
    named_rows = SLOTS // 8
    slot_names = width >= NAMES_WIDTH and for_lists >= named_rows + wanted_tracks
    slot_columns = 8 if slot_names or width < 80 else 16
    slot_rows = min(SLOTS // slot_columns, max(2, for_lists // 2))
    if for_lists >= SLOTS // slot_columns + wanted_tracks:
        slot_rows = SLOTS // slot_columns
    track_rows = for_lists - slot_rows
    spare = max(0, track_rows - wanted_tracks)
    gaps = [int(spare > place) for place in range(3)]  # air under the transport, the tracks, the slots
    rest = spare - sum(gaps)
    return Layout(
        width=width,
        height=height,
        transport=1 + gaps[0],
        tracks=1 + track_rows - spare + gaps[1],
        slots=1 + slot_rows + gaps[2],
        meters=meters + rest,
        status=status,
        keys=1,
        track_rows=track_rows - spare,
        slot_rows=slot_rows,
        meter_rows=meters,
        slot_columns=slot_columns,
        slot_names=slot_names,
        page=height - 1 - status - 1,
        columns=track_columns(model, width),
    )


def track_columns(model: Model, width: int) -> TrackColumns:
    """What of a track fits in `width`: first as many steps as the longest track has, then its details."""
    name = 10 if width >= 80 else 8
    grid_x = NUMBER_COLUMNS + name + FLAG_COLUMNS + 1
    longest = max((track.length for track in model.pattern.tracks), default=PAGE)
    details = METER_COLUMNS + 2 + (16 if width >= 80 else 0)
    steps = PAGE
    while steps < longest and grid_x + grid_columns(steps + PAGE) + details <= width:
        steps += PAGE
    x = meter_x = grid_x + grid_columns(steps) + 1
    x += METER_COLUMNS + 1
    gain_x = note_x = instrument_x = sends_x = instrument = 0
    if x + 8 <= width:
        gain_x, x = x, x + 9
    if x + 4 <= width:
        note_x, x = x, x + 5
    if x + 10 <= width:
        instrument_x, instrument, x = x, 10, x + 11
    if x + 16 <= width:
        sends_x = x
    return TrackColumns(
        name=name,
        flags_x=NUMBER_COLUMNS + name + 1,
        grid_x=grid_x,
        steps=steps,
        meter_x=meter_x,
        gain_x=gain_x,
        note_x=note_x,
        instrument_x=instrument_x,
        instrument=instrument,
        sends_x=sends_x,
        width=width,
    )
