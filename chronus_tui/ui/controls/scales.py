"""A value on its own scale: where a knob stands, where a step takes it, and how a player reads it."""

import math
from typing import Literal

from chronus_tui.ui.render.figures import SILENCE_DB, pan
from chronus_tui.ui.schema import Setting

Size = Literal["fine", "step", "coarse"]

_SHARES: dict[Size, float] = {"fine": 0.002, "step": 0.02, "coarse": 0.1}
"""Share of a knob's way, where its unit has no steps of its own."""
_UNIT_STEPS: dict[str, dict[Size, float]] = {
    "st": {"fine": 0.1, "step": 1.0, "coarse": 12.0},
    "dB": {"fine": 0.1, "step": 1.0, "coarse": 6.0},
}
_BEATS = (1 / 16, 1 / 12, 1 / 8, 1 / 6, 3 / 16, 1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4)
"""Times that music has names for: a step goes from one to the next, dotted ones and triplets among them."""
_LEAST_STEPS = 8
"""A range of fewer of its unit's steps than these is moved through by shares, or it would be over at once."""
_BETWEEN = 0.05
"""A fine step from one choice towards the next, where they blend."""
_STOPS_FAR = 3
"""How many stops a coarse step goes."""
_MINUTES_S = 300.0
"""Longer times are told in minutes, and in hours from two on."""
SHOWN_MAX = 8
DIGITS = 4
"""Significant digits of a value that was stepped to: finer than the ear, and short in a file."""


def position(setting: Setting, value: float) -> float:
    """Where the knob stands, 0..1, on the setting's own scale; between stops that are as far from each other."""
    value = min(max(value, setting.low), setting.high)
    if setting.stops:
        return _among(setting.stops, value)
    if setting.high <= setting.low:
        return 0.0
    if setting.scale == "log" and setting.low > 0:
        return math.log(value / setting.low) / math.log(setting.high / setting.low)
    return (value - setting.low) / (setting.high - setting.low)


def value_at(setting: Setting, place: float) -> float:
    """The value where the knob stands at `place`, 0..1."""
    place = min(max(place, 0.0), 1.0)
    if setting.stops:
        below, share = divmod(place * (len(setting.stops) - 1), 1)
        near = setting.stops[int(below) :][:2]
        return near[0] + share * (near[-1] - near[0])
    if setting.scale == "log" and setting.low > 0:
        return setting.low * math.pow(setting.high / setting.low, place)
    return setting.low + (setting.high - setting.low) * place


def stepped(setting: Setting, value: float, direction: int, size: Size) -> float:
    """The value a step up (1) or down (-1), in range: by the unit's own steps, or by a share of the knob's way."""
    by = _UNIT_STEPS.get(setting.unit, {}).get(size)
    span = setting.high - setting.low
    if setting.stops:
        moved = _stop(setting, value, direction, size)
    elif setting.whole:
        moved = value + direction * {"fine": 1, "step": 1, "coarse": 10}[size]
    elif setting.choices:
        whole = math.floor(value + 1.0) if direction > 0 else math.ceil(value - 1.0)
        moved = value + direction * _BETWEEN if size == "fine" and setting.blends else float(whole)
    elif setting.unit == "beats":
        moved = _beats_stepped(value, direction, size)
    elif by is not None and setting.scale != "log" and span >= _LEAST_STEPS:
        moved = round((value + direction * by) / 0.1) * 0.1
    elif setting.scale == "log":
        moved = value_at(setting, position(setting, value) + direction * _SHARES[size])
    else:
        moved = value + direction * _even(span * _SHARES[size])
    return min(max(moved if setting.whole else _rounded(moved), setting.low), setting.high)


def choice_named(setting: Setting, value: float) -> str:
    """What the choice at `value` is called: the nearest; a mix of two by its number."""
    place = min(max(value - setting.low, 0.0), len(setting.choices) - 1.0)
    if setting.blends and place != math.floor(place):
        return f"{value:.2f}"
    return setting.choices[math.floor(place + 0.5)]


def is_two_sided(setting: Setting) -> bool:
    """Whether a value counts from the middle, as a tuning or a place between left and right does."""
    return setting.low < 0 < setting.high and setting.scale == "linear"


