"""THE command table: everything that Chronus can be told to do, whoever tells it.

OSC, `chronus send`, the palette, the keys and the reference page are all read from this table, so what
one way in can do, all can. A command is declared here once: its address, its typed arguments with their
ranges, what it does, what it answers; each file holds those of one subject. How it is carried out stands
in `engine/actions/`.

An address may hold places, as in `/track/{track}/mute`; `match` fills them. A track is named or numbered
from 1, steps are numbered from 1, slots 1..128.
"""

import re

from chronus_tui.commands.chains import CHAINS
from chronus_tui.commands.command import NAME_MAX, Argument, Command
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
