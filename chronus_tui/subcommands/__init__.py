"""The subcommands of `chronus`: what each is for, and what may stand behind it; a file each.

How one is carried out stands in `cli/`. That is imported when it runs, so that `chronus send` and `chronus status`
answer at once and never wait for the compiler or the screen.
"""

from chronus_tui.subcommands.bench import BENCH
from chronus_tui.subcommands.check import CHECK
from chronus_tui.subcommands.doctor import DOCTOR
from chronus_tui.subcommands.engine import ENGINE
from chronus_tui.subcommands.library import LIBRARY
from chronus_tui.subcommands.midi import MIDI
from chronus_tui.subcommands.render import RENDER
from chronus_tui.subcommands.replay import REPLAY
from chronus_tui.subcommands.schema import SCHEMA
from chronus_tui.subcommands.screen import SCREEN
from chronus_tui.subcommands.send import SEND
from chronus_tui.subcommands.status import STATUS
from chronus_tui.subcommands.stop import STOP
from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, UsageError

__all__ = ["SCREEN", "SUBCOMMANDS", "Arguments", "Parser", "Subcommand", "UsageError"]

SUBCOMMANDS: dict[str, Subcommand] = {
    "engine": ENGINE,
    "status": STATUS,
    "send": SEND,
    "stop": STOP,
    "render": RENDER,
    "replay": REPLAY,
    "midi": MIDI,
    "library": LIBRARY,
    "check": CHECK,
    "bench": BENCH,
    "schema": SCHEMA,
    "doctor": DOCTOR,
}
