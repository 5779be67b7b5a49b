"""What a subcommand is, and the options that several of them take."""

import argparse
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar

from chronus_tui.engine.defaults import (
    DEFAULT_BLOCK,
    DEFAULT_OSC_HOST,
    DEFAULT_OSC_PORT,
    DEFAULT_RATE,
    NO_DEVICE,
)
from chronus_tui.errors import ChronusError
from store.default_project import default_project

if TYPE_CHECKING:
    from chronus_tui.engine.options import EngineOptions

Arguments = argparse.Namespace


class UsageError(ChronusError):
    """The command line could not be read."""


class Parser(argparse.ArgumentParser):
    """Reads a command line. What is wrong with it comes as a UsageError of one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{self.prog}: {message}; see {self.prog} --help")


class Subcommand(NamedTuple):
    """One word after `chronus`.

    help   what it is for, in one sentence
    takes  tells a parser what may stand behind it
    run    does it, and gives the exit code; what it needs is imported only here
    order  puts the words behind it in the order in which they are read
    """

    help: str
    takes: Callable[[Parser], None]
    run: Callable[[Arguments], int]
    order: Callable[[list[str]], list[str]] = list


Given = TypeVar("Given", int, float)


def _between(kind: Callable[[str], Given], low: Given, high: Given, what: str) -> Callable[[str], Given]:
    """A reader of what `kind` reads, from `low` to `high`; `what` names it in the sentence for anything else."""

    def read(text: str) -> Given:
        with contextlib.suppress(ValueError):
            number = kind(text)
            if low <= number <= high:
                return number
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {low:.10g} to {high:.10g}")

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high` for an option."""
    return _between(int, low, high, "a whole number")


def seconds(low: float, high: float) -> Callable[[str], float]:
    """A reader of seconds from `low` to `high` for an option."""
    return _between(float, low, high, "a number of seconds")


PORT = whole(0, 65_535)
RATE = whole(8_000, 192_000)


def takes_project(parser: Parser) -> None:
    """The project as the word behind the subcommand."""
    parser.add_argument(
        "project",
        nargs="?",
        metavar="PROJECT",
        help="folder of the project; else $CHRONUS_PROJECT, else the current folder where it holds patterns/, "
        "else the user's data folder",
    )


def takes_project_option(parser: Parser) -> None:
    """The project as an option, where other words stand behind the subcommand."""
    parser.add_argument("--project", metavar="PROJECT", help="folder of the project, as for chronus itself")


def takes_json(parser: Parser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def takes_rate(parser: Parser) -> None:
    """`--rate`."""
    parser.add_argument("--rate", type=RATE, default=DEFAULT_RATE, help="frames a second (%(default)s)")


def takes_length(parser: Parser, of: str) -> None:
    """How many bars are rendered, and for how long they ring out."""
    parser.add_argument("--bars", type=whole(1, 100_000), default=4, help=f"bars of each {of} (%(default)s)")
    parser.add_argument("--tail", type=seconds(0, 3600), default=2.0, help="seconds to ring out (%(default)s)")


def takes_engine(parser: Parser) -> None:
    """The project, and how an engine is to play it."""
    takes_project(parser)
    parser.add_argument("--device", metavar="NAME", help=f"part of the device's name; {NO_DEVICE}: the silent clock")
    takes_rate(parser)
    parser.add_argument("--block", type=whole(16, 8_192), default=DEFAULT_BLOCK, help="frames a block (%(default)s)")
    parser.add_argument("--osc-host", default=DEFAULT_OSC_HOST, help="address to hear OSC on (%(default)s)")
    parser.add_argument("--osc-port", type=PORT, default=DEFAULT_OSC_PORT, help="0: any that is free (%(default)s)")


def options_of(arguments: Arguments) -> "EngineOptions":
    """How an engine is to play, as `takes_engine` read it."""
    from chronus_tui.engine.options import EngineOptions

    return EngineOptions(arguments.device, arguments.rate, arguments.block, arguments.osc_host, arguments.osc_port)


def project_of(arguments: Arguments) -> Path:
    """The project's folder: the one that was named, else as `store.default_project` finds it."""
    return default_project(arguments.project, os.environ, Path.cwd())
