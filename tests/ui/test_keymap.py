import re
from itertools import product

import pytest
from fake_engine import SCHEMA
from hypothesis import given
from hypothesis import strategies as st
from snapshots import playing_model

from chronus_tui.commands import COMMANDS, match
from chronus_tui.errors import CommandRefused
from chronus_tui.ui import keymap
from chronus_tui.ui.actions.action import Press
from chronus_tui.ui.keymap import TABLES, Place
from chronus_tui.ui.library_page import Listed, before_text
from chronus_tui.ui.model import HeldSlot, Model, Order
from chronus_tui.ui.palette import needs_words, offered
from chronus_tui.ui.schema import decode_schema
from chronus_tui.ui.screens.help import draw_help
from chronus_tui.ui.screens.prompt import order_from, places
from store.documents import Chain, ChainEntry

INDISTINCT = {"ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h", "ctrl+s", "ctrl+z", "ctrl+left_square_bracket"}
"""A terminal takes these for Tab, Enter, Backspace and Escape, or for itself."""
NAMED = {"space", "tab", "shift+tab", "enter", "escape", "up", "down", "left", "right"}
NAMED |= {"backspace", "home", "end", "pageup", "pagedown"}


KEYS = tuple(entry for table in TABLES.values() for entry in table.keys)
PLACES: tuple[Place, ...] = ("tracks", "slots", "sound", "effects", "steps", "library", "chain", "piano")


def model_at(place: Place) -> Model:
    model = playing_model()
    model.instruments = ("kick", "snare", "poly")
    model.pane = "slots" if place == "slots" else "tracks"
    model.schema = decode_schema(SCHEMA)
    model.page = place if place in ("sound", "effects", "steps", "library", "chain") else "main"
    model.browser.rows = (Listed("night", "dub"),)
    model.piano = place == "piano"
    model.chain = Chain(entries=(ChainEntry(1), ChainEntry(2, repeats=4)))
    model.held = HeldSlot(1, 42, cut=False)
    return model


def orders() -> list[Order]:
    made = []
    for entry in KEYS:
        for key, place in product(entry.keys, PLACES):
            if keymap.find(key, place) is entry and entry.action is not None:
                order = entry.action(model_at(place), Press(key, 0.0))
                if order is not None:
                    made.append(order)
    return made


def test_every_order_of_the_key_table_is_one_that_the_engine_takes() -> None:
    made = orders()
    assert len({order.address for order in made}) > 15
    for order in made:
        command, _ = match(order.address)
        command.accept(order.arguments)


def test_no_key_needs_more_than_a_plain_xterm_can_send() -> None:
    for entry in KEYS:
        for key in entry.keys:
            assert key not in INDISTINCT
            plain = len(key) == 1 and key.isascii() and key.isprintable()
            assert plain or key in NAMED or re.fullmatch(r"ctrl\+[a-z]", key), key


def test_no_place_has_two_meanings_for_one_key() -> None:
    for table in TABLES.values():
        taken = [key for entry in table.keys for key in entry.keys]
        assert len(taken) == len(set(taken))


def test_every_key_has_a_sentence_of_help() -> None:
    for entry in KEYS:
        assert entry.help.endswith(".")
        assert (entry.action is None) != (entry.opens is None)


@pytest.mark.parametrize("place", PLACES)
def test_space_escape_and_leaving_work_in_every_place(place: Place) -> None:
    for key in ("space", "escape", "ctrl+q", "?"):
        assert keymap.find(key, place) in keymap.keys_of("everywhere")


def test_in_the_piano_digits_are_notes_and_letters_do_nothing_else() -> None:
    assert keymap.find("5", "piano") in keymap.keys_of("piano")
    assert keymap.find("r", "piano") in keymap.keys_of("piano")
    assert keymap.find("a", "piano") is None
    assert keymap.find("!", "piano") is None


def test_every_hint_stands_for_a_key_of_its_place() -> None:
    for place in PLACES:
        assert all(shown for shown, _ in keymap.hints(place))


def test_the_palette_offers_all_but_second_names_and_what_programs_need() -> None:
    missing = {command.address for command in COMMANDS} - {command.address for command in offered()}
    second = {command.address for command in COMMANDS if command.address.startswith("/engine/record/")}
    assert missing - second == {
        "/engine/status",
        "/engine/schema",
        "/library/browse",
        "/takes/list",
        "/takes/waveform",
        "/status",
        "/notify",
        "/ping",
        "/sync",
    }
    assert second <= missing


def test_a_typed_line_fills_the_places_of_an_address_first() -> None:
    command, _ = match("/mod/acid/cutoff")
    assert places(command) == ["module", "parameter"]
    assert needs_words(command)
    assert order_from(command, "acid cutoff 800") == Order("/mod/acid/cutoff", (800,))


def test_a_quoted_name_is_one_word() -> None:
    command, _ = match("/pattern/name")
    assert order_from(command, '"night bus"') == Order("/pattern/name", ("night bus",))


@given(st.text("a '\"\\7", max_size=8))
def test_a_line_that_begins_with_a_text_means_that_text(text: str) -> None:
    order = order_from(match("/library/about")[0], before_text("dub/low tide", text))
    assert order.arguments == ("dub/low tide", text)


def test_a_name_at_the_end_of_a_line_needs_no_quotation_marks() -> None:
    assert order_from(match("/pattern/name")[0], "night  bus 2") == Order("/pattern/name", ("night bus 2",))
    assert order_from(match("/library/tag")[0], "'dub/low tide' deep echo") == Order(
        "/library/tag", ("dub/low tide", "deep echo")
    )
    with pytest.raises(CommandRefused, match="3 were given"):
        order_from(match("/pattern/load_file")[0], "low tide bar")


@pytest.mark.parametrize("width", [58, 78, 100, 118, 160])
def test_the_help_tells_every_sentence_whole(width: int) -> None:
    said = " ".join(" ".join(row.text for row in draw_help("recorder", width)).split())
    assert "…" not in said
    if width < 100:
        assert "Prepare the recorder: when a take begins, its taps and files." in said
