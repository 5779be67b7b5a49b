"""How takes are made, as what can be turned on the recorder page: pure, from the model.

The ranges are those of the commands; what is set is told by the engine's status, where the project's settings are.
"""

from chronus_tui.commands import Argument, match
from chronus_tui.commands.record import FORMATS, TAPS, WHEN
from chronus_tui.ui.controls.control import Control, Group
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.schema import Setting
from store.documents import RecordingSettings

OWNER = "recorder"
BARS = "bars"
OWN_FOLDER = "default"
"""What the command takes for the project's own folder, which is called by its name here."""
_WHEN_WORDS = ("at once", "on the bar", "count-in", "at a level")
_STOPS: dict[str, tuple[float, ...]] = {
    "length": (0, 1, 2, 4, 8, 16, 32, 64, 128, 256),
    "silence": (0, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60),
    "pre-roll": (0, 1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900),
    "keep": (10, 20, 30, 60, 120, 180, 300, 600, 900),
    "cut by time": (0, 60, 300, 600, 900, 1800, 3600, 7200, 21600, 86400),
    "cut by size": (0, 100, 500, 650, 700, 1000, 2000, 4000, 10000),
}
"""Where a step goes: the round figures of each, some of which media have made so."""
_TAPS_TOLD = {
    "master": "Record what is heard, behind the limiter.",
    "dry": "Record the mix before the effects.",
    "mix": "Record the mix behind the effects, before the limiter.",
    "stems": "Record each track and each effect's return as a file of its own.",
}


def recorder_groups(model: Model) -> tuple[Group, ...]:
    """What begins and ends a take, where its sound is taken, what it becomes, and what is kept anyway."""
    settings = model.recording_settings
    return (
        Group("START", _start(settings)),
        Group("TAPS", tuple(_tap(settings, tap) for tap in TAPS)),
        Group("FILES", _files(settings)),
        Group("MEMORY", _memory(settings)),
    )


def _start(settings: RecordingSettings) -> tuple[Control, ...]:
    level, silence = Order("/record/level"), Order("/record/level", (float(settings.level_db),))
    begin = "When r begins a take."
    clicks = "Through how many bars a count-in clicks."
    length = "How many bars a take has that begins on one; open until r ends it."
    over = "How loud a sound is that begins a take; a ¦ in the meters shows it."
    end = "With how much silence a take ends that a sound began."
    return (
        _choice("begin", begin, _WHEN_WORDS, WHEN, settings.when, Order("/record/when")),
        _number("count-in", clicks, settings.clicks, 1, Order("/record/clicks")),
        _number("length", length, settings.bars, 0, Order("/record/bars"), "open"),
        _number("level", over, settings.level_db, -40, level),
        _number("silence", end, settings.silence_s, 0, silence, "never"),
    )


def _files(settings: RecordingSettings) -> tuple[Control, ...]:
    split, by_size = Order("/record/split"), Order("/record/split", (float(settings.split_s),))
    cut = "Cut takes into files {}; joined they are the same bits."
    return (
        _choice("format", "What a take becomes.", FORMATS, FORMATS, settings.format, Order("/record/format"), "wav24"),
        _number("cut by time", cut.format("of so long"), settings.split_s, 0, split, "never"),
        _number("cut by size", cut.format("of so much"), settings.split_mb, 0, by_size, "never"),
        _folder(settings),
    )


def _memory(settings: RecordingSettings) -> tuple[Control, ...]:
    kept = "How much of what was heard is always in memory; K makes a take of it."
    before = "With how much of what was heard before it a take begins."
    return (
        _number("keep", kept, settings.keep_s, 120, Order("/record/keep")),
        _number("pre-roll", before, settings.preroll_s, 0, Order("/record/preroll"), "none"),
    )


def _folder(settings: RecordingSettings) -> Control:
    folders = ("recordings", *filter(None, (settings.folder,)))
    command = Order("/record/folder")
    told = "The folder that takes go to: any, by its whole path."
    setting = Setting("folder", 0.0, 0.0, len(folders) - 1.0, help=told, choices=folders)
    taken = (OWN_FOLDER, *folders[1:])
    return Control("", OWNER, setting, len(folders) - 1.0, len(folders) > 1, "folder", command, taken, typed=True)


def _tap(settings: RecordingSettings, tap: str) -> Control:
    """One tap, on or off; the command takes all that are on then."""
    others = [other for other in settings.taps if other != tap]
    taken = (" ".join(others), " ".join(other for other in TAPS if other in (*others, tap)))
    on = tap in settings.taps
    default = float(tap == "master")
    setting = Setting(tap, default, 0.0, 1.0, help=_TAPS_TOLD[tap], choices=("off", "on"))
    return Control("", OWNER, setting, float(on), on, tap, Order("/record/taps"), taken)


def _choice(
    name: str,
    told: str,
    choices: tuple[str, ...],
    taken: tuple[str, ...],
    current: str,
    command: Order,
    default: str = "",
) -> Control:
    place = taken.index(current) if current in taken else 0
    usual = taken.index(default) if default else 0
    setting = Setting(name, float(usual), 0.0, len(choices) - 1.0, help=told, choices=choices)
    return Control("", OWNER, setting, float(place), place != usual, name, command, taken)


def _number(name: str, told: str, value: float, default: float, command: Order, nought: str = "") -> Control:
    """A setting that its command takes as the argument behind those that `command` has."""
    argument: Argument = match(command.address)[0].arguments[len(command.arguments)]
    low, high, whole = argument.low, argument.high, argument.kind == "int"
    stops = tuple(stop for stop in _STOPS.get(name, ()) if low <= stop <= high)
    if stops and stops[-1] < high:
        stops = (*stops, high)
    unit = BARS if whole else argument.unit
    setting = Setting(name, default, low, high, unit, help=told, whole=whole, stops=stops, nought=nought)
    value = min(max(float(value), low), high)
    return Control("", OWNER, setting, value, value != default, name, command)
