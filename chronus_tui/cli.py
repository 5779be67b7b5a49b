"""`chronus`: the one entry point of the command line.

What a subcommand needs is imported when it runs, so that `chronus send` and `chronus status` answer at once
and never wait for the compiler or the screen. Every error is one sentence on standard error.
"""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import chronus_tui
from chronus_tui.engine.options import (
    DEFAULT_BLOCK,
    DEFAULT_OSC_HOST,
    DEFAULT_OSC_PORT,
    DEFAULT_RATE,
    NO_DEVICE,
    EngineOptions,
)
from chronus_tui.errors import ChronusError, EngineUnreachable

MISTYPED = 0.7
"""How like a subcommand a word is that was meant to be one: a letter missing, or two in the wrong order."""

DONE = 0
FAILED = 1
MISUSED = 2
NO_ANSWER = 3
INTERRUPTED = 130

Arguments = argparse.Namespace


class UsageError(ChronusError):
    """The command line could not be read."""


class Parser(argparse.ArgumentParser):
    """Reads a command line. What is wrong with it comes as a UsageError of one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f"{self.prog}: {message}; see {self.prog} --help")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high` for an option."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return number

    return read


def seconds(low: float, high: float) -> Callable[[str], float]:
    """A reader of seconds from `low` to `high` for an option."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from {low:g} to {high:g}")
        return number

    return read


def _voices(text: str) -> list[int]:
    return [whole(1, 128)(each) for each in text.split(",")]


def _slot_place(text: str) -> tuple[int, int]:
    """The bank and the slot that an option names."""
    from chronus_tui.engine.sources import slot_place
    from store.documents import BANKS, SLOTS

    place = slot_place(text)
    if place is None or not (1 <= place[0] <= BANKS and 1 <= place[1] <= SLOTS):
        raise argparse.ArgumentTypeError(f"{text!r} is no slot; name one as 13, or as 2:13 in bank 2")
    return place


PORT = whole(0, 65_535)
RATE = whole(8_000, 192_000)


def _project(parser: Parser) -> None:
    parser.add_argument(
        "project",
        nargs="?",
        metavar="PROJECT",
        help="folder of the project; else $CHRONUS_PROJECT, else the current folder where it holds patterns/, "
        "else the user's data folder",
    )


def _project_option(parser: Parser) -> None:
    parser.add_argument("--project", metavar="PROJECT", help="folder of the project, as for chronus itself")


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def _engine(parser: Parser) -> None:
    parser.add_argument("--device", metavar="NAME", help=f"part of the device's name; {NO_DEVICE}: the silent clock")
    parser.add_argument("--rate", type=RATE, default=DEFAULT_RATE, help="frames a second (%(default)s)")
    parser.add_argument("--block", type=whole(16, 8_192), default=DEFAULT_BLOCK, help="frames a block (%(default)s)")
    parser.add_argument("--osc-host", default=DEFAULT_OSC_HOST, help="address to hear OSC on (%(default)s)")
    parser.add_argument("--osc-port", type=PORT, default=DEFAULT_OSC_PORT, help="0: any that is free (%(default)s)")


def _options(arguments: Arguments) -> EngineOptions:
    return EngineOptions(arguments.device, arguments.rate, arguments.block, arguments.osc_host, arguments.osc_port)


def resolve_project(argument: str | None) -> Path:
    """The project's folder: the argument, else as `store.project` finds it."""
    from store.project import default_project

    return default_project(argument, os.environ, Path.cwd())


def _open_parser(parser: Parser) -> None:
    _project(parser)
    _engine(parser)


def _open(arguments: Arguments) -> int:
    from chronus_tui.cli_screen import open_screen

    _refuse_bare_word(arguments.project)
    return open_screen(resolve_project(arguments.project), _options(arguments))


def _refuse_bare_word(word: str | None) -> None:
    """A mistyped subcommand must not become a project. Raises UsageError."""
    meant = get_close_matches(word or "", SUBCOMMANDS, 1, MISTYPED)
    if meant and not Path(str(word)).exists():
        raise UsageError(
            f"There is no subcommand {word!r}, but {meant[0]}; for a new project of that name write ./{word}"
        )


def _engine_parser(parser: Parser) -> None:
    _project(parser)
    _engine(parser)
    parser.add_argument("--announce", action="store_true", help=argparse.SUPPRESS)


def _run_engine(arguments: Arguments) -> int:
    from chronus_tui.cli_sound import engine

    return engine(resolve_project(arguments.project), _options(arguments), arguments.announce)


def _status_parser(parser: Parser) -> None:
    _project(parser)
    _json(parser)


def _status(arguments: Arguments) -> int:
    from chronus_tui.cli_client import status

    return status(resolve_project(arguments.project), arguments.json)


def _send_parser(parser: Parser) -> None:
    parser.add_argument("address", metavar="ADDRESS", help="such as /pattern/load; chronus schema lists them all")
    parser.add_argument("values", nargs="*", metavar="ARG", help="its arguments")
    parser.add_argument("--host", help="where the engine is, instead of where the project's engine says it is")
    parser.add_argument("--port", type=PORT, help="its OSC port, likewise")
    parser.add_argument("--timeout", type=seconds(0, 3600), default=2.0, help="seconds to wait (%(default)s)")
    _project_option(parser)
    _json(parser)


