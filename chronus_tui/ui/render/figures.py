"""Numbers as a player reads them: levels, times, sizes, notes."""

import math

from chronus_tui.status import Status
from chronus_tui.ui.render.cells import Line
from chronus_tui.ui.theme import Paint

METER_FLOOR_DB = -48.0
LOW_DISK_S = 600.0
"""From here on what is left of the disk is shown as a fault."""
PROGRESS_CELLS = 10
SILENCE_DB = -60.0
SILENT_PEAK_DB = -90.0
NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def decibels(level: float) -> float:
    """A linear level in dB, no less than -120."""
    return 20.0 * math.log10(max(level, 1e-6))


def gain(gain_db: float) -> str:
    """A track's level, such as " -3.0 dB"; " silent " at the bottom of the fader."""
    return "  silent" if gain_db <= SILENCE_DB else f"{gain_db:+5.1f} dB" if gain_db else "  0.0 dB"


def peak(level: float) -> str:
    """A peak in dB below full scale; "silent" where there is none worth a figure."""
    level_db = decibels(level)
    if level_db < SILENT_PEAK_DB:
        return "silent"
    return "over 0 dB" if level > 1.0 else f"{min(level_db, -0.05):.1f} dB"


def beats_left(status: Status) -> int:
    """Beats until the load that waits comes in, the one that runs counted."""
    return max(1, math.ceil(status.queued_beats - 1e-6))


def pan(position: float) -> str:
    """A place between left and right, such as "L30", "mid", "R100"."""
    percent = round(abs(position) * 100)
    return "mid" if percent == 0 else f"{'L' if position < 0 else 'R'}{percent}"


def note_name(note: int) -> str:
    """A MIDI note by name; 60 is C4."""
    return f"{NOTE_NAMES[note % 12]}{note // 12 - 1}"


def clock_time(seconds: float) -> str:
    """A duration as 03:12, or 1:03:12 from an hour on."""
    whole = int(seconds)
    minutes = f"{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{minutes}" if whole >= 3600 else minutes


def is_disk_low(seconds: float | None) -> bool:
    """Whether the disk is known to last for no longer than a warning is due."""
    return seconds is not None and seconds < LOW_DISK_S


def time_left(seconds: float | None) -> str:
    """How long the disk lasts, in the unit that says it shortest; "disk full" below a second; None where the disk has
    not said so yet."""
    if seconds is None:
        return "room unknown"
    if seconds < 1:
        return "disk full"
    if seconds < 60:
        return f"{seconds:.0f} s left"
    if seconds >= 100 * 3600:
        return f"{seconds / 86400:.0f} days left"
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.0f} h left"
    return f"{seconds / 60:.0f} min left"


def size(size_bytes: int) -> str:
    """A file's size in MB, with a tenth below 10 MB; in kB below 0.1 MB, in GB from 10 GB on."""
    if 0 < size_bytes < 100_000:
        return f"{-(-size_bytes // 1000)} kB"
    if size_bytes >= 10e9:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{size_bytes // 1_000_000} MB" if size_bytes >= 10e6 else f"{size_bytes // 100_000 / 10:.1f} MB"


def progress(share: float) -> str:
    """How much of something is done, 0..1, as a bar and in words."""
    done = min(max(round(share * PROGRESS_CELLS), 0), PROGRESS_CELLS)
    return f"{'━' * done}{'·' * (PROGRESS_CELLS - done)} {share:.0%}"


def meter_cell(level_db: float, width: int) -> int:
    """Which cell of a meter of `width` cells a level reaches, from 0."""
    share = (min(max(level_db, METER_FLOOR_DB), 0.0) - METER_FLOOR_DB) / -METER_FLOOR_DB
    return round(share * (width - 1))


def draw_meter(line: Line, x: int, width: int, level: float) -> None:
    """A level, linear, as a bar of `width` cells from -48 to 0 dB, in steps of half a cell.

    A level above 0 dB shows "!" in the last cell.
    """
    share = (decibels(level) - METER_FLOOR_DB) / -METER_FLOOR_DB
    halves = min(max(round(share * 2 * width), 0), 2 * width)
    whole, half = divmod(halves, 2)
    end = line.put(x, "━" * whole + "╸" * half, Paint.LEVEL)
    line.put(end, "·" * (x + width - end), Paint.DIM)
    if level > 1.0:
        line.put(x + width - 1, "!", Paint.FAULT)