def shown(setting: Setting, value: float) -> str:
    """A value as a player reads it, in at most `SHOWN_MAX` columns: "320 Hz", "70.0 ms", "+8.0 dB", "saw".

    The name of a choice may be longer.
    """
    if setting.choices:
        return choice_named(setting, value)
    if setting.nought and value == 0:
        return setting.nought
    if setting.whole:
        return f"{value:.0f} {setting.unit.removesuffix('s') if value == 1 else setting.unit}".rstrip()
    match setting.unit:
        case "Hz":
            return f"{_figures(value / 1000)} kHz" if value >= 999.5 else f"{_figures(value)} Hz"
        case "s" if value >= _MINUTES_S:
            return f"{value / 3600:.3g} h" if value >= 2 * 3600 else f"{value / 60:.3g} min"
        case "s":
            return f"{_figures(value * 1000)} ms" if value < 0.9995 else f"{_figures(value)} s"
        case "dB":
            if setting.scale == "db" and value <= SILENCE_DB == setting.low:
                return "silent"
            return f"{value:+.{int(abs(value) < 99.95)}f} dB" if value else "0.0 dB"
        case "st":
            digits = 2 if setting.high - setting.low < _LEAST_STEPS else 1
            return f"{value:+.{digits}f} st" if value else f"{value:.{digits}f} st"
        case "":
            if setting.name == "pan":
                return pan(value)
            return f"{value:.2f}"
        case "beats":
            return f"{_figures(value)} bt"
        case unit:
            return f"{_figures(value)} {unit}"


def brief(setting: Setting, value: float) -> str:
    """A value in at most three columns, without its unit: "320", "2k2", "70m", "+8", ".75", "saw"."""
    if setting.choices:
        return choice_named(setting, value)[:3]
    match setting.unit:
        case "Hz":
            if value >= 9_950:
                return f"{value / 1000:.0f}k"
            return f"{value / 1000:.1f}".replace(".", "k") if value >= 999.5 else _three(value)
        case "s":
            return f"{value * 1000:.0f}m" if value < 0.0995 else _three(value)
        case "dB" | "st":
            return f"{value:+.0f}" if round(value) else "0"
    if setting.name == "pan":
        return pan(value)[:3]
    return _three(value)


def _three(value: float) -> str:
    """A number in three columns, of which a nought before the point is none."""
    whole = f"{abs(value):.0f}"
    digits = max(0, 2 - len(whole)) if abs(value) >= 0.995 else 2
    if value < 0:
        digits = int(value > -0.95)
    said = f"{value:.{digits}f}"
    return said.replace("0.", ".", 1) if abs(value) < 0.995 and digits else said


def _among(stops: tuple[float, ...], value: float) -> float:
    """Where `value` stands among stops, 0..1."""
    above = next((place for place, stop in enumerate(stops) if stop >= value), len(stops) - 1)
    if above == 0:
        return 0.0
    low, high = stops[above - 1], stops[above]
    return (above - 1 + (value - low) / (high - low)) / (len(stops) - 1)


def _stop(setting: Setting, value: float, direction: int, size: Size) -> float:
    """The next stop, or a coarse step's; a fine step goes a tenth of the way there."""
    beyond = [stop for stop in setting.stops if (stop - value) * direction > 0]
    ahead = beyond if direction > 0 else beyond[::-1]
    if not ahead:
        return value
    if size != "fine":
        return ahead[min(_STOPS_FAR if size == "coarse" else 1, len(ahead)) - 1]
    behind = [stop for stop in setting.stops if (stop - value) * direction <= 0]
    step = _even(abs(ahead[0] - (behind[-1] if direction > 0 else behind[0])) / 10)
    return value + direction * (max(1.0, step) if setting.whole else step)


def _beats_stepped(beats: float, direction: int, size: Size) -> float:
    if size == "fine":
        return beats + direction * 0.01
    if size == "coarse":
        return beats * 2.0**direction
    near = 1.0 + direction * 0.001  # a third of a beat is not kept with all of its digits
    if direction > 0:
        return next((float(time) for time in _BEATS if time > beats * near), beats * 2.0)
    return next((float(time) for time in reversed(_BEATS) if time < beats * near), beats / 2.0)


def _figures(value: float) -> str:
    """Three figures, as many as an ear can follow."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def _even(step: float) -> float:
    """A step of one figure: 1, 2 or 5 of its decade."""
    decade = math.pow(10.0, math.floor(math.log10(step) + 1e-9))
    return next((figure * decade for figure in (1, 2, 5) if step <= figure * decade * 1.2), 10 * decade)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