def _send(arguments: Arguments) -> int:
    from chronus_tui import cli_send

    where = (arguments.host, arguments.port)
    project = resolve_project(arguments.project) if None in where else None
    host, port = cli_send.engine_of(project, *where)
    return cli_send.send(host, port, arguments.address, arguments.values, arguments.timeout, arguments.json)


def _stop(arguments: Arguments) -> int:
    from chronus_tui.cli_client import stop

    return stop(resolve_project(arguments.project))


def _render_parser(parser: Parser) -> None:
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="slot (13, or 2:13 in bank 2), pattern file, library name or chain:NAME",
    )
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="OUT", help="WAV file to write")
    parser.add_argument("--bars", type=whole(1, 100_000), default=4, help="bars of each source (%(default)s)")
    parser.add_argument("--tail", type=seconds(0, 3600), default=2.0, help="seconds to ring out (%(default)s)")
    parser.add_argument("--stems", action="store_true", help="write each track to a file of its own as well")
    parser.add_argument("--rate", type=RATE, default=DEFAULT_RATE, help="frames a second (%(default)s)")
    _project_option(parser)
    _json(parser)


def _render(arguments: Arguments) -> int:
    from chronus_tui.cli_sound import render

    return render(resolve_project(arguments.project), arguments)


def _midi_parser(parser: Parser) -> None:
    from store.midi_score import ROUNDS_MAX

    ways = parser.add_subparsers(dest="way", required=True, metavar="export|import", parser_class=Parser)
    out = ways.add_parser("export", help="write a pattern to a standard MIDI file")
    out.add_argument("source", metavar="SOURCE", help="slot (13, or 2:13 in bank 2), pattern file or library name")
    out.add_argument("out", type=Path, metavar="OUT.mid", help="MIDI file to write")
    out.add_argument("--rounds", type=whole(1, ROUNDS_MAX), default=1, help="times that it is played through (1)")
    out.add_argument("--all", action="store_true", help="write each step that may sound, whatever its chance")
    back = ways.add_parser("import", help="make patterns of a standard MIDI file")
    back.add_argument("file", type=Path, metavar="FILE.mid", help="MIDI file to read")
    back.add_argument(
        "--slot", type=_slot_place, help="save to this slot (13, or 2:13 in bank 2), instead of to the library"
    )
    for way in (out, back):
        _project_option(way)
        _json(way)


def _midi(arguments: Arguments) -> int:
    from chronus_tui import cli_midi
    from store.midi_score import Performance

    project = resolve_project(arguments.project)
    if arguments.way == "export":
        performance = Performance(arguments.rounds, everything=arguments.all)
        return cli_midi.export(project, arguments.source, arguments.out, performance, arguments.json)
    return cli_midi.import_file(project, arguments.file, arguments.slot, arguments.json)


def _library_parser(parser: Parser) -> None:
    from chronus_tui.cli_library import HELP
    from store.documents import BANKS
    from store.library_search import KEYS

    ways = parser.add_subparsers(dest="way", required=True, metavar="WHAT", parser_class=Parser)
    of = {name: ways.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.") for name, told in HELP}
    for name in ("tag", "untag"):
        of[name].add_argument("tag", metavar="TAG", help="the tag")
    for name in ("midi", "render"):
        of[name].add_argument("-o", "--out", required=True, type=Path, metavar="FOLDER", help="folder to write to")
    of["render"].add_argument("--bars", type=whole(1, 100_000), default=4, help="bars of each pattern (%(default)s)")
    of["render"].add_argument("--tail", type=seconds(0, 3600), default=2.0, help="seconds to ring out (%(default)s)")
    of["render"].add_argument("--rate", type=RATE, default=DEFAULT_RATE, help="frames a second (%(default)s)")
    of["export"].add_argument("out", type=Path, metavar="OUT.zip", help="archive to write; it must not be there yet")
    of["import"].add_argument("file", type=Path, metavar="FILE.zip", help="archive to read")
    for name in ("export", "import"):
        of[name].add_argument("--bank", type=whole(1, BANKS), help="a bank instead of the library, or where it goes")
    keys = " ".join(f"{key}=" for key in KEYS)
    for name, way in of.items():
        if name != "import":
            count = "*" if name in ("list", "export") else "+"
            told = f"{keys}, or words to be found" + ("" if count == "*" else "; all for every pattern")
            way.add_argument("filters", nargs=count, metavar="FILTER", help=told)
        _project_option(way)
        _json(way)


def _library(arguments: Arguments) -> int:
    from chronus_tui import cli_library

    return cli_library.run(resolve_project(arguments.project), arguments)


def _replay_parser(parser: Parser) -> None:
    parser.add_argument("take", metavar="TAKE", help="its name, or the path of its sound")
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar="OUT", help="sound file to write; of several taps, a folder"
    )
    _project_option(parser)
    _json(parser)


def _replay(arguments: Arguments) -> int:
    from chronus_tui.cli_sound import replay

    return replay(resolve_project(arguments.project), arguments)


