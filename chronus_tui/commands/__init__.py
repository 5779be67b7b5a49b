"""THE command table: everything that Chronus can be told to do, whoever tells it.

OSC, `chronus send`, the palette, the keys and the reference page are all read from this table, so what
one way in can do, all can. A command is declared here once: its address, its typed arguments with their
ranges, what it does, what it answers; each file holds those of one subject. How it is carried out stands
in `engine/actions/`.

An address may hold places, as in `/track/{track}/mute`; `match` fills them. A track is named or numbered
from 1, steps are numbered from 1, slots 1..128.
"""

from chronus_tui.commands.chains import CHAINS
from chronus_tui.commands.command import Argument, Command
from chronus_tui.commands.engine import ENGINE
from chronus_tui.commands.library import LIBRARY
from chronus_tui.commands.modules import MODULES
from chronus_tui.commands.patterns import PATTERNS
from chronus_tui.commands.presets import PRESETS
from chronus_tui.commands.project import PROJECT
from chronus_tui.commands.record import RECORD
from chronus_tui.commands.slots import SLOTS
from chronus_tui.commands.steps import STEPS
from chronus_tui.commands.takes import TAKES
from chronus_tui.commands.tracks import TRACKS
from chronus_tui.commands.transport import TRANSPORT
from chronus_tui.errors import CommandRefused
from store.limits import NAME_MAX

__all__ = ["COMMANDS", "Argument", "Command", "match"]

COMMANDS: tuple[Command, ...] = (
    *TRANSPORT,
    *TRACKS,
    *STEPS,
    *MODULES,
    *PRESETS,
    *SLOTS,
    *PATTERNS,
    *CHAINS,
    *LIBRARY,
    *PROJECT,
    *RECORD,
    *TAKES,
    *ENGINE,
)

_BARE = {command.address: command for command in COMMANDS if "{" not in command.address}
_PLACED: dict[str, list[tuple[list[str], Command]]] = {}
"""The addresses with places, in their parts, by the last of these; under "" where that is a place itself."""
for _command in COMMANDS:
    if _command.address not in _BARE:
        _form = _command.address.split("/")
        _PLACED.setdefault("" if _form[-1].startswith("{") else _form[-1], []).append((_form, _command))


def match(address: str) -> tuple[Command, dict[str, str]]:
    """The command that `address` names, and what stands in its places.

    Raises CommandRefused where there is none.
    """
    if address in _BARE:
        return _BARE[address], {}
    parts = address.split("/")
    for form, command in (*_PLACED.get(parts[-1], ()), *_PLACED[""]):
        places = _places(form, parts)
        if places is not None:
            return command, places
    raise CommandRefused(f"There is no command {address[:NAME_MAX]}; chronus schema lists them all.")


def _places(form: list[str], parts: list[str]) -> dict[str, str] | None:
    """What stands in the places of `form`; None where `parts` are not of that form."""
    if len(form) != len(parts):
        return None
    places: dict[str, str] = {}
    for wanted, part in zip(form, parts, strict=True):
        if wanted.startswith("{") and part:
            places[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return places
