"""THE command table: everything that Chronus can be told to do, whoever tells it.

OSC, `chronus send`, the palette, the keys and the reference page are all read from this table, so what
one way in can do, all can. A command is declared here once: its address, its typed arguments with their
ranges, what it does, what it answers. How it is carried out stands in `engine/actions/`.

An address may hold places, as in `/track/{track}/mute`; `match` fills them. A track is named or numbered
from 1, steps are numbered from 1, slots 1..128.
"""

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from chronus_tui.errors import CommandRefused
from store.backups import KEPT
from store.documents import BANKS, SLOTS, STEPS_MAX

Kind = Literal["int", "float", "string", "switch", "choice"]
NAME_MAX = 100


class Argument(msgspec.Struct, frozen=True):
    """One argument: a "switch" takes 0 or 1, a "choice" one of `choices` or its index.

    A "float" with no range takes any finite number; an optional argument is None where it is not given.
    """

    name: str
    kind: Kind
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False

    def accept(self, value: Any) -> Any:
        """`value` as this argument's type.

        Ints and floats are taken for each other where the value fits. Raises CommandRefused with a
        sentence where it does not.
        """
        match self.kind:
            case "string":
                return self._string(value)
            case "choice":
                return self._choice(value)
            case "float":
                return self._in_range(self._number(value))
            case "int" | "switch":
                number = self._number(value)
                if number != int(number):
                    raise CommandRefused(f"{self.name} takes a whole number, not {number:g}.")
                return int(self._in_range(number))

    def _number(self, value: Any) -> float:
        if isinstance(value, bool):
            return int(value)
        if not isinstance(value, int | float):
            raise CommandRefused(f"{self.name} takes a number, not {value!r}.")
        if not math.isfinite(value):
            raise CommandRefused(f"{self.name} takes a number, not {value}.")
        return value

    def _in_range(self, value: float) -> float:
        low, high = (0, 1) if self.kind == "switch" else (self.low, self.high)
        if not low <= value <= high:
            unit = f" {self.unit}" if self.unit else ""
            raise CommandRefused(f"{self.name} is {value:g}{unit}; it goes from {low:g} to {high:g}{unit}.")
        return value

    def _string(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # a name of digits alone arrives as a number from most command lines
        if not isinstance(value, str):
            raise CommandRefused(f"{self.name} takes text, not {value!r}.")
        return value

    def _choice(self, value: Any) -> str:
        if isinstance(value, str) and value in self.choices:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and value in range(len(self.choices)):
            return self.choices[int(value)]
        raise CommandRefused(f"{self.name} is {value!r}; it is one of {', '.join(self.choices)}.")


class Command(msgspec.Struct, frozen=True):
    """One thing that can be done. `reply` names the results that follow `/done ADDRESS`."""

    address: str
    help: str
    arguments: tuple[Argument, ...] = ()
    reply: str = ""

    def accept(self, values: Sequence[Any]) -> list[Any]:
        """The arguments as their types, None for those that were left out.

        Raises CommandRefused with a sentence where there are too many, too few, or one is wrong.
        """
        if len(values) > len(self.arguments):
            raise CommandRefused(f"{self.address} takes {self.usage() or 'no arguments'}; {len(values)} were given.")
        accepted: list[Any] = []
        for index, argument in enumerate(self.arguments):
            if index < len(values):
                accepted.append(argument.accept(values[index]))
            elif argument.optional:
                accepted.append(None)
            else:
                raise CommandRefused(f"{self.address} takes {self.usage()}; {argument.name} is missing.")
        return accepted

    def usage(self) -> str:
        """The arguments in words, such as `step on [velocity] [note]`."""
        return " ".join(f"[{a.name}]" if a.optional else a.name for a in self.arguments)


def _int(name: str, low: float = -math.inf, high: float = math.inf, unit: str = "", optional: bool = False) -> Argument:
    return Argument(name, "int", low, high, unit, optional=optional)


def _float(
    name: str, low: float = -math.inf, high: float = math.inf, unit: str = "", optional: bool = False
) -> Argument:
    return Argument(name, "float", low, high, unit, optional=optional)


def _text(name: str, optional: bool = False) -> Argument:
    return Argument(name, "string", optional=optional)


def _switch(name: str) -> Argument:
    return Argument(name, "switch")


def _slot(name: str) -> Argument:
    return _int(name, 1, SLOTS)


SLOT = _slot("slot")
STEP = _int("step", 1, STEPS_MAX)
NOTE = _int("note", 0, 127)
WHEN = Argument("when", "choice", choices=("bar", "immediate"), optional=True)

_RECORD = (
    ("/start", "Start recording what is heard to a new take.", (_text("name", True), _text("format", True)), "path"),
    ("/stop", "Stop recording and close the take.", (), "path seconds"),
    ("/status", "Tell about the running take.", (), "active path seconds frames dropped"),
)

COMMANDS: tuple[Command, ...] = (
    Command("/transport/play", "Play from the first step."),
    Command("/transport/stop", "Stop; what sounds dies away."),
    Command("/transport/toggle", "Play where stopped, stop where playing."),
    Command("/transport/bpm", "Set the tempo.", (_float("bpm", 20, 300, "beats a minute"),)),
    Command(
        "/transport/swing",
        "Set how late every second step comes, as a share of a step.",
        (_float("swing", 0, 0.75),),
    ),
    Command("/transport/tap", "Tap the tempo: it follows from the time between taps.", (), "bpm"),
    Command(
        "/track/{track}/step",
        "Set or clear one step.",
        (STEP, _switch("on"), _float("velocity", 0, 1, optional=True), _int("note", 0, 127, optional=True)),
    ),
    Command("/track/{track}/toggle", "Turn one step on where it is off, off where it is on.", (STEP,), "on"),
    Command("/track/{track}/accent", "Turn the accent of one step on or off.", (STEP,), "accent"),
    Command(
        "/track/{track}/tie", "Turn the tie of one step on or off: the note before is held through it.", (STEP,), "tie"
    ),
    Command("/track/{track}/step_note", "Give one step a note of its own.", (STEP, NOTE)),
    Command("/track/{track}/step_velocity", "Set how hard one step is struck.", (STEP, _float("velocity", 0, 1))),
    Command("/track/{track}/pattern", "Write the steps as text: X accent, x hit, . rest, - tie.", (_text("steps"),)),
    Command(
        "/track/{track}/length",
        "Set how many steps play before the track starts again.",
        (_int("length", 1, STEPS_MAX),),
    ),
    Command("/track/{track}/mute", "Silence the track, or let it sound.", (_switch("mute"),)),
    Command("/track/{track}/solo", "Hear only the tracks that are soloed.", (_switch("solo"),)),
    Command("/track/{track}/gain", "Set the level of the track.", (_float("gain", -60, 12, "dB"),)),
    Command("/track/{track}/pan", "Place the track between left (-1) and right (1).", (_float("pan", -1, 1),)),
    Command("/track/{track}/instrument", "Give the track another instrument.", (_text("instrument"),)),
    Command("/track/{track}/name", "Rename the track.", (_text("name"),)),
    Command("/track/{track}/clear", "Clear all steps of the track."),
    Command(
        "/track/{track}/note",
        "Sound a note now.",
        (NOTE, _float("velocity", 0, 1, optional=True), _float("seconds", 0.001, 60, "s", optional=True)),
    ),
    Command("/tracks/add", "Add a track.", (_text("instrument"), _text("name", True)), "track"),
    Command("/tracks/remove", "Remove a track.", (_text("track"),)),
    Command(
        "/mod/{module}/{parameter}",
        "Set a parameter of a track's instrument, its sends, or an effect.",
        (_float("value"),),
    ),
    Command("/pattern/save", "Save the working pattern to a slot; what was there is kept as a backup.", (SLOT,)),
    Command("/pattern/load", "Load a slot, at the bar unless told otherwise, at once when stopped.", (SLOT, WHEN)),
    Command(
        "/pattern/back",
        "Load the slot that was loaded or saved before this one, at the bar unless told otherwise.",
        (WHEN,),
    ),
    Command("/pattern/cancel", "Forget the load that waits for its bar."),
    Command("/pattern/slots", "Tell which slots are occupied.", (), "slots"),
    Command("/pattern/name", "Name the working pattern.", (_text("name"),)),
    Command("/pattern/clear", "Empty a slot; what was there is kept as a backup.", (SLOT,)),
    Command(
        "/pattern/copy",
        "Copy a slot to another one, out of another bank where one is named; what was there is kept as a backup.",
        (_slot("from"), _slot("to"), _int("from_bank", 1, BANKS, optional=True)),
    ),
    Command(
        "/pattern/move",
        "Move a slot to another one; what was in either is kept as a backup.",
        (_slot("from"), _slot("to")),
    ),
    Command("/pattern/swap", "Let two slots change places.", (_slot("slot"), _slot("other"))),
    Command(
        "/pattern/rename",
        "Rename the pattern in a slot, and the working pattern with it where it came from there.",
        (SLOT, _text("name")),
    ),
    Command("/pattern/backups", "Tell what was replaced in a slot, the newest first.", (SLOT,), "backups"),
    Command(
        "/pattern/restore",
        "Let a slot hold what it held before: its newest backup, or the one of a number.",
        (SLOT, _int("number", 1, KEPT, optional=True)),
    ),
    Command(
        "/pattern/bank",
        "Have the slots of another bank at hand, or tell which bank it is; what plays goes on.",
        (_int("bank", 1, BANKS, optional=True),),
        "bank",
    ),
    Command("/pattern/save_file", "Save the working pattern to the library.", (_text("name"),), "path"),
    Command(
        "/pattern/load_file", "Load a pattern of the library, at the bar unless told otherwise.", (_text("name"), WHEN)
    ),
    Command(
        "/pattern/export_midi",
        "Write the working pattern to patterns/export/NAME.mid; what was there is replaced.",
        (_text("name"),),
        "path",
    ),
    Command(
        "/pattern/import_midi",
        "Load patterns/export/NAME.mid, at the bar unless told otherwise; of a long one the rest goes to the library.",
        (_text("name"), WHEN),
        "patterns names told",
    ),
    Command("/pattern/list", "Tell which patterns are in the library.", (), "names"),
    Command("/pattern/undo", "Take back the last edit, load or change of slots."),
    Command("/pattern/redo", "Do again what was taken back."),
    *(
        Command(prefix + end, text, arguments, reply)
        for prefix in ("/record", "/engine/record")
        for end, text, arguments, reply in _RECORD
    ),
    Command("/engine/status", "Tell all about the engine, as JSON.", (), "json"),
    Command("/engine/schema", "Tell every command and parameter, as JSON.", (), "json"),
    Command("/engine/quit", "End the engine: fade out, close a running take, save."),
    Command("/status", "Tell all about the engine, as JSON in /status.reply.", (), "json"),
    Command("/notify", "Send events to this sender from now on (1), or no longer (0).", (_switch("on"),)),
    Command("/ping", "Show that a listener is still there."),
    Command(
        "/sync",
        "Answer /synced once all that was sent before has taken effect.",
        (_int("id", -(2**31), 2**31 - 1),),
        "id",
    ),
)

_PLACE = re.compile(r"\{(\w+)\}")


def _pattern_of(address: str) -> re.Pattern[str]:
    parts = [f"(?P<{part[1:-1]}>[^/]+)" if _PLACE.fullmatch(part) else re.escape(part) for part in address.split("/")]
    return re.compile("/".join(parts))


_MATCHERS = tuple((_pattern_of(command.address), command) for command in COMMANDS)


def match(address: str) -> tuple[Command, dict[str, str]]:
    """The command that `address` names, and what stands in its places.

    Raises CommandRefused where there is none.
    """
    for pattern, command in _MATCHERS:
        found = pattern.fullmatch(address)
        if found:
            return command, found.groupdict()
    raise CommandRefused(f"There is no command {address[:NAME_MAX]}; chronus schema lists them all.")
