"""`chronus send`."""

import re

from chronus_tui.subcommands.subcommand import (
    PORT,
    Arguments,
    Parser,
    Subcommand,
    UsageError,
    project_of,
    seconds,
    takes_json,
    takes_project_option,
)

_OPTION = re.compile(r"--?[A-Za-z]")
_STEPS = frozenset("-.xX")
"""The letters of steps, which begin with a minus where they begin with a tie."""


def _takes(parser: Parser) -> None:
    parser.add_argument("address", metavar="ADDRESS", help="such as /pattern/load; chronus schema lists them all")
    parser.add_argument("values", nargs="*", metavar="ARG", help="its arguments")
    parser.add_argument("--host", help="where the engine is, instead of where the project's engine says it is")
    parser.add_argument("--port", type=PORT, help="its OSC port, likewise")
    parser.add_argument("--timeout", type=seconds(0, 3600), default=10.0, help="seconds to wait (%(default)s)")
    takes_project_option(parser)
    takes_json(parser)


def _options_first(words: list[str]) -> list[str]:
    """The words with the options first, and all else behind a `--`.

    An argument of a command may well begin with a minus, as in `/track/1/gain -6` or `/track/1/pattern -x-x`. What
    looks like an option and is none is not sent as an argument. Raises UsageError.
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
        elif _OPTION.match(word) and not _STEPS.issuperset(word):
            raise UsageError(f"chronus send has no option {word!r}; to send it as an argument, put -- before it")
        else:
            rest.append(word)
    return [*options, "--", *rest]


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli import send

    host, port = arguments.host, arguments.port
    if host is None or port is None:
        host, port = send.engine_of(project_of(arguments), host, port, arguments.project is not None)
    return send.send(host, port, arguments.address, arguments.values, arguments.timeout, arguments.json)


SEND = Subcommand("Send one command over OSC and print the reply.", _takes, _run, _options_first)
