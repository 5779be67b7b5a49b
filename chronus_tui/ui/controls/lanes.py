"""What a step can be set to, as the rows of the step page: pure, from the model.

A lane is one thing that every step of a track has: whether it sounds, its note, how hard it is struck, how often it
is played, and a lane for each parameter that some step of the track locks.
"""

from collections.abc import Mapping

import msgspec

from chronus_tui.ui.controls.scales import Size, brief, shown, stepped
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.render.figures import note_name
from chronus_tui.ui.schema import Setting
from store.conditions import PLAIN_CONDITIONS
from store.documents import Step, Track
from store.limits import RATCHET_MAX

NONE = "·"
"""Where a step leaves something at its default."""
_PLAIN = ("", *PLAIN_CONDITIONS)
_OF_ROUNDS = tuple(f"{number}:{rounds}" for rounds in range(2, 9) for number in range(1, rounds + 1))
CONDITIONS = (*_PLAIN, *_OF_ROUNDS)
"""Those that the keys reach; any other can be typed."""
CHORDS = ("", "12", "7", "7 12", "4 7", "3 7", "5 7", "2 7", "4 7 11", "3 7 10", "4 7 10", "3 6 9", "3 7 10 14")
"""Semitones above a step's note that the keys reach; any others can be typed."""
_CONDITIONS_BRIEF = {"": NONE, "first": "1st", "not first": "2+", "fill": "fil", "not fill": "!fi"}
_CONDITIONS_IN_WORDS = {
    "": "in every round",
    "first": "in the first round only",
    "not first": "from the second round on",
    "fill": "while a fill is held",
    "not fill": "while no fill is held",
}


class Lane(msgspec.Struct, frozen=True):
    """One row of the step page.

    name     of the lane, or of the parameter that is locked
    setting  its range and default; a condition is its place among CONDITIONS
    sizes    how far a fine, a plain and a coarse step go; none where the setting's own scale tells
    command  the last word of the address that sets it
    help     one sentence
    lock     whether it is a lock: then a step may have none
    """

    name: str
    setting: Setting
    command: str
    help: str
    sizes: Mapping[Size, float] = msgspec.field(default_factory=dict)
    lock: bool = False

    def value(self, track: Track, step: Step) -> float:
        """What a step has; of a lock that it has not, the track's own value."""
        if self.lock:
            return float(step.locks.get(self.name, track_value(track, self.setting)))
        match self.name:
            case "step":
                return float(step.on)
            case "note":
                return float(track.note if step.note is None else step.note)
            case "condition":
                return float(CONDITIONS.index(step.condition)) if step.condition in CONDITIONS else 0.0
            case "chord":
                return float(CHORDS.index(_chord(step))) if _chord(step) in CHORDS else 0.0
        return float(getattr(step, self.name))

    def own(self, step: Step) -> bool:
        """Whether the step has something of its own here, other than the default."""
        if self.lock:
            return self.name in step.locks
        match self.name:
            case "step":
                return step.on or step.tie
            case "note":
                return step.note is not None
            case "condition":
                return bool(step.condition)
            case "chord":
                return bool(step.chord)
        return float(getattr(step, self.name)) != self.setting.default

    def cell(self, track: Track, step: Step) -> str:
        """What the grid shows, in at most three columns."""
        value = self.value(track, step)
        if self.lock:
            return brief(self.setting, value) if self.own(step) else NONE
        match self.name:
            case "step":
                return step_character(step)
            case "note":
                return note_name(int(value)) if step.on or (step.tie and self.own(step)) else NONE
            case "velocity":
                return f"{value * 100:.0f}" if step.on else NONE
            case "chord":
                return f"+{len(step.chord)}" if step.chord else NONE
            case "condition":
                return _CONDITIONS_BRIEF.get(step.condition, step.condition)
        if not self.own(step):
            return NONE
        if self.name == "ratchet":
            return f"{value:.0f}"
        return f"{value * 100:+.0f}" if self.name == "micro" else f"{value * 100:.0f}"

    def words(self, track: Track, step: Step) -> str:
        """What the step has, in words."""
        value = self.value(track, step)
        if self.lock:
            said = shown(self.setting, value)
            return said if self.own(step) else f"not locked; the track has {said}"
        match self.name:
            case "step":
                return _in_words(step)
            case "note":
                return note_name(int(value)) + ("" if self.own(step) else ", the track's")
            case "chord":
                notes = ", ".join(f"{semitones:+d}" for semitones in step.chord)
                return f"with {notes} semitones" if notes else "one note"
            case "condition":
                return _condition_in_words(step.condition)
            case "ratchet":
                return "one strike" if value == 1 else f"{value:.0f} strikes"
            case "probability":
                return "always" if value == 1 else f"{value:.0%} of the time"
            case "micro":
                when = "late" if value > 0 else "early"
                return f"{abs(value):.0%} of a step {when}" if value else "on time"
        return f"{value:.0%}"

    def stepped(self, value: float, direction: int, size: Size) -> float:
        """The value a step up (1) or down (-1), in range."""
        if self.lock:
            return stepped(self.setting, value, direction, size)
        moved = round((value + direction * self.sizes[size]) / self.sizes["fine"]) * self.sizes["fine"]
        return min(max(round(moved, 3), self.setting.low), self.setting.high)

    def order(self, model: Model, value: float) -> Order:
        """The command that gives it to the step under the cursor."""
        step = model.step + 1
        if self.lock:
            return order_at(model, "lock", step, self.name, value)
        match self.name:
            case "condition":
                return order_at(model, self.command, step, CONDITIONS[int(value)])
            case "chord":
                return order_at(model, self.command, step, CHORDS[int(value)])
            case "step" | "note" | "ratchet":
                return order_at(model, self.command, step, int(value))
        return order_at(model, self.command, step, value)

    def reset(self, model: Model) -> Order:
        """The command that takes from the step under the cursor what it has of its own here."""
        if self.lock:
            return order_at(model, "unlock", model.step + 1, self.name)
        if self.name == "note":
            return order_at(model, self.command, model.step + 1)
        return self.order(model, self.setting.default)


