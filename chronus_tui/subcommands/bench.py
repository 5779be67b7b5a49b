"""`chronus bench`."""

from pathlib import Path

from chronus_tui.subcommands.subcommand import Arguments, Parser, Subcommand, seconds, takes_json, whole


def _takes(parser: Parser) -> None:
    parser.add_argument(
        "--voices", type=_voices, default=[8, 32, 128], metavar="8,32,128", help="voices of the standard patch"
    )
    parser.add_argument("--seconds", type=seconds(0.01, 3600), default=30.0, help="of sound for each (%(default)s)")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT", help="write the sound to this WAV file")
    takes_json(parser)


def _voices(text: str) -> list[int]:
    return [whole(1, 128)(each) for each in text.split(",")]


def _run(arguments: Arguments) -> int:
    from chronus_tui.cli.bench import bench

    return bench(arguments)


BENCH = Subcommand("Measure how long a block of the standard patch takes.", _takes, _run)
