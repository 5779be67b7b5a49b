"""`chronus midi export` and `chronus midi import`."""

import argparse
from pathlib import Path

from chronus_tui.subcommands.subcommand import (
    Arguments,
    Parser,
    Subcommand,
    project_of,
    takes_json,
    takes_project_option,
    whole,
)


def _takes(parser: Parser) -> None:
    from store.conditions import ROUNDS_MAX

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
        takes_project_option(way)
        takes_json(way)


def _slot_place(text: str) -> tuple[int, int]:
    """The bank and the slot that an option names."""
    from chronus_tui.engine.offline.sources import slot_place
    from store.limits import BANKS, SLOTS

    place = slot_place(text)
    if place is None or not (1 <= place[0] <= BANKS and 1 <= place[1] <= SLOTS):
        raise argparse.ArgumentTypeError(f"{text!r} is no slot; name one as 13, or as 2:13 in bank 2")
    return place


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli import midi
    from store.midi.score import Performance

    project = project_of(arguments)
    if arguments.way == "export":
        performance = Performance(arguments.rounds, everything=arguments.all)
        return midi.export(project, arguments.source, arguments.out, performance, arguments.json)
    return midi.import_file(project, arguments.file, arguments.slot, arguments.json)


MIDI = Subcommand("Write a pattern to a MIDI file, or make patterns of one.", _takes, _run)
