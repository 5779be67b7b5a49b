"""Chains: written, edited, saved, and played to the frame."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Desk
from playing import LOOK_AHEAD, RATE, pattern, track

from chronus_tui.engine.chains import as_played, entry_of, in_words
from chronus_tui.engine.offline import renderer
from chronus_tui.engine.player import PoolFull
from dsp import messages
from store.documents import Chain, ChainEntry
from store.errors import NoChain

BEAT = RATE // 2
A = pattern(track("x..............."), name="a")
B = pattern(track("x...x..."), name="b")
C = pattern(track("x...", "snare"), track("x...........", "clap"), name="c")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose slots 1 and 2 hold A (4 beats) and B (2 beats), and whose slot 1 of bank 5 holds C (3 beats)."""
    desk.hold({(1, 1): A, (1, 2): B, (5, 1): C})
    desk.do("/pattern/load", 1)
    desk.happened.clear()
    return desk


def swaps(desk: Desk, beats: float) -> list[tuple[float, str]]:
    """Play on, and tell at which beat which pattern came in, to the frame."""
    found: list[tuple[float, str]] = []
    take = desk.session.take

    def watch(event: Any) -> Any:
        told = take(event)
        if event.kind == messages.SWAPPED and told:
            found.append((event.frame / BEAT, desk.session.pattern.name))
        return told

    desk.session.take = watch
    for _ in range(int(beats * BEAT) // 256):
        desk.turn()
    desk.session.take = take
    return found


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("5", ChainEntry(5, 3)),
        ("2:5", ChainEntry(5, 2)),
        ("2:5x4", ChainEntry(5, 2, 4)),
        ("128x99", ChainEntry(128, 3, 99)),
    ],
)
def test_an_entry_is_read_as_it_is_written(text: str, entry: ChainEntry):
    assert entry_of(text, 3) == entry
    assert entry_of(in_words(entry), 1) == entry


def test_an_entry_mutes_and_plays_at_its_own_tempo_and_else_is_the_very_pattern():
    assert as_played(C, ChainEntry(1)) is C
    played = as_played(C, ChainEntry(1, mutes=("clap", "nobody"), bpm=90))
    assert [each.mute for each in played.tracks] == [False, True]
    assert played.bpm == 90


def test_a_chain_plays_over_banks_with_repeats_each_entry_on_its_frame_and_stops_on_the_last(desk: Desk):
    start = desk.player.frame
    desk.do("/pattern/chain", "1", "2x3", "5:1")
    assert desk.session.playing
    begun = [h.arguments for h in desk.happened if h.address == "/event/chain_entry"]
    assert begun == [(1, 1, 1)]
    found = swaps(desk, 16)
    offset = start / BEAT
    assert [(beat - offset, name) for beat, name in found] == [
        (pytest.approx(4, abs=1e-9), "b"),
        (pytest.approx(10, abs=1e-9), "c"),
    ]
    assert not desk.session.playing
    assert desk.player.state["transport"]["playing"] == 0
    assert [h.arguments for h in desk.happened if h.address == "/event/chain_entry"] == [
        (1, 1, 1),
        (2, 2, 1),
        (3, 1, 5),
    ]
    assert [h.address for h in desk.happened][-2:].count("/event/chain_stopped") == 1


def test_a_chain_that_loops_begins_again_and_is_one_step_of_undo(desk: Desk):
    desk.do("/track/1/gain", -3)
    before = desk.session.pattern
    desk.do("/chain/loop", 1)
    desk.do("/pattern/chain", 2, 2, "5:1")
    found = swaps(desk, 14.5)
    assert [name for _, name in found] == ["b", "c", "b", "b", "c", "b"]
    desk.do("/chain/stop")
    assert desk.session.playing
    assert swaps(desk, 8) == []
    desk.do("/pattern/undo")
    assert desk.session.pattern == before


def test_the_next_entry_waits_in_the_pool_as_soon_as_one_begins(desk: Desk):
    desk.do("/pattern/chain", "1", "5:1")
    desk.turn()
    assert desk.session.queued is not None
    assert (desk.session.queued.moment.place, desk.session.queued.when) == ((5, 1), "end")
    assert desk.player.state["meters"]["beats_to_swap"] > 3.9


def test_an_entry_with_mutes_and_tempo_plays_so_and_belongs_to_no_slot(desk: Desk):
    desk.do("/chain/add", 1, 5)
    desk.do("/chain/mute", 1, "clap", 1)
    desk.do("/chain/bpm", 1, 90)
    desk.do("/project/save_on_switch", 1)
    desk.do("/chain/play")
    assert (desk.session.pattern.bpm, [t.mute for t in desk.session.pattern.tracks]) == (90, [False, True])
    assert desk.session.slot is None
    desk.do("/pattern/load", 2, "immediate")
    assert desk.slots.read(5, 1) == C


@pytest.mark.parametrize("address", ["/pattern/load", "/pattern/cancel", "/transport/stop", "/chain/stop"])
def test_whoever_loads_cancels_or_stops_ends_the_chain(desk: Desk, address: str):
    desk.do("/pattern/chain", 1, 2)
    desk.do(address, *([2] if address == "/pattern/load" else []))
    desk.turn()
    assert not desk.studio.chain.playing
    assert sum(h.address == "/event/chain_stopped" for h in desk.happened) == 1
    name = desk.session.pattern.name
    assert name == "a"
    if address not in ("/pattern/load", "/transport/stop"):
        assert swaps(desk, 9) == []


