"""The record meter of the takes page and the recorder page: what the recorder does, levels, loudness, what was lost."""

from pathlib import PurePath

from chronus_tui.status import RecordingStatus
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import Line, fit
from chronus_tui.ui.render.figures import (
    METER_FLOOR_DB,
    SILENT_PEAK_DB,
    clock_time,
    decibels,
    draw_meter,
    is_disk_low,
    meter_cell,
    progress,
    size,
    time_left,
)
from chronus_tui.ui.theme import Paint
from store.documents import RecordingSettings

TRUE_PEAK_OVER_DB = -1.0
"""The highest true peak that EBU R 128 allows."""
NO_PEAK_DB = -119.0


def draw_record_meter(model: Model, width: int) -> list[Line]:
    """Four lines."""
    return [_recorder(model, width), *_meters(model, width), _figures(model, width)]


def take_of(model: Model) -> RecordingStatus:
    """What the engine told last of the recorder."""
    return model.status.recording if model.status is not None else RecordingStatus()


def what_r_does(settings: RecordingSettings) -> str:
    """How a take begins and ends, in a sentence."""
    before = f", and {settings.preroll_s:g} s before" if settings.preroll_s else ""
    bars = f" {count_of(int(settings.bars), 'bar')}" if settings.bars else ""
    match settings.when:
        case "bar":
            return f"records{bars} from the next bar on{before}"
        case "count_in":
            return f"clicks through {count_of(int(settings.clicks), 'bar')}, then records{bars}{before}"
        case "level":
            end = f"to {settings.silence_s:g} s of silence" if settings.silence_s else "on"
            return f"records from a sound over {settings.level_db:g} dB {end}{before}"
    return f"records at once{before}"


def count_of(number: int, what: str) -> str:
    """So many of something, in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _recorder(model: Model, width: int) -> Line:
    """Whether it records, how long and how much, in which format, where from, for how long still."""
    line = Line(width)
    take = take_of(model)
    low = is_disk_low(take.disk_left_s)
    end = line.put_right(width - 1, time_left(take.disk_left_s), Paint.FAULT if low else Paint.DIM)
    words = f"{take.format}  {' '.join(take.taps)}"
    if model.recording:
        x = line.put(1, "● REC", Paint.RECORDING)
        x = line.put(x + 2, f"{clock_time(take.seconds)}  {size(take.size_bytes)}", Paint.STRONG)
        x = line.put(x + 2, fit(PurePath(take.path).name.removesuffix(".wav"), max(8, end - x - len(words) - 7)))
    elif model.record_waits:
        x = line.put(1, f"◌ waits for {'the bar' if take.waiting == 'bar' else 'a sound'}", Paint.QUEUED)
    else:
        x = line.put(1, "○ rec", Paint.DIM)
        x = line.put(x + 2, f"{clock_time(take.kept_s)} kept", Paint.DIM)
    if take.waiting == "end":
        x = line.put(x + 2, "ends on a bar", Paint.QUEUED)
    if take.encoding:
        x = line.put(x + 2, f"encodes {progress(take.encoded)}", Paint.QUEUED)
    if x + 2 + len(words) < end - 2:
        line.put_right(end - 2, words)
    return line


def _meters(model: Model, width: int) -> list[Line]:
    """Left and right, each with the highest peak of late, and the level that begins a take where one waits for it."""
    lines = []
    waits = model.recording_settings.when == "level" or take_of(model).waiting == "level"
    figures = model.record_figures  # which are looked at less often than the levels are
    for channel, name in enumerate("LR"):
        line = Line(width)
        line.put(1, name, Paint.DIM)
        bar = width - 18
        draw_meter(line, 3, bar, model.master[channel])
        if waits:
            line.put(3 + meter_cell(float(model.recording_settings.level_db), bar), "¦", Paint.QUEUED)
        held = max(figures.peak_hold[channel], model.master[channel])
        level_db = decibels(held)
        if level_db > METER_FLOOR_DB:
            line.put(3 + meter_cell(level_db, bar), "|", Paint.STRONG)
        said = f"{level_db:6.1f} dB" if level_db > -90 else "silent"
        line.put_right(width - 1, said, Paint.FAULT if held >= 1.0 else Paint.PLAIN)
        lines.append(line)
    return lines


def _figures(model: Model, width: int) -> Line:
    """How loud it is, and what was lost; in short words where there is no room for whole ones."""
    take = model.record_figures
    counts = {"lost {} frames": take.dropped, "cut off {} samples": take.clipped, "not kept {} frames": take.lost}
    losses = [words.format(count) for words, count in counts.items() if count]
    over = take.true_peak_db > TRUE_PEAK_OVER_DB
    rms = f"{take.rms_db:6.1f}" if take.rms_db > SILENT_PEAK_DB else "  --.-"
    loudness = " --.-" if take.lufs is None else f"{take.lufs:5.1f}"
    true_peak = f"{take.true_peak_db:5.1f}" if take.true_peak_db > NO_PEAK_DB else " --.-"
    for words in (("rms", " dB", "loudness", " LUFS", "true peak", " dBTP"), ("rms", "", "LUFS", "", "dBTP", "")):
        line = Line(width)
        end = width - 1
        for loss in reversed(losses):
            end = line.put_right(end, loss, Paint.FAULT) - 2
        x = line.put(1, words[0], Paint.DIM)
        x = line.put(x + 1, rms + words[1])
        x = line.put(x + 2, words[2], Paint.DIM)
        x = line.put(x + 1, loudness + words[3], Paint.STRONG)
        x = line.put(x + 2, words[4], Paint.DIM)
        x = line.put(x + 1, f"{true_peak}{words[5]}{' OVER' if over else ''}", Paint.FAULT if over else Paint.PLAIN)
        if x <= end:
            break
    if not losses and x + 14 < width:
        line.put_right(width - 1, "nothing lost", Paint.DIM)
    return line
