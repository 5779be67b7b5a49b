"""A filter and an envelope as pictures of characters: sketches of what the settings do, not measurements."""

import math
from collections.abc import Callable, Mapping, Sequence

from chronus_tui.ui.controls import FILTER_PREFIX, Control
from chronus_tui.ui.render.cells import Line
from chronus_tui.ui.scales import position
from chronus_tui.ui.theme import Paint

BLOCKS = " ▁▂▃▄▅▆▇█"
OPENED = "░"
LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
FLOOR_DB, TOP_DB = -36.0, 20.0
Q_MOST = 10.0
HELD_SHARE = 0.2
"""Of an envelope's picture, for the time a note is held at its sustain."""
STAGES = ("attack", "decay", "sustain", "release")


def draw_filter(lines: Sequence[Line], x: int, width: int, controls: Mapping[str, Control]) -> None:
    """How loud the filter lets each pitch through, 20 Hz to 20 kHz, and ░ how far its envelope opens it.

    controls  by name: `cutoff`, and `resonance`, `mode`, `env` where there are any
    """
    cutoff_hz = controls["cutoff"].value
    opening_st = controls["env"].value if "env" in controls and controls["env"].setting.unit == "st" else 0.0
    opened_hz = min(cutoff_hz * math.pow(2.0, opening_st / 12.0), HIGHEST_HZ)
    q = 0.7 + (Q_MOST - 0.7) * _place(controls, "resonance") ** 2
    mode = controls["mode"].value if "mode" in controls else 0.0

    def heights(corner_hz: float) -> list[float]:
        found = []
        for column in range(width):
            hz = LOWEST_HZ * math.pow(HIGHEST_HZ / LOWEST_HZ, (column + 0.5) / width)
            level_db = 20.0 * math.log10(max(_gain(hz / corner_hz, q, mode), 1e-6))
            found.append((level_db - FLOOR_DB) / (TOP_DB - FLOOR_DB))
        return found

    fill(lines, x, heights(cutoff_hz), heights(opened_hz) if opening_st else None)


def draw_envelope(lines: Sequence[Line], x: int, width: int, controls: Mapping[str, Control], prefix: str = "") -> None:
    """How a note rises, falls, is held and dies away; each time takes its knob's share of the width.

    controls  by name: any of attack, decay, sustain, release, each with `prefix` before it
    """
    part = width * (1.0 - HELD_SHARE) / 3.0
    attack = part * _place(controls, prefix + "attack")
    decay = part * (0.15 + 0.85 * _place(controls, prefix + "decay"))
    held = prefix + "sustain" in controls
    sustain = _place(controls, prefix + "sustain") if held else 0.0
    hold = width * HELD_SHARE if held else 0.0
    release = part * (0.15 + 0.85 * _place(controls, prefix + "release"))
    if not held:
        decay *= 3.0  # a drum's only stage has the picture for itself

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


def envelope_prefixes(controls: Mapping[str, Control]) -> tuple[str, ...]:
    """The envelopes there are, as what stands before their stages' names."""
    return tuple(prefix for prefix in ("", FILTER_PREFIX) if prefix + "decay" in controls)


def _fall(share: float) -> float:
    """A fall as ears take it for even: fast first, then ever slower, gone at the end."""
    return (math.exp(-4.0 * share) - math.exp(-4.0)) / (1.0 - math.exp(-4.0))


def _gain(x: float, q: float, mode: float) -> float:
    """What a two-pole filter lets through at `x` times its corner; `mode` goes from low (0) to band (1) to high (2)."""
    under = math.hypot(1.0 - x * x, x / q)
    passes: tuple[Callable[[float], float], ...] = (
        lambda x: 1.0,
        lambda x: x / q,
        lambda x: x * x,
        lambda x: abs(1.0 - x * x),
    )
    low = min(max(int(mode), 0), len(passes) - 1)
    high = min(low + 1, len(passes) - 1)
    share = min(max(mode - low, 0.0), 1.0)
    return ((1.0 - share) * passes[low](x) + share * passes[high](x)) / max(under, 1e-9)


def _place(controls: Mapping[str, Control], name: str) -> float:
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
