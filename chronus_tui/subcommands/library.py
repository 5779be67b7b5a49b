"""`chronus library`, with a word for each thing that can be done to many patterns at once."""

from pathlib import Path

from chronus_tui.subcommands.subcommand import (
    Arguments,
    Parser,
    Subcommand,
    project_of,
    takes_json,
    takes_length,
    takes_project_option,
    takes_rate,
    whole,
)


def _takes(parser: Parser) -> None:
    from chronus_tui.cli.library import HELP
    from store.library.filters import KEYS
    from store.limits import BANKS

    ways = parser.add_subparsers(dest="way", required=True, metavar="WHAT", parser_class=Parser)
    of = {name: ways.add_parser(name, help=told, description=f"{told[0].upper()}{told[1:]}.") for name, told in HELP}
    for name in ("tag", "untag"):
        of[name].add_argument("tag", metavar="TAG", help="the tag")
    for name in ("midi", "render"):
        of[name].add_argument("-o", "--out", required=True, type=Path, metavar="FOLDER", help="folder to write to")
    takes_length(of["render"], "pattern")
    takes_rate(of["render"])
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
        takes_project_option(way)
        takes_json(way)


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli import library

    return library.run(project_of(arguments), arguments)


LIBRARY = Subcommand("Find patterns of the library, and do something to many at once.", _takes, _run)
