"""Bad input to every command about patterns, slots, chains, morphs, the library and MIDI files, as OSC may bring it."""

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from playing import pattern, track

from chronus_tui.commands import COMMANDS, Argument, Command

ABOUT = ("/pattern/", "/library/", "/chain/", "/project/")
PATHS = ("", "  ", "..", "../x", "/abs", "/", ".hidden", "a/../b", "a/b/c", "a\\b", "con", "NUL.txt", "x" * 101, "a\nb")
PATHS += ("a\x1b[2Jb", "\u202eab", "a:b", "a.", "*", "\U0001f600" * 60)
NO_FILES = {"words", "tag", "about", "genre", "target", "filter", "entries", "track"}
"""Arguments that are text and name no file."""
NO_NUMBERS = ("x", "", math.nan, math.inf, -math.inf, None, b"ab", 2**63, -(2**31), 1e30)


def _good(argument: Argument) -> Any:
    if argument.kind == "string":
        return "good"
    if argument.kind == "choice":
        return argument.choices[0]
    return max(argument.low, 1) if argument.kind != "switch" else 1


def _bad(argument: Argument) -> Iterator[Any]:
    if argument.kind != "string":
        yield from NO_NUMBERS
        yield from (argument.low - 1, argument.high + 1) if argument.kind not in ("choice", "switch") else (2**31,)
        return
    yield from (1.5, math.nan, None, b"ab", True)
    if argument.name not in NO_FILES:
        yield from PATHS


CASES = [
    pytest.param(command, place, id=f"{command.address} {argument.name}")
    for command in COMMANDS
    if command.address.startswith(ABOUT)
    for place, argument in enumerate(command.arguments)
]


@pytest.fixture(scope="module")
def one_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for all cases, for each of them must leave it as it was."""
    desk = Desk(tmp_path_factory.mktemp("refusals"), pattern(track("x...", name="kick"), name="first"))
    desk.do("/pattern/save", 1)
    desk.do("/pattern/save_file", "good")
    desk.do("/pattern/export_midi", "good")
    desk.do("/chain/add", 1)
    desk.do("/chain/save", "good")
    desk.autosave.write()
    yield desk
    desk.recorder.close()
    gc.unfreeze()  # or this desk, which many tests have left, would never be looked at


def _files(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file() and ".chronus" not in path.parts}


@pytest.mark.parametrize(("command", "place"), CASES)
def test_a_bad_value_is_refused_with_a_sentence_and_leaves_nothing(
    one_desk: Desk, command: Command, place: int
) -> None:
    before = _files(one_desk.project)
    good = [_good(argument) for argument in command.arguments]
    for value in _bad(command.arguments[place]):
        if value == "" and command.address == "/library/audition":
            continue  # means to come back
        sentence = one_desk.refuse(command.address, *good[:place], value, *good[place + 1 :])
        assert sentence.isprintable(), f"{sentence!r} would garble a terminal"
        assert "engine.log" not in sentence, f"{value!r} was not foreseen"
    assert _files(one_desk.project) == before
