"""The library over OSC and the link: what is told, what is changed, and what the working pattern knows of it."""

import json
from typing import Any

import pytest
from desk import Desk
from msgspec.structs import replace
from playing import pattern, track

NIGHT = replace(pattern(track("x..."), name="acid night"), genre="techno", tags=("acid",), about="with bells")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose project has a pattern of its own beside those of the factory."""
    desk.studio.library.write(replace(NIGHT, name="mine", genre="dub"), "mine")
    return desk


def events(desk: Desk) -> list[tuple[str, tuple[Any, ...]]]:
    return [(happening.address, happening.arguments) for happening in desk.happened]


def test_the_working_pattern_is_described_with_undo_and_found_by_it_once_it_is_saved(desk: Desk) -> None:
    desk.do("/pattern/genre", "polka")
    desk.do("/pattern/tag", "odd")
    desk.do("/pattern/tag", "wrong")
    desk.do("/pattern/untag", "wrong")
    desk.do("/pattern/about", "for  the\nwedding")
    desk.do("/pattern/save_file", "waltz")
    assert desk.do("/pattern/list", "genre=polka") == ("polka/waltz",)
    assert desk.do("/pattern/list", "tag=odd", "text=wedding") == ("polka/waltz",)
    assert desk.session.pattern.about == "for the wedding"
    for _ in range(5):
        desk.do("/pattern/undo")
    assert (desk.session.pattern.genre, desk.session.pattern.tags, desk.session.pattern.about) == ("", (), "")


def test_a_list_tells_names_and_damaged_files_and_nothing_where_nothing_is_found(desk: Desk) -> None:
    folder = desk.project / "patterns" / "library" / "dub"
    (folder / "bad.json").write_text("{")
    assert desk.do("/pattern/list", "genre=dub", "name=bad", "name=mine") == ("dub/bad (cannot be read)", "dub/mine")
    assert desk.do("/pattern/list", "genre=none such") == ()
    assert "bad.json is damaged" in desk.refuse("/pattern/load_file", "dub/bad")


def test_a_list_that_no_datagram_holds_says_how_to_ask_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chronus_tui.engine.actions.answers.ANSWER_MAX", 20)
    answer = desk.ask("/pattern/list", sender=("127.0.0.1", 9))
    desk.turn()
    assert "ask for limit=500" in answer.failure
    assert len(desk.do("/pattern/list")) > 1, "a client of the link takes answers of any length"


def test_browsing_tells_all_that_a_page_shows(desk: Desk) -> None:
    told = json.loads(desk.do("/library/browse", "name=mine", "limit=1")[0])
    assert told["patterns"] == [
        {"name": "mine", "genre": "dub", "tags": ["acid"], "about": "with bells", "bpm": 120, "factory": False,
         "problem": ""}
    ]  # fmt: skip
    told = json.loads(desk.do("/library/browse", "limit=2")[0])
    assert told["found"] == told["of"] > len(told["patterns"]) == 2


@pytest.mark.parametrize(
    ("address", "arguments", "filters", "event"),
    [
        ("/library/tag", ("mine", "murky"), ("tag=murky",), ("/event/file_changed", ("dub/mine",))),
        ("/library/favourite", ("mine", 1), ("tag=favourite",), ("/event/file_changed", ("dub/mine",))),
        ("/library/template", ("mine", 1), ("tag=template",), ("/event/file_changed", ("dub/mine",))),
        ("/library/about", ("mine", "rain"), ("text=rain", "genre=dub"), ("/event/file_changed", ("dub/mine",))),
    ],
)
def test_what_is_said_of_a_pattern_is_found_told_and_brought_back(desk: Desk, address, arguments, filters, event):
    moment = desk.session.moment
    desk.do(address, *arguments)
    assert desk.do("/pattern/list", *filters) == ("dub/mine",)
    assert event in events(desk)
    assert desk.do("/library/restore", "mine") == ("dub/mine",)
    assert desk.do("/pattern/list", *filters) == ()
    assert desk.session.moment is moment
    assert all(address != "/event/failed" for address, _ in events(desk))


def test_a_favourite_and_a_tag_are_taken_back(desk: Desk) -> None:
    desk.do("/library/favourite", "mine", 1)
    desk.do("/library/favourite", "mine", 0)
    told = desk.do("/library/untag", "mine", "acid")
    assert told == ("/library/restore 'dub/mine' brings back what it was.",)
    assert desk.do("/library/untag", "mine", "acid") == ()
    assert desk.studio.library.read("mine").tags == ()


def test_renaming_deleting_and_bringing_back_are_told(desk: Desk) -> None:
    assert desk.do("/library/rename", "mine", "house/yours")[0] == "house/yours"
    assert desk.do("/library/delete", "yours") == ("house/yours", "/library/restore 'house/yours' brings it back.")
    (line,) = desk.do("/library/trash")
    assert line.endswith(" house/yours")
    assert desk.do("/library/restore", "yours") == ("house/yours",)
    desk.do("/library/delete", "yours")
    assert desk.do("/library/empty_trash") == (1,)
    assert events(desk) == [
        ("/event/file_renamed", ("dub/mine", "house/yours")),
        ("/event/file_deleted", ("house/yours",)),
        ("/event/file_restored", ("house/yours",)),
        ("/event/file_deleted", ("house/yours",)),
        ("/event/trash_emptied", (1,)),
    ]


def test_each_change_of_the_library_is_undone_and_done_again_in_its_order(desk: Desk) -> None:
    library = desk.studio.library

    def told() -> dict[str, Any]:
        own = [name for name, entry in library.entries().items() if not entry.factory]
        return {name: library.read(name) for name in own}

    states = [told()]
    for address, *arguments in (
        ("/library/tag", "mine", "murky"),
        ("/library/favourite", "mine", 1),
        ("/library/rename", "mine", "house/yours"),
        ("/library/about", "yours", "rain"),
        ("/pattern/save_file", "fresh"),
        ("/library/delete", "yours"),
        ("/library/restore", "yours"),
        ("/pattern/save_file", "fresh"),
        ("/library/tag_many", "many", "name=fresh", "name=yours"),
        ("/library/untag_many", "murky", "all"),
    ):
        if arguments[0] == "fresh":
            desk.do("/transport/bpm", 100 + len(states))
        desk.do(address, *arguments)
        states.append(told())
        assert states[-1] != states[-2]
    for state in reversed(states[:-1]):
        desk.do("/library/undo")
        assert _sorted_tags(told()) == _sorted_tags(state)
    assert "No change of the library is left" in desk.refuse("/library/undo")
    for state in states[1:]:
        desk.do("/library/redo")
        assert _sorted_tags(told()) == _sorted_tags(state)
    assert desk.refuse("/library/redo").startswith("Nothing")
    desk.do("/library/undo")
    desk.do("/library/tag", "yours", "new")
    desk.refuse("/library/redo")


def _sorted_tags(patterns: dict[str, Any]) -> dict[str, Any]:
    return {name: replace(each, tags=tuple(sorted(each.tags))) for name, each in patterns.items()}


def test_a_pattern_that_came_along_is_what_it_was_again(desk: Desk) -> None:
    name = next(name for name, entry in desk.studio.library.entries().items() if entry.factory)
    before = desk.studio.library.read(name)
    for way_back in ("/library/undo",), ("/library/restore", name):
        desk.do("/library/tag", name, "murky")
        desk.do(*way_back)
        assert desk.studio.library.read(name) == before


def test_undo_goes_not_past_an_archive_nor_does_a_change_that_another_program_made_impossible(desk: Desk) -> None:
    desk.do("/library/export", "all", "genre=dub")
    desk.do("/library/tag", "mine", "murky")
    desk.do("/library/rename", "mine", "yours")
    desk.studio.library.write(replace(NIGHT, genre="dub"), "mine")
    assert "dub/mine already" in desk.refuse("/library/undo")
    desk.do("/library/undo")
    desk.do("/library/tag", "yours", "murky")
    desk.do("/library/import", "all")
    desk.turn()
    assert "No change of the library is left" in desk.refuse("/library/undo")


def test_a_template_is_loaded_without_its_name_and_counts_as_used(desk: Desk) -> None:
    desk.do("/library/template", "mine", 1)
    desk.do("/pattern/load_file", "mine")
    assert (desk.session.pattern.name, desk.session.pattern.tags) == ("untitled", ("acid",))
    assert desk.do("/pattern/list", "recent=1") == ("dub/mine",)


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/pattern/list", ("gener=x",)),
        ("/pattern/list", ("recent=x",)),
        ("/pattern/genre", ("a/b",)),
        ("/pattern/genre", ("x" * 101,)),
        ("/pattern/tag", ("",)),
        ("/pattern/tag", ("a=b",)),
        ("/pattern/about", ("x" * 501,)),
        ("/library/browse", ("limit=0",)),
        ("/library/tag", ("gone", "x")),
        ("/library/tag", ("mine", "x" * 41)),
        ("/library/tag", ("../mine", "x")),
        ("/library/favourite", ("mine", 2)),
        ("/library/rename", ("mine", "../x")),
        ("/library/rename", ("mine", "techno/acid night")),
        ("/library/rename", ("mine", "nul")),
        ("/library/delete", ("gone",)),
        ("/library/delete", ("techno/acid night",)),
        ("/library/restore", ("gone",)),
        ("/library/restore", ("mine", 3)),
    ],
)
def test_what_cannot_be_done_gets_one_sentence_and_changes_nothing(desk: Desk, address, arguments) -> None:
    before = desk.studio.library.entries()
    assert "\n" not in desk.refuse(address, *arguments)
    assert desk.studio.library.entries() == before
    assert desk.studio.library.read("mine") == replace(NIGHT, name="mine", genre="dub")
