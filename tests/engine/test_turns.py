"""A turn of the control thread: whatever fails in it, or has no room, everyone is answered, and nothing is lost."""

import pytest
from desk import Answer, Desk
from playing import RATE

from chronus_tui.engine.player import PoolFull, SoundBusy
from chronus_tui.engine.studio import Request
from dsp import messages
from dsp.sizes import COMMANDS
from store.documents import Pattern


def fault() -> None:
    raise RuntimeError("a fault")


def fill_the_ring(desk: Desk) -> None:
    """Tell the sound as much as it can be told before it makes the next frame."""
    with pytest.raises(SoundBusy):
        for _ in range(COMMANDS + 1):
            desk.player.push(messages.FILL, a=0)


def room_in_the_pool(desk: Desk) -> int:
    return desk.player.pool.room_without([])


def bpm(desk: Desk) -> float:
    return float(desk.player.state["transport"]["bpm"])


def test_what_fails_for_one_keeps_no_answer_from_others(desk: Desk) -> None:
    before = desk.ask("/transport/bpm", 77)
    desk.control.call_soon(fault)
    behind = desk.ask("/transport/swing", 0.3)
    with pytest.raises(RuntimeError, match="a fault"):
        desk.turn()
    assert before.results == ()
    desk.turn()
    assert behind.results == ()
    assert bpm(desk) == 77


def test_what_woke_the_thread_is_heard_though_something_failed_before_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Answer()
    with monkeypatch.context() as failing:
        failing.setattr(desk.player, "follow", fault)
        with pytest.raises(RuntimeError, match="a fault"):
            desk.control.turn(desk.now_s, desk.now_s, Request("/transport/bpm", (77,), answer))
    desk.turn()
    assert answer.results == ()
    assert bpm(desk) == 77


def test_an_edit_and_a_sync_wait_where_the_sound_can_be_told_no_more(desk: Desk) -> None:
    desk.turn()
    room = room_in_the_pool(desk)
    fill_the_ring(desk)
    edit, sync = desk.ask("/transport/bpm", 77), desk.ask("/sync", 5)
    for _ in range(3):
        desk.control.turn(desk.now_s, desk.now_s)
    assert edit.results == ()
    assert (sync.results, sync.failure) == (None, "")
    assert room_in_the_pool(desk) == room
    desk.turn()
    assert sync.results is None
    desk.turn()
    assert sync.results == (5,)
    assert bpm(desk) == 77
    assert room_in_the_pool(desk) == room


def test_a_sync_waits_for_edits_that_the_pool_has_no_room_for(desk: Desk) -> None:
    desk.turn()
    taken: list[int] = []
    with pytest.raises(PoolFull):
        while True:
            taken.append(desk.player.pool.compile(Pattern())[0])
    desk.ask("/transport/bpm", 77)
    sync = desk.ask("/sync", 5)
    desk.turn()
    desk.turn()
    assert sync.results is None
    for entry in taken:
        desk.player.pool.release(entry)
    desk.turn()
    assert sync.results == (5,)
    assert bpm(desk) == 77


@pytest.mark.parametrize("when", ["bar", "immediate"])
def test_a_load_that_the_sound_cannot_be_told_of_changes_nothing(desk: Desk, when: str) -> None:
    desk.do("/pattern/save", 1)
    desk.do("/pattern/name", "edited")
    desk.do("/transport/play")
    room = room_in_the_pool(desk)
    fill_the_ring(desk)
    assert "Too many commands at once" in desk.refuse("/pattern/load", 1, when)
    desk.turn()
    assert room_in_the_pool(desk) == room
    assert desk.session.queued is None
    desk.do("/pattern/load", 1, "immediate")
    assert desk.session.pattern.name == "one"


def test_a_count_in_starts_the_transport_as_soon_as_the_sound_can_be_told(desk: Desk) -> None:
    desk.recorder.count_in.before_play(0, 120.0, 4)
    fill_the_ring(desk)
    desk.control.turn(desk.now_s, desk.now_s)
    assert not desk.session.playing
    desk.turn()
    desk.turn(RATE)
    assert desk.player.state["transport"]["playing"]


def test_an_audition_that_the_sound_cannot_be_told_of_holds_no_edit_back(desk: Desk) -> None:
    desk.do("/pattern/save_file", "heard")
    desk.turn()
    room = room_in_the_pool(desk)
    fill_the_ring(desk)
    assert "Too many commands at once" in desk.refuse("/library/audition", "heard")
    desk.do("/transport/bpm", 77)
    desk.turn()
    assert bpm(desk) == 77
    assert room_in_the_pool(desk) == room


def test_a_fault_while_the_disk_is_read_is_answered_and_what_waits_behind_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.do("/pattern/save", 1)
    monkeypatch.setattr(desk.slots, "read", lambda *_: fault())
    monkeypatch.setattr(desk.studio.library, "read", lambda *_: fault())
    broken = [desk.ask("/pattern/load", 1, "immediate", 2), desk.ask("/library/audition", "one")]
    behind = [desk.ask("/pattern/load", 2), desk.ask("/pattern/load", 1)]
    desk.turn()
    desk.turn()
    assert [answer.failure for answer in broken] == [
        f"{address} failed; .chronus/engine.log says why." for address in ("/pattern/load", "/library/audition")
    ]
    assert behind[0].failure == "Slot 2 is empty; save to it first."
    assert behind[1].results == ()
    assert "a fault" in caplog.text
