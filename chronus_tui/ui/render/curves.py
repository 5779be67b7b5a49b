"""Filters, envelopes and LFOs as pictures of characters: sketches of what the settings do, not measurements."""

import math
from collections.abc import Callable, Mapping, Sequence

from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.controls.scales import position
from chronus_tui.ui.render.cells import Line
from chronus_tui.ui.theme import Paint

BLOCKS = " ▁▂▃▄▅▆▇█"
OPENED = "░"
LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
FLOOR_DB, TOP_DB = -36.0, 26.0
HELD_SHARE = 0.2
"""Of an envelope's picture, for the time a note is held at its sustain."""
CYCLES = 2.0
"""Of an LFO's picture."""
FEEDBACK_MOST = 4.4
"""Of a ladder at full resonance, where 4 and more sings by itself."""

Controls = Mapping[str, Control]


def filter_corner(controls: Controls) -> Control | None:
    """The setting that says where an instrument's filter stands, or None where it has no filter."""
    if "cutoff" in controls:
        return controls["cutoff"]
    return controls.get("tone") if "ring" in controls or "focus" in controls else None


def draw_filter(lines: Sequence[Line], x: int, width: int, controls: Controls, instrument: str) -> None:
    """How loud the filter lets each pitch through, 20 Hz to 20 kHz, and ░ how far its envelope opens it.

    controls  by name: one that `filter_corner` finds, and `resonance`, `mode`, `env` where there are any
    """
    corner = filter_corner(controls)
    if corner is None:
        return
    opening_st = controls["env"].value if "env" in controls and controls["env"].setting.unit == "st" else 0.0
    opened_hz = min(corner.value * math.pow(2.0, opening_st / 12.0), HIGHEST_HZ)
    gain = _response(controls, instrument)

    def heights(corner_hz: float) -> list[float]:
        found = []
        for column in range(width):
            hz = LOWEST_HZ * math.pow(HIGHEST_HZ / LOWEST_HZ, (column + 0.5) / width)
            level_db = 20.0 * math.log10(max(gain(hz / corner_hz), 1e-6))
            found.append((level_db - FLOOR_DB) / (TOP_DB - FLOOR_DB))
        return found

    fill(lines, x, heights(corner.value), heights(opened_hz) if opening_st else None)


def draw_envelope(lines: Sequence[Line], x: int, width: int, controls: Controls, prefix: str = "") -> None:
    """How a note rises, falls, is held and dies away; each time takes its knob's share of the width.

    controls  by name: any of attack, decay, sustain, release, each with `prefix` before it; or fade_in and fade_out
    """
    part = width * (1.0 - HELD_SHARE) / 3.0
    falls = prefix + "decay" in controls
    held = prefix + "sustain" in controls or not falls
    attack = part * max(_place(controls, prefix + "attack"), _place(controls, "fade_in" if not prefix else ""))
    decay = part * (0.15 + 0.85 * _place(controls, prefix + "decay")) if falls else 0.0
    sustain = (_place(controls, prefix + "sustain") if falls else 1.0) if held else 0.0
    hold = width * HELD_SHARE if held else 0.0
    dies = max(_place(controls, prefix + "release"), _place(controls, "fade_out" if not prefix else ""))
    release = part * (0.15 + 0.85 * dies)
    if not held:
        decay *= 3.0  # a drum's only stage has the picture for itself
    if not falls:
        hold += part

    def level(at: float) -> float:
        if at < attack:
            return at / attack
        at -= attack
        if at < decay:
            return sustain + (1.0 - sustain) * _fall(at / decay)
        at -= decay
        if at < hold:
            return sustain
        return sustain * _fall((at - hold) / release) if at - hold < release else 0.0

    fill(lines, x, [level(column + 0.5) for column in range(width)])


