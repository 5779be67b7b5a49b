"""Hearing a library pattern in place of the working one, which stays what it is."""

import random
from typing import Any

import numpy as np
import pytest
from desk import Answer, Desk, Later
from msgspec.structs import replace
from playing import RATE, pattern, track

from chronus_tui.engine.compile.patterns import compile_pattern
from chronus_tui.engine.studio import Request
from dsp.sizes import POOL
from store.documents import Pattern

BAR = 2 * RATE
HEARD = replace(pattern(track("x.x.x.x.", "snare"), track("xxxx", "acid"), name="heard", bpm=90), genre="dub")
OTHER = replace(pattern(track("....x...", "clap"), name="other", bpm=150, beats_per_bar=3), genre="dub")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk that plays, with two patterns in its library."""
    for each in (HEARD, OTHER):
        desk.studio.library.write(each, each.name)
    desk.do("/transport/play")
    desk.happened.clear()
    return desk


def is_compiled(desk: Desk, entry: int, document: Pattern) -> bool:
    """Whether what counts of the pool's entry is that of `document`; the rest is left from before."""
    compiled, expected = desk.player.state["pool"][entry], compile_pattern(document)[0][0]
    there = expected["tracks"]["present"] == 1
    return (
        all(np.array_equal(compiled[name], expected[name]) for name in ("bpm", "beats_per_bar"))
        and np.array_equal(compiled["tracks"]["present"], expected["tracks"]["present"])
        and all(
            np.array_equal(compiled["tracks"][name][there], expected["tracks"][name][there])
            for name in ("instrument", "length", "strip", "sound")
        )
    )


def sounds_like(desk: Desk, document: Pattern) -> bool:
    """Whether `document` is what plays."""
    return is_compiled(desk, int(desk.player.state["transport"]["current"]), document)