def _fixed(
    name: str, low: float, high: float, default: float, sizes: tuple[float, float, float], told: str, command: str = ""
) -> Lane:
    steps: dict[Size, float] = dict(zip(("fine", "step", "coarse"), sizes, strict=True))
    return Lane(name, Setting(name, default, low, high, help=told), command or name, told, steps)


LANES: tuple[Lane, ...] = (
    _fixed("step", 0, 1, 0, (1, 1, 1), "Whether a note begins here: X accented, x struck, - held on."),
    _fixed("note", 0, 127, 60, (1, 1, 12), "Which note it is.", "step_note"),
    _fixed("chord", 0, len(CHORDS) - 1, 0, (1, 1, 4), "Which notes sound with it, in semitones above its own."),
    _fixed("velocity", 0, 1, 0.8, (0.01, 0.05, 0.2), "How hard it is struck.", "step_velocity"),
    _fixed("probability", 0, 1, 1, (0.01, 0.05, 0.25), "How often it is played."),
    _fixed("ratchet", 1, RATCHET_MAX, 1, (1, 1, 2), "How many times it strikes, evenly over the step."),
    _fixed("micro", -0.5, 0.5, 0, (0.01, 0.05, 0.25), "How early or late it comes, by a share of a step."),
    _fixed("condition", 0, len(CONDITIONS) - 1, 0, (1, 1, 4), "In which rounds of the track it is played."),
)


def lanes(model: Model) -> tuple[Lane, ...]:
    """The rows of the track under the cursor: what every step has, then the parameters that some step locks."""
    track = model.current
    if track is None:
        return ()
    locked = {name for step in track.steps[: track.length] for name in step.locks}
    known = {setting.name: setting for setting in lockable(model)}
    ordered = [*(name for name in known if name in locked), *sorted(locked - known.keys())]
    return (*LANES, *(lock_lane(known.get(name) or Setting(name)) for name in ordered))


def lockable(model: Model) -> tuple[Setting, ...]:
    """What a step of the track under the cursor can lock: its instrument's parameters and its strip's."""
    return lockable_of(model, model.current) if model.current is not None else ()


def lockable_of(model: Model, track: Track) -> tuple[Setting, ...]:
    """The same of any track."""
    instrument = model.schema.instrument(track.instrument)
    return (*(instrument.parameters if instrument is not None else ()), *model.schema.strip)


def lock_lane(setting: Setting) -> Lane:
    """The lane of a parameter that is locked."""
    return Lane(setting.name, setting, "lock", setting.help or "This engine does not know it; it is kept.", lock=True)


def lane_under_cursor(model: Model) -> Lane | None:
    """The row that the step page's cursor is on; the first where its own is gone."""
    all_lanes = lanes(model)
    return next((lane for lane in all_lanes if lane.name == model.lane), all_lanes[0] if all_lanes else None)


def track_value(track: Track, setting: Setting) -> float:
    """What a track has of a parameter of its instrument or its strip."""
    fields = {"gain": track.gain_db, "pan": track.pan, **track.strip, **track.sends, **track.parameters}
    return float(fields.get(setting.name, setting.default))


def order_at(model: Model, command: str, *arguments: float | str) -> Order:
    """A command for the track under the cursor."""
    model.require_track()
    return Order(f"/track/{model.track + 1}/{command}", arguments)


def step_character(step: Step) -> str:
    """A step in one character, as `/track/T/pattern` takes it, but for the rest."""
    if step.on:
        return "X" if step.accent else "x"
    return "-" if step.tie else NONE


def mark(step: Step) -> str:
    """What else there is to a step, in one sign: a lock, a chance, several strikes, off the grid; or nothing."""
    if step.locks:
        return "'"
    if step.condition or step.probability != 1.0:
        return "?"
    if step.ratchet > 1:
        return '"'
    return "~" if step.micro else ""


def _chord(step: Step) -> str:
    """A step's chord as its command takes it."""
    return " ".join(map(str, step.chord))


def _in_words(step: Step) -> str:
    if step.on:
        return "accented" if step.accent else "struck"
    return "held on" if step.tie else "rest"


def _condition_in_words(condition: str) -> str:
    number, colon, rounds = condition.partition(":")
    if colon:
        return f"in round {number} of every {rounds}"
    return _CONDITIONS_IN_WORDS.get(condition, condition)
