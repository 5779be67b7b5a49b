"""The same thing done to many patterns at once, over OSC and the link: told, cancelled, refused."""

import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import soundfile
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

from chronus_tui.engine.apart.asking import ask_apart
from chronus_tui.engine.apart.questions import RenderEach
from chronus_tui.engine.work import Work
from chronus_tui.errors import ChronusError
from store.library.batch import Batch

ONE = replace(pattern(track("x..."), name="one"), genre="polka", tags=("odd",))
TWO = replace(ONE, name="two", tags=())
OLD = Path(__file__).parents[1] / "store" / "data" / "pattern_v1.json"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose library has two polkas."""
    for each in (ONE, TWO):
        desk.studio.library.write(each, each.name)
    return desk


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let work give way after each of its steps, to what was asked for meanwhile."""
    monkeypatch.setattr("chronus_tui.engine.slices.SLICE_S", 0.0)


def events(desk: Desk, address: str) -> list[tuple[Any, ...]]:
    return [happening.arguments for happening in desk.happened if happening.address == address]


def test_a_tag_is_given_to_all_that_the_filters_find_and_taken_again(desk: Desk) -> None:
    assert desk.do("/library/tag_many", "dance", "genre=polka") == (2, 2)
    assert desk.do("/pattern/list", "tag=dance") == ("polka/one", "polka/two")
    assert desk.do("/library/untag_many", "dance", "name=one", "name=polka/two") == (2, 2)
    assert events(desk, "/event/library_done") == [("tag dance", 2, 2), ("untag dance", 2, 2)]


def test_any_number_of_filters_is_taken(desk: Desk) -> None:
    names = [f"name=none {number}" for number in range(200)]
    assert desk.do("/library/tag_many", "dance", *names, "name=one") == (1, 1)
    assert desk.do("/pattern/list", *names, "name=two") == ("polka/two",)


def test_files_of_older_versions_are_written_anew_and_damaged_ones_told(desk: Desk) -> None:
    folder = desk.project / "patterns/library/polka"
    (folder / "old.json").write_bytes(OLD.read_bytes())
    (folder / "bad.json").write_text("{")
    changed, found, problem = desk.do("/library/convert", "genre=polka")
    assert (changed, found) == (1, 4)
    assert "bad.json is damaged" in problem


def test_midi_files_lie_by_genre_and_are_imported_by_that_name(desk: Desk) -> None:
    assert desk.do("/library/midi", "genre=polka") == (2, 2)
    assert (desk.project / "patterns/export/polka/one.mid").read_bytes().startswith(b"MThd")
    desk.do("/pattern/import_midi", "polka/two")
    assert desk.session.pattern.name == "two"


def test_sound_is_made_in_a_process_of_its_own(desk: Desk) -> None:
    answer = desk.ask("/library/render", 1, "name=one")
    desk.turn()
    for thread in [each for each in threading.enumerate() if each.name == "apart"]:
        thread.join()
    desk.turn()
    assert (answer.results, answer.failure) == ((1, 1), "")
    assert soundfile.info(str(desk.project / "patterns/export/polka/one.wav")).frames == 4 * 24_000 + 2 * 48_000
    assert desk.studio.works.now is None
    assert desk.do("/library/render", 1, "name=none") == (0, 0)


@pytest.mark.usefixtures("step_by_step")
def test_work_is_told_while_it_goes_on_and_no_other_begins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chronus_tui.engine.work.TOLD_S", 0.0)
    answer = desk.ask("/library/tag_many", "dance", "genre=polka")
    other = desk.ask("/library/midi", "all")
    desk.turn()
    assert other.failure == "tag dance is under way; wait for its end, or cancel it: /library/cancel."
    assert answer.results == (2, 2)
    assert events(desk, "/event/library_progress") == [("tag dance", 1, 2), ("tag dance", 2, 2)]


@pytest.mark.usefixtures("step_by_step")
def test_work_that_is_cancelled_stops_after_the_pattern_it_is_at(desk: Desk) -> None:
    answer = desk.ask("/library/tag_many", "dance", "genre=polka")
    cancel = desk.ask("/library/cancel")
    desk.turn()
    assert cancel.results == ("tag dance", 0, 0)
    assert answer.failure == "tag dance was cancelled after 1 of 2."
    assert events(desk, "/event/library_cancelled") == [("tag dance", 1, 2)]
    assert desk.do("/pattern/list", "tag=dance") == ("polka/one",)
    assert desk.studio.works.now is None
    assert desk.refuse("/library/cancel") == "Nothing is under way that could be cancelled."


@pytest.mark.usefixtures("step_by_step")
def test_an_archive_that_is_cancelled_leaves_nothing(desk: Desk) -> None:
    answer = desk.ask("/library/export", "out", "genre=polka")
    desk.ask("/library/cancel")
    desk.turn()
    assert "cancelled" in answer.failure
    assert list((desk.project / "patterns/export").iterdir()) == []
    assert list((desk.project / "patterns/temp").iterdir()) == []


def followed(command: tuple[str, ...], stop: bool = False) -> "Future[Batch]":
    """What becomes of a question that `command` answers."""
    work = Work("render", lambda *_: None)
    made = ask_apart(RenderEach("", ("a/b",), "", 1, 0.0, 48_000), Batch, work, lambda call: call(), command)
    if stop:
        work.cancel()
    return made


@pytest.mark.parametrize(("program", "stop"), [("import sys; sys.exit(3)", False), ("print('no JSON')", False),
                                               ("while True: pass", True)])  # fmt: skip
def test_a_process_that_ends_early_is_told_in_a_sentence(program: str, stop: bool) -> None:
    error = followed((sys.executable, "-c", program), stop).exception(timeout=60)
    assert isinstance(error, ChronusError)
    assert str(error) == "The render ended early; engine.log says why."


def test_a_process_that_cannot_be_started_is_told_in_a_sentence() -> None:
    with pytest.raises(ChronusError, match="No process could be started for the render"):
        followed(("/none/such",))


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/library/tag_many", ("dance",)),
        ("/library/tag_many", ("a=b", "all")),
        ("/library/tag_many", ("dance", "gener=x")),
        ("/library/convert", ()),
        ("/library/midi", ("recent=x",)),
        ("/library/render", ("genre=polka",)),
        ("/library/render", (0, "genre=polka")),
    ],
)
def test_what_cannot_be_done_to_many_is_refused_in_one_sentence(desk: Desk, address, arguments) -> None:
    before = desk.studio.library.entries()
    assert "\n" not in desk.refuse(address, *arguments)
    assert desk.studio.library.entries() == before
    assert desk.studio.works.now is None