def play_on(desk: Desk, frames: int) -> None:
    for _ in range(frames // 256 + 1):
        desk.turn()


def events(desk: Desk) -> list[tuple[Any, ...]]:
    return [(happening.address, *happening.arguments) for happening in desk.happened]


def test_it_comes_in_at_the_bar_in_the_running_tempo_and_goes_again_at_the_bar(desk: Desk) -> None:
    before = desk.session.moment
    desk.do("/library/audition", "heard")
    assert sounds_like(desk, before.pattern)
    assert (desk.studio.audition.name, desk.studio.audition.heard) == ("dub/heard", False)
    play_on(desk, BAR)
    assert sounds_like(desk, replace(HEARD, bpm=120))
    assert desk.studio.audition.heard
    assert desk.player.state["transport"]["bpm"] == 120
    desk.do("/library/audition")
    assert sounds_like(desk, replace(HEARD, bpm=120))
    play_on(desk, BAR)
    assert sounds_like(desk, before.pattern)
    assert desk.session.moment is before
    assert "nothing to undo" in desk.refuse("/pattern/undo")
    assert events(desk) == [("/event/audition_started", "dub/heard"), ("/event/audition_ended", "dub/heard")]


def test_what_is_edited_meanwhile_is_kept_and_heard_when_the_working_pattern_is(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    play_on(desk, BAR)
    desk.do("/track/1/gain", -9)
    desk.do("/transport/bpm", 133)
    desk.do("/track/2/mute", 1)
    desk.do("/pattern/undo")
    assert sounds_like(desk, replace(HEARD, bpm=120))
    desk.do("/library/audition")
    desk.do("/track/1/pan", 0.5)
    play_on(desk, BAR)
    play_on(desk, 256)
    working = desk.session.pattern
    assert (working.tracks[0].gain_db, working.bpm, working.tracks[0].pan, working.tracks[1].mute) == (-9, 133, 0.5, 0)
    assert sounds_like(desk, working)


def test_a_save_meanwhile_saves_the_working_pattern_compiled_as_it_is(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    play_on(desk, BAR)
    desk.do("/pattern/save", 9)
    assert desk.slots.read(1, 9) == desk.session.pattern
    entry = desk.bank.entry(9)
    assert entry is not None and is_compiled(desk, entry, desk.session.pattern)


@pytest.mark.parametrize("when", ["bar", "beat", "end", "immediate"])
@pytest.mark.parametrize("released", [False, True])
def test_a_load_ends_it(desk: Desk, when: str, released: bool) -> None:
    desk.do("/library/audition", "heard")
    play_on(desk, BAR)
    if released:
        desk.do("/library/audition")
    desk.do("/pattern/load_file", "other", when)
    play_on(desk, 2 * BAR)
    assert desk.session.pattern == OTHER
    assert sounds_like(desk, OTHER)
    assert not desk.studio.audition.name
    desk.do("/track/1/gain", -3)
    desk.turn()
    assert sounds_like(desk, desk.session.pattern)


def test_a_load_at_once_lets_nothing_come_in_afterwards_that_waited(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    desk.do("/pattern/load_file", "other", "immediate")
    play_on(desk, 2 * BAR)
    assert sounds_like(desk, OTHER)
    assert not desk.studio.audition.name


def test_coming_back_while_a_load_waits_waits_for_that_load_or_comes_when_it_is_cancelled(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    play_on(desk, BAR)
    desk.do("/pattern/load_file", "other")
    desk.do("/library/audition")
    assert desk.session.queued is not None
    desk.do("/pattern/cancel")
    play_on(desk, BAR)
    assert desk.session.pattern.name == "one"
    assert sounds_like(desk, desk.session.pattern)


def test_one_that_was_not_heard_yet_is_forgotten_at_once(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    desk.do("/library/audition")
    assert not desk.studio.audition.name
    play_on(desk, BAR)
    assert sounds_like(desk, desk.session.pattern)


def test_another_takes_its_place(desk: Desk) -> None:
    desk.do("/library/audition", "heard")
    play_on(desk, BAR)
    desk.do("/library/audition", "other")
    play_on(desk, BAR)
    assert sounds_like(desk, replace(OTHER, bpm=120))
    desk.do("/library/audition")
    play_on(desk, BAR)
    assert sounds_like(desk, desk.session.pattern)


def test_where_nothing_plays_it_is_heard_at_once_and_stops_again(desk: Desk) -> None:
    desk.do("/transport/stop")
    desk.do("/library/audition", "heard")
    assert sounds_like(desk, replace(HEARD, bpm=120))
    assert desk.session.playing
    desk.do("/library/audition")
    desk.turn()
    assert not desk.session.playing
    assert sounds_like(desk, desk.session.pattern)


@pytest.mark.parametrize("name", ["gone", "../x", "dub/bad"])
def test_what_cannot_be_heard_is_refused_in_one_sentence(desk: Desk, name: str) -> None:
    (desk.project / "patterns/library/dub/bad.json").write_text("{")
    assert "\n" not in desk.refuse("/library/audition", name)
    assert "Nothing is auditioned." in desk.refuse("/library/audition")


def test_a_load_that_waits_is_not_pushed_away(desk: Desk) -> None:
    desk.do("/pattern/load_file", "other")
    assert "A load is waiting" in desk.refuse("/library/audition", "heard")
    play_on(desk, BAR)
    assert desk.session.pattern == OTHER


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_the_working_pattern_sounds_in_the_end_and_no_entry_is_lost(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    desk.do("/pattern/save", 1)
    things: list[tuple[str, tuple[Any, ...]]] = [
        ("/library/audition", ("heard",)),
        ("/library/audition", ("other",)),
        ("/library/audition", ()),
        ("/pattern/load", (1,)),
        ("/pattern/load", (1, "immediate")),
        ("/pattern/load", (1, "beat")),
        ("/pattern/cancel", ()),
        ("/pattern/undo", ()),
        ("/transport/toggle", ()),
        ("/pattern/save", (1,)),
    ]
    for _ in range(60):
        address, arguments = chance.choice([*things, ("/track/1/gain", (chance.randrange(-20, 0),))])
        desk.ask(address, *arguments)
        play_on(desk, chance.choice([0, 0, 5000, 30_000]))
    desk.ask("/pattern/cancel")
    desk.turn()
    if desk.studio.audition.name:
        desk.do("/library/audition")
    play_on(desk, 2 * BAR)
    assert not desk.studio.audition.name
    assert sounds_like(desk, desk.session.pattern)
    used = {desk.bank.entry(1), int(desk.player.state["transport"]["current"])}
    assert desk.player.pool.room_without([]) == POOL - len(used)


def test_it_ends_where_the_screen_that_asked_for_it_has_gone(desk: Desk) -> None:
    screen, other = object(), object()
    answer = Answer()
    desk.control.submit(Request("/library/audition", ("heard",), answer, client=screen))
    play_on(desk, BAR)
    desk.studio.audition.leave(other)
    play_on(desk, BAR)
    assert desk.studio.audition.heard
    desk.studio.audition.leave(screen)
    desk.studio.audition.leave(screen)
    play_on(desk, BAR)
    assert not desk.studio.audition.name
    assert sounds_like(desk, desk.session.pattern)


@pytest.mark.parametrize("ends", ["its screen goes", "one comes back"])
def test_one_that_is_to_end_while_it_is_read_is_never_heard(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    screen, answer, back = object(), Answer(), Answer(results=())
    jobs: list[Any] = []
    monkeypatch.setattr(desk.studio, "disk", Later(jobs))
    desk.control.submit(Request("/library/audition", ("heard",), answer, client=screen))
    desk.turn()
    if ends == "its screen goes":
        desk.studio.audition.leave(screen)
    else:
        back = desk.ask("/library/audition")
    desk.turn()
    for job in jobs:
        job()
    play_on(desk, 2 * BAR)
    assert answer.results == back.results == ()
    assert not desk.happened
    assert sounds_like(desk, desk.session.pattern)
    assert desk.refuse("/library/audition") == "Nothing is auditioned."