def test_an_entry_that_the_pool_has_no_room_for_is_not_passed_over(desk: Desk):
    taken: list[int] = []
    with pytest.raises(PoolFull):
        while True:
            taken.append(desk.player.pool.compile(A)[0])
    desk.do("/pattern/chain", "1", "2", "5:1")
    desk.turn()
    for entry in taken:
        desk.player.pool.release(entry)
    assert [name for _, name in swaps(desk, 6.5)] == ["b", "c"]


def test_a_slot_that_cannot_be_read_is_passed_over_and_told(desk: Desk):
    desk.do("/pattern/chain", "1", "7", "3:9", "2")
    assert [name for _, name in swaps(desk, 5)] == ["b"]
    told = [h.arguments[0] for h in desk.happened if h.address == "/event/failed"]
    assert [sentence.split(".")[0] for sentence in told] == [
        "Entry 2 of the chain is passed over",
        "Entry 3 of the chain is passed over",
    ]


def test_a_chain_is_edited_saved_loaded_and_each_edit_undone(desk: Desk):
    for slot in (1, 2, 2):
        desk.do("/chain/add", slot)
    desk.do("/chain/set", 3, 1, 5, 4)
    desk.do("/chain/move", 3, 1)
    assert desk.do("/chain/show") == ("5:1x4", "1:1x1", "1:2x1")
    desk.do("/chain/remove", 2)
    desk.now_s += 5
    desk.do("/chain/repeats", 2, 8)
    desk.do("/chain/loop", 1)
    assert desk.do("/chain/save", "night") == ("patterns/chains/night.json",)
    saved = desk.session.moment.chain
    assert saved == Chain("night", True, (ChainEntry(1, 5, 4), ChainEntry(2, 1, 8)))
    desk.do("/chain/clear")
    assert desk.do("/chain/list") == ("night",)
    desk.do("/chain/load", "night")
    assert desk.session.moment.chain == saved
    for _ in range(6):
        desk.do("/pattern/undo")
    assert desk.do("/chain/show") == ("5:1x4", "1:1x1", "1:2x1")
    assert desk.session.pattern == A


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/pattern/chain", ()),
        ("/pattern/chain", ("one",)),
        ("/pattern/chain", ("1", "17:1")),
        ("/pattern/chain", ("129",)),
        ("/chain/play", ()),
        ("/chain/play", (3,)),
        ("/chain/remove", (1,)),
        ("/chain/set", (1, 5)),
        ("/chain/bpm", (1, 10)),
        ("/chain/load", ("nothing",)),
        ("/chain/load", ("../x",)),
        ("/chain/save", ("a/b",)),
        ("/chain/save", ("",)),
    ],
)
def test_what_cannot_be_done_to_a_chain_gets_one_sentence_and_changes_nothing(desk: Desk, address, arguments):
    assert "\n" not in desk.refuse(address, *arguments)


def test_a_track_is_muted_by_name_or_number_where_the_slot_has_it(desk: Desk):
    desk.do("/pattern/save", 4, 2)
    for bank in (1, 2, 3):
        desk.do("/chain/add", 4 if bank == 2 else 1, bank)
    names = [track.name for track in desk.session.pattern.tracks]
    assert desk.do("/chain/mute", 2, "1") == (1,)
    assert desk.do("/chain/show")[1] == f"2:4x1 without {names[0]}"
    assert desk.do("/chain/mute", 2, names[0]) == (0,)
    assert desk.do("/chain/mute", 1, "1", 0) == (0,)
    assert f"the pattern has: {', '.join(names)}" in desk.refuse("/chain/mute", 2, "nobody", 1)
    assert "Slot 1 of bank 3 is empty" in desk.refuse("/chain/mute", 3, "1", 1)


def test_a_chain_that_cannot_be_played_leaves_the_one_at_hand(desk: Desk):
    desk.do("/chain/add", 1)
    assert "Slot 77 is empty" in desk.refuse("/pattern/chain", "77", "1")
    assert desk.do("/chain/show") == ("1:1x1",)


def test_a_chain_that_is_played_or_edited_behind_its_load_is_the_loaded_one(desk: Desk):
    desk.do("/pattern/chain", "1", "5:1")
    desk.do("/chain/save", "night")
    desk.do("/chain/clear")
    asked = [desk.ask("/chain/load", "night"), desk.ask("/chain/repeats", 2, 4), desk.ask("/chain/play", 2)]
    asked += [desk.ask("/pattern/bank", 2), desk.ask("/chain/add", 9)]
    desk.turn()
    assert [answer.failure for answer in asked] == [""] * 5
    assert desk.do("/chain/show") == ("1:1x1", "5:1x4", "2:9x1")


def test_a_chain_is_rendered_by_its_name_as_it_plays_live(desk: Desk, tmp_path: Path):
    desk.do("/pattern/chain", "1", "2x3", "5:1")
    desk.do("/chain/bpm", 3, 90)
    desk.do("/chain/save", "night")
    made = renderer.render(desk.project, ["chain:night"], tmp_path / "night.wav", 4, 0.5, RATE, False)
    seconds = (4 + 3 * 2) / 2 + 3 * 60 / 90 + 0.5
    assert made["files"][0]["frames"] == round(seconds * RATE)
    sound, _ = soundfile.read(tmp_path / "night.wav")
    third = LOOK_AHEAD + 5 * RATE
    assert np.abs(sound[third : third + RATE // 20]).max() > 0.05
    assert np.abs(sound[third - 400 : third]).max() < 0.05
    with pytest.raises(NoChain):
        renderer.render(desk.project, ["chain:none"], tmp_path / "none.wav", 4, 0.5, RATE, False)
