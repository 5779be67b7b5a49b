"""Takes are checked and proved beside the sound, by commands."""

import json
import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import Any

import pytest
import soundfile
from desk import Desk
from playing import RATE
from takes_by_hand import Heard

from chronus_tui.cli import main
from chronus_tui.engine import examiner
from chronus_tui.engine.apart.questions import CheckTake
from chronus_tui.errors import ChronusError
from chronus_tui.verdict import Verdict

PATIENCE_S = 600
"""The process gives way to every other test."""


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/transport/play")
    return heard


def told(desk: Desk, address: str) -> list[tuple[Any, ...]]:
    return [each.arguments for each in desk.happened if each.address == address]


def ended(desk: Desk, heard: Heard, what: str, *take: str) -> tuple[Any, ...]:
    """What is told at the end of an examination that is asked for now."""
    heard.do(f"/record/{what}", *take)
    for thread in [each for each in threading.enumerate() if each.name == "apart"]:
        thread.join(PATIENCE_S)
    desk.turn(0)
    return told(desk, f"/event/take_{what}ed")[-1]


def test_a_take_is_checked_and_proved_and_one_that_was_tampered_with_is_told_as_such(desk: Desk, heard: Heard) -> None:
    heard.record("other", 3.0)
    path = heard.record("jam", 3.0)
    assert ended(desk, heard, "check", "jam") == ("jam", "clean", "No faults found in jam.")
    assert ended(desk, heard, "replay", "JAM")[:2] == ("jam", "same")
    sound, rate = soundfile.read(path, dtype="float32")
    sound[50_000:50_512] = 0.0
    soundfile.write(path, sound, rate, subtype="PCM_24")
    name, verdict, sentence = ended(desk, heard, "check", "jam")
    assert (name, verdict) == ("jam", "faulty")
    assert sentence == "Faults found in jam: 1 dropout; the first is at 0:01.042."
    name, verdict, sentence = ended(desk, heard, "replay", "jam")
    assert (name, verdict) == ("jam", "differs")
    assert sentence == "It differs from the take: master from 1.042 s on."
    found = json.loads(heard.do("/engine/record/verdict")[0])
    assert [(each["kind"], each["tap"], each["start_s"]) for each in found["check"]["faults"]] == [
        ("dropout", "master", 50_000 / RATE)
    ]
    assert [(each["kind"], each["tap"], each["start_s"]) for each in found["replay"]["faults"]] == [
        ("differs", "master", 50_000 / RATE)
    ]
    progress = told(desk, "/event/take_checking") + told(desk, "/event/take_replaying")
    assert all(name == "jam" and 0 <= percent <= 100 for name, percent in progress)


