"""`chronus`: the one entry point of the command line, and what each subcommand does, a file each.

What may be said stands in `subcommands/`. Every error is one sentence on standard error.
"""

import argparse
import atexit
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import chronus_tui
from chronus_tui.errors import PROJECT_IN_USE, ChronusError, EngineUnreachable, ProjectInUse
from chronus_tui.subcommands import SCREEN, SUBCOMMANDS, Parser, UsageError

MISTYPED = 0.7
"""How like a subcommand a word is that was meant to be one: a letter missing, or two in the wrong order."""

FAILED = 1
MISUSED = 2
NO_ANSWER = 3
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; what it returns is the exit code.

    0 done, 1 failed, 2 the command line is wrong, 3 no engine answers, 4 another engine plays the project.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    # As numpy is imported, its OpenBLAS would start a thread a core, each of which spins for 30 ms; nothing here has
    # matrices for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # As it ends, Python looks through all that was imported for what nobody needs: a sixth of a short call.
    atexit.register(gc.freeze)
    try:
        return _run(words)
    except UsageError as error:
        return _complain(error, MISUSED)
    except EngineUnreachable as error:
        return _complain(error, NO_ANSWER)
    except ProjectInUse as error:
        return _complain(error, PROJECT_IN_USE)
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
            import traceback  # needed here alone, and it takes longer than all else in this file

            traceback.print_exc()  # into engine.log; people get the sentence alone
        return _complain(f"Chronus is at fault here: {type(error).__name__}: {error}", FAILED)


def _run(words: list[str]) -> int:
    if words and words[0] in SUBCOMMANDS:
        name, *rest = words
        subcommand = SUBCOMMANDS[name]
        parser = Parser(prog=f"chronus {name}", description=subcommand.help)
        subcommand.takes(parser)
        return subcommand.run(parser.parse_args(subcommand.order(rest)))
    width = max(map(len, SUBCOMMANDS))
    parser = Parser(
        prog="chronus",
        description=SCREEN.help,
        epilog="\n".join(
            [
                "or: chronus SUBCOMMAND ..., each with --help of its own",
                *(f"  {name:{width}}  {subcommand.help}" for name, subcommand in SUBCOMMANDS.items()),
            ]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chronus {chronus_tui.__version__}")
    SCREEN.takes(parser)
    arguments = parser.parse_args(words)
    _refuse_mistyped(arguments.project)
    return SCREEN.run(arguments)


def _refuse_mistyped(word: str | None) -> None:
    """A mistyped subcommand must not become a project. Raises UsageError."""
    if word is None:
        return
    from difflib import get_close_matches

    meant = get_close_matches(word, SUBCOMMANDS, 1, MISTYPED)
    if meant and not Path(word).exists():
        raise UsageError(
            f"There is no subcommand {word!r}, but {meant[0]}; for a new project of that name write ./{word}"
        )


def _complain(sentence: object, code: int) -> int:
    print(" ".join(str(sentence).split()), file=sys.stderr)
    return code