def _check_parser(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="a recording: WAV, AIFF, FLAC, OGG and what else libsndfile reads")
    _json(parser)


def _check(arguments: Arguments) -> int:
    from chronus_tui.cli_check import check

    return check(arguments)


def _bench_parser(parser: Parser) -> None:
    parser.add_argument(
        "--voices", type=_voices, default=[8, 32, 128], metavar="8,32,128", help="voices of the standard patch"
    )
    parser.add_argument("--seconds", type=seconds(0.01, 3600), default=30.0, help="of sound for each (%(default)s)")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", help="write the sound to this WAV file")
    _json(parser)


def _bench(arguments: Arguments) -> int:
    from chronus_tui.cli_sound import bench

    return bench(arguments)


def _schema_parser(parser: Parser) -> None:
    _json(parser)


def _schema(arguments: Arguments) -> int:
    from chronus_tui.cli_sound import schema

    return schema(arguments.json)


def _doctor_parser(parser: Parser) -> None:
    _project(parser)
    _json(parser)


def _doctor(arguments: Arguments) -> int:
    from chronus_tui.doctor import doctor

    return doctor(resolve_project(arguments.project), arguments.json)


@dataclass(frozen=True)
class Subcommand:
    """One word after `chronus`: what it is for, what it takes, what it does."""

    help: str
    parser: Callable[[Parser], None]
    run: Callable[[Arguments], int]


OPEN = Subcommand(
    "Open the screen on PROJECT; its engine is started where none runs.",
    _open_parser,
    _open,
)
SUBCOMMANDS = {
    "engine": Subcommand("Play PROJECT without a screen, in the foreground.", _engine_parser, _run_engine),
    "status": Subcommand("Tell what the engine does now.", _status_parser, _status),
    "send": Subcommand("Send one command over OSC and print the reply.", _send_parser, _send),
    "stop": Subcommand("End the engine: fade out, close a running take, save.", _project, _stop),
    "render": Subcommand("Write patterns to a sound file, faster than they play.", _render_parser, _render),
    "replay": Subcommand("Make a take again from what was played, and compare.", _replay_parser, _replay),
    "midi": Subcommand("Write a pattern to a MIDI file, or make patterns of one.", _midi_parser, _midi),
    "library": Subcommand("Find patterns of the library, and do something to many at once.", _library_parser, _library),
    "check": Subcommand("Look for clicks, dropouts and other faults in a recording.", _check_parser, _check),
    "bench": Subcommand("Measure how long a block of the standard patch takes.", _bench_parser, _bench),
    "schema": Subcommand("List every command and every parameter.", _schema_parser, _schema),
    "doctor": Subcommand("Look at devices, permissions and the terminal, and say what to do.", _doctor_parser, _doctor),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; what it returns is the exit code.

    0 done, 1 failed, 2 the command line is wrong, 3 no engine answers.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except UsageError as error:
        return _complain(error, MISUSED)
    except EngineUnreachable as error:
        return _complain(error, NO_ANSWER)
    except ChronusError as error:
        return _complain(error, FAILED)
    except BrokenPipeError:
        # Who read the output has left; Python's own last flush must not say so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _complain(f"{error.strerror or error}{where}.", FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the main thread's edge
        if words[:1] == ["engine"] or "CHRONUS_DEBUG" in os.environ:
            traceback.print_exc()  # into engine.log; people get the sentence alone
        return _complain(f"Chronus is at fault here: {type(error).__name__}: {error}", FAILED)


def _run(words: list[str]) -> int:
    if words and words[0] in SUBCOMMANDS:
        name, *rest = words
        subcommand = SUBCOMMANDS[name]
        parser = Parser(prog=f"chronus {name}", description=subcommand.help)
        subcommand.parser(parser)
        return subcommand.run(parser.parse_args(_behind_options(parser, rest) if name == "send" else rest))
    width = max(map(len, SUBCOMMANDS))
    parser = Parser(
        prog="chronus",
        description=OPEN.help,
        epilog="\n".join(
            [
                "or: chronus SUBCOMMAND ..., each with --help of its own",
                *(f"  {name:{width}}  {subcommand.help}" for name, subcommand in SUBCOMMANDS.items()),
            ]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chronus {chronus_tui.__version__}")
    OPEN.parser(parser)
    return OPEN.run(parser.parse_args(words))


def _behind_options(parser: Parser, words: list[str]) -> list[str]:
    """The words of `chronus send` with its own options first, and all else behind a `--`.

    An argument of a command may well begin with a minus, as in `/track/1/gain -6` or `/track/1/pattern -x-x`.
    """
    taking = {"--host", "--port", "--timeout", "--project"}
    options: list[str] = []
    rest: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            rest.extend(remaining)
        elif word in taking:
            options.extend([word, *[value for _, value in zip(range(1), remaining, strict=False)]])
        elif word in ("--json", "--help", "-h") or word.partition("=")[0] in taking:
            options.append(word)
        else:
            rest.append(word)
    return [*options, "--", *rest]


def _complain(sentence: object, code: int) -> int:
    print(" ".join(str(sentence).split()), file=sys.stderr)
    return code