def draw_lfo(lines: Sequence[Line], x: int, width: int, controls: Controls, prefix: str = "") -> None:
    """Two cycles of an LFO around the middle, as deep as it goes."""
    shape = controls[prefix + "shape"]
    name = shape.setting.choices[int(shape.value)] if shape.setting.choices else "sine"
    depth, phase = controls[prefix + "depth"].value, controls[prefix + "phase"].value
    wave = [_wave(name, CYCLES * (column + 0.5) / width + phase) for column in range(width)]
    fill(lines, x, [0.5 + 0.5 * depth * level for level in wave])


def _wave(shape: str, cycles: float) -> float:
    """An LFO's level, -1..1, after so many cycles; what is left to chance is sketched."""
    at = cycles % 1.0
    match shape:
        case "triangle":
            return 4.0 * abs((at + 0.75) % 1.0 - 0.5) - 1.0
        case "saw":
            return 2.0 * at - 1.0
        case "square":
            return 1.0 if at < 0.5 else -1.0
        case "random":
            return _level_of(int(cycles))
        case "smooth":
            eased = 0.5 - 0.5 * math.cos(math.pi * at)
            return (1.0 - eased) * _level_of(int(cycles)) + eased * _level_of(int(cycles) + 1)
        case _:
            return math.sin(2.0 * math.pi * at)


def _level_of(cycle: int) -> float:
    return (0.6, -0.8, 0.2, 0.9)[cycle % 4]


def _fall(share: float) -> float:
    """A fall as ears take it for even: fast first, then ever slower, gone at the end."""
    return (math.exp(-4.0 * share) - math.exp(-4.0)) / (1.0 - math.exp(-4.0))


def _response(controls: Controls, instrument: str) -> Callable[[float], float]:
    """What an instrument's filter lets through at so many times its corner."""
    if instrument == "acid":
        feedback = FEEDBACK_MOST * _place(controls, "resonance")
        return lambda x: (1.0 + 0.55 * feedback) / max(abs((1.0 + 1j * x) ** 4 + feedback), 0.05)
    if "ring" in controls:
        return lambda x: _two_pole(x, 0.7 + 6.0 * _place(controls, "ring"), 2.0)
    if "focus" in controls:
        return lambda x: _two_pole(x, 0.5 + 6.0 * _place(controls, "focus"), 1.0)
    q = 0.5 * 2.0 ** (5.0 * _place(controls, "resonance"))
    mode = controls["mode"].value if "mode" in controls else 0.0
    return lambda x: _two_pole(x, q, mode)


def _two_pole(x: float, q: float, mode: float) -> float:
    """A two-pole filter at `x` times its corner; `mode` goes from low (0) over band (1) and high (2) to notch (3)."""
    under = max(math.hypot(1.0 - x * x, x / q), 1e-9)
    passes = (1.0, x / q, x * x, abs(1.0 - x * x))
    low = min(max(int(mode), 0), len(passes) - 1)
    high = min(low + 1, len(passes) - 1)
    share = min(max(mode - low, 0.0), 1.0)
    return ((1.0 - share) * passes[low] + share * passes[high]) / under


def _place(controls: Controls, name: str) -> float:
    control = controls.get(name)
    return position(control.setting, control.value) if control is not None else 0.0


def fill(
    lines: Sequence[Line],
    x: int,
    heights: Sequence[float],
    behind: Sequence[float] | None = None,
    paint: Paint = Paint.DIM,
) -> None:
    """Columns filled from the last line up to their height, 0..1, in eighths of a cell."""
    rows = len(lines)
    for column, height in enumerate(heights):
        eighths = min(max(round(height * rows * 8), 0), rows * 8)
        back = round(behind[column] * rows) if behind is not None else 0
        for row in range(rows):
            filled = min(max(eighths - row * 8, 0), 8)
            line = lines[rows - 1 - row]
            if filled:
                line.put(x + column, BLOCKS[filled], paint)
            elif row < back:
                line.put(x + column, OPENED, Paint.RULE)
