"""`chronus check`: looks for faults in a recording, in a take or in a folder of them, and draws where they are."""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.checking import Checked, Folder, Recording, check_recording, recordings_of, where
from chronus_tui.errors import StoreError
from chronus_tui.verdict import MARKS, NAMES, clock, mark_line
from dsp.inspect import Fault, Inspection

CLEAN = 0
FAULTY = 1

ROWS = 4
"""Lines of the picture above its middle, and as many below."""

DOTS = "▁▂▃▄▅▆▇█"
WIDEST = 160


def check(project: Path, arguments: argparse.Namespace) -> int:
    """Look for faults in what `arguments.what` names, tell them, and return 1 where there is any, else 0.

    Raises StoreError where a file cannot be read; of several, that is told among the others.
    """
    asked = recordings_of(project, arguments.what)
    width = min(shutil.get_terminal_size().columns, WIDEST)
    if isinstance(asked, Recording):
        checked = check_recording(asked)
        told = _as_json(checked) if arguments.json else report(checked, width)
        faulty = bool(checked.found.faults)
    else:
        told, faulty = _check_all(asked, width, arguments.json)
    print(json.dumps(told) if arguments.json else "\n".join(told))
    return FAULTY if faulty else CLEAN


def report(checked: Checked, width: int) -> list[str]:
    """The lines for people: what the sound is, a line for each fault, and the waveform at most `width` wide."""
    return [*_words(checked), "", *picture(checked.found, width)]


def _check_all(folder: Folder, width: int, as_json: bool) -> tuple[Any, bool]:
    """One report on all that lies in a folder, and whether there is any fault in it. Clean sounds are not drawn."""
    sounds: list[Checked] = []
    unread: list[str] = []
    for recording in folder.recordings:
        try:
            sounds.append(check_recording(recording))
        except StoreError as error:
            unread.append(str(error))
    bad = [each.recording.name for each in sounds if each.found.faults]
    if as_json:
        told = {
            "path": str(folder.path),
            "clean": not bad and not unread,
            "sounds": [_as_json(each) for each in sounds],
            "unread": unread,
        }
        return told, bool(bad or unread)
    lines = [f"{folder.path.name}: {_count(len(folder.recordings), 'sound')}", ""]
    for each in sounds:
        lines += [*(report(each, width) if each.found.faults else _words(each)), ""]
    lines += unread
    ended = f"Faults in {len(bad)} of them: {', '.join(bad)}." if bad else "No faults found in what could be read."
    return [*lines, ended if bad or unread else "No faults found in any of them."], bool(bad or unread)


def _words(checked: Checked) -> list[str]:
    found, sound, recording = checked.found, checked.sound, checked.recording
    parts = len(recording.files)
    head = f"{recording.name}: {clock(found.frames / found.rate)}, {found.rate} Hz, {_channels(found.channels)}"
    head += f", {sound.coding}{f', in {parts} parts' if parts > 1 else ''}"
    count = len(found.faults)
    lines = [head, "No faults found." if not count else f"{_count(count, 'fault')} found."]
    if count:
        whens = [_when(fault, found) for fault in found.faults]
        wheres = [where(fault.channel, found.channels) for fault in found.faults]
        when_width, where_width = max(map(len, whens)), max(map(len, wheres))
        lines.append("")
        for fault, when, place in zip(found.faults, whens, wheres, strict=True):
            name = NAMES.get(fault.kind, fault.kind)
            line = f"{MARKS[fault.kind]} {when:<{when_width}}  {name:<8}  {place:<{where_width}}  "
            line += f"{fault.detail} ({100 * fault.confidence:.0f} % sure)"
            if parts > 1:
                path, frame = checked.place(fault.start_frame)
                line += f", {clock(frame / found.rate)} of {path.name}"
            lines.append(line)
    return lines


def picture(found: Inspection, width: int) -> list[str]:
    """The waveform of all channels together, the loudest sample as high as the picture, with a line of marks below."""
    columns = max(min(width, len(found.highest)), 1)
    edges = np.linspace(0, len(found.highest), columns + 1).astype(int)[:-1]
    highest = np.maximum.reduceat(found.highest.max(axis=1), edges)
    lowest = np.minimum.reduceat(found.lowest.min(axis=1), edges)
    scale = max(float(highest.max()), -float(lowest.min()), 1e-9)
    top = [_bar(float(level) / scale) for level in highest]
    bottom = [_bar(-float(level) / scale) for level in lowest]
    lines = ["".join(bar[row] for bar in top) for row in reversed(range(ROWS))]
    lines += ["".join(_hung(bar[row]) for bar in bottom) for row in range(ROWS)]
    lines = [line.rstrip() for line in lines]
    frames = max(found.frames, 1)
    marks = mark_line(
        [(fault.kind, fault.start_frame / frames, (fault.end_frame - 1) / frames) for fault in found.faults], columns
    )
    if marks.strip():
        lines.append(marks.rstrip())
    start, end = clock(0), clock(found.frames / found.rate)
    lines.append(start + end.rjust(columns - len(start)) if columns > len(start) + len(end) else end)
    used = [kind for kind, mark in MARKS.items() if mark in marks]
    return [*lines, *(["  ".join(f"{MARKS[kind]} {NAMES.get(kind, kind)}" for kind in used)] if used else [])]


def _bar(level: float) -> str:
    """The cells of a bar of `level` 0..1 from the middle outwards, ROWS of them."""
    eighths = round(min(max(level, 0.0), 1.0) * ROWS * 8)
    return "".join(" " if left <= 0 else DOTS[min(left, 8) - 1] for left in range(eighths, eighths - ROWS * 8, -8))


def _hung(cell: str) -> str:
    """A cell of a bar that hangs down: terminals have only these two that fill from above."""
    return " " if cell == " " else "█" if cell in DOTS[4:] else "▀"


def _when(fault: Fault, found: Inspection) -> str:
    if fault.frames >= found.frames:
        return "throughout"
    start = clock(fault.start_frame / found.rate)
    return start if fault.frames < found.rate // 1000 else f"{start} to {clock(fault.end_frame / found.rate)}"


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_json(checked: Checked) -> dict[str, Any]:
    """For programs. Channels count from 1; null means all of them. Frames count over all of the files; where there are
    several, each fault tells in which it lies, too."""
    found, recording = checked.found, checked.recording
    faults = []
    for fault in found.faults:
        told = {
            "kind": fault.kind,
            "start_s": fault.start_frame / found.rate,
            "seconds": fault.frames / found.rate,
            "start_frame": fault.start_frame,
            "frames": fault.frames,
            "channel": None if fault.channel is None else fault.channel + 1,
            "confidence": fault.confidence,
            "detail": fault.detail,
        }
        if len(recording.files) > 1:
            path, frame = checked.place(fault.start_frame)
            told |= {"file": str(path), "frame_in_file": frame}
        faults.append(told)
    return {
        "name": recording.name,
        "path": str(recording.files[0]),
        "files": [str(path) for path in recording.files],
        "format": checked.sound.coding,
        "rate": found.rate,
        "channels": found.channels,
        "frames": found.frames,
        "seconds": found.frames / found.rate,
        "clean": not found.faults,
        "faults": faults,
    }
