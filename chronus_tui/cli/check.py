"""`chronus check`: looks for faults in a recording, and draws where they are."""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.errors import StoreError
from dsp.inspect import Fault, Inspection, Inspector
from store.sound_files import SoundFile, SoundFormat

CLEAN = 0
FAULTY = 1

PIECE_FRAMES = 1 << 17
ROWS = 4
"""Lines of the picture above its middle, and as many below."""

DOTS = "▁▂▃▄▅▆▇█"
WIDEST = 160

MARKS = {"dropout": "D", "click": "c", "clipping": "C", "dc": "=", "channel": "!", "silence": "s"}
"""What marks each kind below the waveform; where several meet, the first of these."""

NAMES = {"dc": "DC"}
CHANNEL_NAMES = ("left", "right")


def check(arguments: argparse.Namespace) -> int:
    """Look for faults in the file `arguments.file`, tell them, and return 1 where there is any, else 0.

    Raises StoreError where the file cannot be read.
    """
    path = Path(arguments.file)
    found, sound = inspect(path)
    if arguments.json:
        print(json.dumps(_as_json(path, found, sound)))
    else:
        print("\n".join(report(path, found, sound, min(shutil.get_terminal_size().columns, WIDEST))))
    return FAULTY if found.faults else CLEAN


def inspect(path: Path) -> tuple[Inspection, SoundFormat]:
    """What is wrong with the sound file `path`, and what it is. Raises StoreError."""
    with SoundFile(path) as file:
        inspector = Inspector(file.format.rate, file.format.channels)
        for piece in file.pieces(PIECE_FRAMES):
            inspector.feed(piece)
        found = inspector.finish()
        if not found.frames:
            raise StoreError(f"Could not check {path}: it holds no sound, not a single frame.")
        return found, file.format


def report(path: Path, found: Inspection, sound: SoundFormat, width: int) -> list[str]:
    """The lines for people: what the file is, a line for each fault, and the waveform at most `width` wide."""
    rate, count = found.rate, len(found.faults)
    head = f"{path.name}: {_clock(found.frames, rate)}, {rate} Hz, {_channels(found.channels)}, {sound.coding}"
    verdict = "No faults found." if not count else f"{count} fault{'' if count == 1 else 's'} found."
    lines = [head, verdict]
    if count:
        whens = [_when(fault, found) for fault in found.faults]
        wheres = [_where(fault, found.channels) for fault in found.faults]
        when_width, where_width = max(map(len, whens)), max(map(len, wheres))
        lines.append("")
        for fault, when, where in zip(found.faults, whens, wheres, strict=True):
            name = NAMES.get(fault.kind, fault.kind)
            lines.append(
                f"{MARKS[fault.kind]} {when:<{when_width}}  {name:<8}  {where:<{where_width}}  "
                f"{fault.detail} ({100 * fault.confidence:.0f} % sure)".rstrip()
            )
    return [*lines, "", *picture(found, width)]


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
    marks = _marks(found, columns)
    if marks.strip():
        lines.append(marks.rstrip())
    start, end = _clock(0, found.rate), _clock(found.frames, found.rate)
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


def _marks(found: Inspection, columns: int) -> str:
    marks = [" "] * columns
    frames = max(found.frames, 1)
    for kind in reversed(MARKS):
        for fault in found.faults:
            if fault.kind == kind:
                first = min(fault.start_frame * columns // frames, columns - 1)
                last = min((fault.end_frame - 1) * columns // frames, columns - 1)
                marks[first : last + 1] = MARKS[kind] * (last + 1 - first)
    return "".join(marks)


def _clock(frame: int, rate: int) -> str:
    """A time as m:ss.mmm."""
    thousandths = round(frame * 1000 / rate)
    return f"{thousandths // 60_000}:{thousandths // 1000 % 60:02d}.{thousandths % 1000:03d}"


def _when(fault: Fault, found: Inspection) -> str:
    if fault.frames >= found.frames:
        return "throughout"
    start = _clock(fault.start_frame, found.rate)
    return start if fault.frames < found.rate // 1000 else f"{start} to {_clock(fault.end_frame, found.rate)}"


def _where(fault: Fault, channels: int) -> str:
    if channels == 1:
        return ""
    if fault.channel is None:
        return "both" if channels == 2 else "all"
    return CHANNEL_NAMES[fault.channel] if channels == 2 else f"channel {fault.channel + 1}"


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def _as_json(path: Path, found: Inspection, sound: SoundFormat) -> dict[str, Any]:
    """For programs. Channels count from 1; null means all of them."""
    return {
        "path": str(path),
        "format": sound.coding,
        "rate": found.rate,
        "channels": found.channels,
        "frames": found.frames,
        "seconds": found.frames / found.rate,
        "clean": not found.faults,
        "faults": [
            {
                "kind": fault.kind,
                "start_s": fault.start_frame / found.rate,
                "seconds": fault.frames / found.rate,
                "start_frame": fault.start_frame,
                "frames": fault.frames,
                "channel": None if fault.channel is None else fault.channel + 1,
                "confidence": fault.confidence,
                "detail": fault.detail,
            }
            for fault in found.faults
        ],
    }