def test_what_is_missing_of_a_take_is_told(desk: Desk, heard: Heard, capsys: Any) -> None:
    heard.do("/record/taps", "master mix")
    heard.do("/record/split", 0.5)
    heard.play(RATE // 2)
    folder = heard.record("jam", 1.7)
    sound, rate = soundfile.read(folder / "master_003.wav", dtype="float32")
    soundfile.write(folder / "master_003.wav", sound[:4800], rate, subtype="PCM_24")
    (folder / "master_002.wav").unlink()
    assert ended(desk, heard, "check", "jam")[1] == "faulty"
    faults = json.loads(heard.do("/record/verdict")[0])["check"]["faults"]
    short = [(each["tap"], each["start_s"], each["detail"]) for each in faults if each["kind"] == "short"]
    assert short == [
        ("master", 0.5 - 1 / RATE, "master_002.wav is gone, 0.500 s are missing"),
        ("master", 0.6 - 1 / RATE, "master_003.wav is cut short, 0.400 s are missing"),
    ]
    for part in folder.glob("mix_*"):
        part.unlink()
    assert main(["check", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["unread"] == [
        f"Could not read {folder / 'mix_001.wav'}: it does not exist; check the path."
    ]


def test_what_a_check_cannot_read_is_its_verdict_in_a_sentence(desk: Desk, heard: Heard) -> None:
    path = heard.record("jam", 0.5)
    path.write_bytes(b"no sound at all")
    path.with_suffix(".replay").write_bytes(b"no performance either")
    for what in ("check", "replay"):
        name, verdict, sentence = ended(desk, heard, what)
        assert (name, verdict) == ("jam", "failed")
        assert path.stem in sentence
        assert sentence.endswith(".")


def test_what_cannot_be_examined_is_refused_in_a_sentence(desk: Desk, heard: Heard) -> None:
    assert "no finished takes yet" in desk.refuse("/record/check")
    path = heard.record("old", 0.5)
    path.with_suffix(".replay").unlink()
    heard.do("/record/start", "running")
    heard.play(4096)
    for what in ("/record/check", "/record/replay"):
        assert "no take 'none'" in desk.refuse(what, "none")
        assert desk.refuse(what, "running") == "Take 'running' is being recorded; stop it first."
    assert "There is no old.replay" in desk.refuse("/record/replay", "old")
    assert desk.refuse("/record/cancel") == "Nothing is under way that could be cancelled."
    assert desk.studio.examiner.works.now is None


class Asked:
    """A process that answers when the test does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.became: Future[Verdict] = Future()
        self.stopped = False
        monkeypatch.setattr(examiner, "ask_apart", self._ask)

    def _ask(self, question: CheckTake, kind: type[Verdict], work: Any, on_control: Any) -> "Future[Verdict]":
        self.question, self.work, work.stop = question, work, self._stop
        return self.became

    def _stop(self) -> None:
        self.stopped = True
        self.became.set_exception(ChronusError("The process ended early."))


def test_one_take_is_examined_at_a_time_and_left_alone_meanwhile(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    heard.record("one", 0.5)
    heard.record("two", 0.5)
    assert heard.do("/record/check", "one") == ("one",)
    assert asked.question == CheckTake(str(desk.project), str(desk.recorder.folder), "one")
    under_way = "check of one is under way; wait for its end, or cancel it: /record/cancel."
    assert desk.refuse("/record/replay", "two") == under_way
    for refused in (("/takes/rename", "one", "three"), ("/takes/delete", "One")):
        assert desk.refuse(*refused) == f"The {under_way}"
    asked.work.go_on(1, 3)
    status = desk.studio.examiner.status()
    assert (status.what, status.take, status.percent) == ("check", "one", 33)
    assert heard.do("/takes/rename", "two", "three") == ("three",)
    assert heard.do("/record/cancel") == ("one",)
    desk.turn(0)
    assert asked.stopped
    assert told(desk, "/event/take_checked") == [("one", "cancelled", "The check of one was cancelled.")]
    assert desk.studio.examiner.status().what == ""


def test_a_process_apart_ends_with_whoever_asked() -> None:
    program = (
        "import sys, threading; from chronus_tui.engine.apart import worker\n"
        "worker._become = lambda *_: threading.Event().wait()\nsys.exit(worker.main())"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"type":"CheckTake","project":"","folder":"","take":""}\n')
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 1


def test_the_parts_of_a_take_are_checked_as_the_one_sound_that_they_are(desk: Desk, heard: Heard, capsys: Any) -> None:
    heard.do("/record/taps", "master stems")
    heard.do("/record/split", 1.0)
    heard.play(RATE // 2)
    folder = heard.record("parts", 3.0)
    asked = ["check", "parts", "--project", str(desk.project)]
    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "parts: 3 sounds"
    assert lines[2].startswith("master: 0:02.997, ")
    assert lines[2].endswith("WAV PCM_24, in 3 parts")
    assert lines[-1] == "No faults found in any of them."
    second = folder / "master_002.wav"
    sound, rate = soundfile.read(second, dtype="float32")
    sound[2_000:2_512] = 0.0
    soundfile.write(second, sound, rate, subtype="PCM_24")
    assert main([*asked, "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["sounds"][0]["faults"]
    assert (fault["start_frame"], fault["file"], fault["frame_in_file"]) == (RATE + 2_000, str(second), 2_000)
    assert main(["check", str(folder)]) == 1
    assert ", 0:00.042 of master_002.wav" in capsys.readouterr().out
    assert main(["check", str(second)]) == 1
    assert capsys.readouterr().out.startswith("master_002.wav: 0:01.000")
