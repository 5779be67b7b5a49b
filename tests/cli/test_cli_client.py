import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chronus_tui.cli import main, stop
from chronus_tui.link import Reply
from chronus_tui.status import OscStatus, RecordingStatus, Status
from store.locks import ProjectLock

NOW = Status(
    project="/songs/one",
    version="0.1.0",
    playing=True,
    bpm=125.0,
    bar=17,
    beat=3,
    step=9,
    pattern="acid night",
    slot=7,
    queued=42,
    edited=True,
    device="silent clock",
    silent=True,
    problem="No device was found; chronus doctor tells more.",
    recording=RecordingStatus(
        True, "recordings/one.wav", 12.5, disk_left_s=7200, taps=("master", "mix", "stems"), clipped=3
    ),
    osc=OscStatus("127.0.0.1", 5005),
)


def said(status: Status) -> dict[str, Reply]:
    return {"/engine/status": Reply(0, True, (msgspec.json.encode(status).decode(),))}


def test_status_prints_the_engines_own_json(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(NOW))
    assert main(["status", "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=Status) == NOW


def test_status_tells_people_what_matters(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(NOW))
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    for part in ("playing", "125 bpm", "acid night (edited)", "slot 007", "slot 042 waits", "12.5 s", "port 5005"):
        assert part in out
    assert NOW.problem in out
    assert "wav24 of master, mix and stems, 0 frames dropped, 3 samples cut off, 2.0 hours left" in out


def test_status_tells_room_for_less_than_two_hours_in_minutes(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(msgspec.structs.replace(NOW, recording=RecordingStatus(disk_left_s=7170.0))))
    assert main(["status"]) == 0
    assert "master, 120 minutes left" in capsys.readouterr().out


def test_status_says_no_disk_is_full_that_has_not_answered(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(msgspec.structs.replace(NOW, recording=RecordingStatus())))
    assert main(["status"]) == 0
    assert "master, room on the disk not known yet" in capsys.readouterr().out


def test_status_tells_what_a_take_and_a_load_wait_for(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(msgspec.structs.replace(NOW, recording=RecordingStatus(waiting="level"), queued_when="end")))
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "recording  waits for a sound; wav24 of master" in out
    assert "slot 042 waits for the end" in out


def test_status_tells_all_that_cannot_be_played_as_written(link_stub: Callable[..., Any], capsys: Any) -> None:
    told = ("There is no effect 'flanger'.", "There is no instrument 'theremin'.")
    link_stub(said(Status(project="p", version="v", problem=told[0], unplayed=told)))
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert all(out.count(sentence) == 1 for sentence in told)


def test_status_of_a_stopped_engine_with_no_slot(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub(said(Status(project="p", version="v")))
    assert main(["status"]) == 0
    assert "slot none" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["status", "stop"])
def test_where_no_engine_runs_is_exit_code_3(project: Path, capsys: Any, word: str) -> None:
    assert main([word]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"No engine runs for {project}; start one with: chronus engine\n"


def test_stop_comes_back_when_the_engine_has_gone(link_stub: Callable[..., Any]) -> None:
    stub = link_stub({"/engine/quit": Reply(0, True)})
    assert main(["stop"]) == 0
    assert stub.asked == ["/engine/quit"]


def test_stop_waits_for_the_project_to_be_free(
    link_stub: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    link_stub({"/engine/quit": Reply(0, True)})
    monkeypatch.setattr(stop, "STOP_S", 0.1)
    with ProjectLock(project):
        assert main(["stop"]) == 1
    assert "still runs" in capsys.readouterr().err


def test_stop_that_is_refused_says_why(link_stub: Callable[..., Any], capsys: Any) -> None:
    link_stub({"/engine/quit": Reply(0, False, (), "The disk is full; the take cannot be closed.")})
    assert main(["stop"]) == 1
    assert capsys.readouterr().err == "The disk is full; the take cannot be closed.\n"


def test_a_project_may_be_named(link_stub: Callable[..., Any], project: Path, monkeypatch: Any, capsys: Any) -> None:
    link_stub(said(NOW))
    monkeypatch.delenv("CHRONUS_PROJECT")
    assert main(["status", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["slot"] == 7
