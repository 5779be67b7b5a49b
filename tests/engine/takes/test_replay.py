"""What was played is made again, to the bit."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Desk
from msgspec.structs import replace
from numpy.testing import assert_array_equal
from playing import RATE
from takes_by_hand import BLOCK, Heard, note

from chronus_tui.cli import main
from chronus_tui.engine.recording import audition
from dsp.audition import fill_audition
from dsp.journal import LISTENED
from dsp.sizes import QUANTUM
from store.takes.encoding import encode
from store.takes.files import write_note
from store.takes.formats import FORMATS
from store.takes.performance import read_performance
from store.takes.repair import repair_unfinished
from store.takes.tags import Tags

INSTRUMENTS = ("kick", "snare", "open_hat", "closed_hat", "cymbal", "acid", "poly", "fm", "pluck", "sampler")


class Performer:
    """Plays `desk` at random, the same for the same seed."""

    def __init__(self, heard: Heard, seed: int) -> None:
        self._heard = heard
        self._desk = heard.desk
        self._chance = random.Random(seed)

    def play(self, seconds: float) -> None:
        """Do something every few milliseconds; what is refused is refused."""
        desk, chance = self._desk, self._chance
        made = 0
        while made < seconds * RATE:
            for _ in range(chance.randrange(3)):
                desk.ask(*self._command())
            count = chance.choice((256, 1024, 4096))
            self._heard.play(count)
            made += count

    def _command(self) -> tuple[object, ...]:
        chance = self._chance
        track = chance.randint(1, 4)
        step = chance.randint(1, 16)
        return chance.choice(
            (
                ("/transport/play",),
                ("/transport/bpm", chance.uniform(60, 200)),
                ("/transport/swing", chance.uniform(0, 0.5)),
                ("/transport/fill", chance.randint(0, 1)),
                ("/pattern/load", chance.randint(1, 12), chance.choice(("bar", "beat", "end", "immediate"))),
                ("/pattern/undo",),
                ("/pattern/save", chance.randint(20, 30)),
                ("/pattern/seed", chance.randrange(1000)),
                (f"/track/{track}/toggle", step),
                (f"/track/{track}/ratchet", step, chance.randint(1, 4)),
                (f"/track/{track}/micro", step, chance.uniform(-0.4, 0.4)),
                (f"/track/{track}/probability", step, chance.random()),
                (f"/track/{track}/lock", step, "gain", chance.uniform(-20, 0)),
                (f"/track/{track}/note", chance.randint(30, 80), chance.random(), 0.2),
                (f"/track/{track}/instrument", chance.choice(INSTRUMENTS)),
                (f"/mod/{track}/reverb", chance.random()),
                (f"/mod/{track}/delay", chance.random()),
                (f"/mod/{track}/pan", chance.uniform(-1, 1)),
                ("/mod/lfo1/depth", chance.uniform(-0.5, 0.5)),
                ("/pattern/lfo", 1, chance.choice(("delay feedback", "1 gain", "2 pan"))),
                ("/mod/distortion/mix", chance.random() * 0.3),
                ("/mod/compressor/mix", chance.random()),
            )
        )


def test_a_minute_of_random_commands_is_made_again_to_the_bit(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    performer = Performer(heard, 1)
    heard.do("/transport/play")
    performer.play(3.0)
    heard.do("/record/format", "wav32")
    heard.do("/record/taps", "master dry stems")
    performer.play(2.0)
    (path,) = heard.do("/record/start", "night")
    performer.play(60.0)
    heard.do("/record/stop")
    out = tmp_path / "again"
    assert main(["replay", "night", "-o", str(out), "--project", str(desk.project), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["same"] and told["parted"] == {}
    assert (told["verdict"], told["sentence"]) == ("same", "It is the same as the take, to the bit.")
    assert told["compared_frames"] > 59 * RATE
    master, again = (soundfile.read(folder / "master.wav", dtype="float32")[0] for folder in (Path(path), out))
    assert_array_equal(master, again)
    assert np.abs(master).max() > 0.05


def test_a_take_that_was_grabbed_from_the_past_is_made_again(desk: Desk, heard: Heard, tmp_path: Path):
    performer = Performer(heard, 2)
    heard.do("/transport/play")
    performer.play(40.0)
    (path,) = heard.do("/record/grab", 12.0, "kept")
    assert Path(path).name == "kept.wav"
    for ending in ("wav", "flac", "aiff"):
        assert main(["replay", path, "-o", str(tmp_path / f"again.{ending}"), "--project", str(desk.project)]) == 0


def test_a_take_that_was_changed_is_told_from_what_was_played(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    performer = Performer(heard, 3)
    heard.do("/transport/play")
    (path,) = heard.do("/record/start", "night")
    performer.play(3.0)
    heard.do("/record/stop")
    sound, rate = soundfile.read(path, dtype="int32")
    sound[RATE : RATE + 100] = 0
    soundfile.write(path, sound, rate, subtype="PCM_24")
    out = tmp_path / "again.wav"
    assert main(["replay", "night", "-o", str(out), "--project", str(desk.project)]) == 1
    assert "differs from the take: master from 1.000 s" in capsys.readouterr().out
    assert main(["replay", "night", "-o", str(out), "--project", str(desk.project)]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err
    assert main(["replay", "no such take", "-o", str(tmp_path / "x.wav"), "--project", str(desk.project)]) == 1


def test_a_take_without_its_performance_is_refused_in_a_sentence(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (path,) = heard.do("/record/start", "night")
    heard.play(RATE // 4)
    heard.do("/record/stop")
    Path(path).with_suffix(".replay").unlink()
    assert main(["replay", path, "-o", str(tmp_path / "x.wav"), "--project", str(desk.project)]) == 1
    error = capsys.readouterr().err
    assert "night.replay" in error and error.count("\n") == 1


def made_again(desk: Desk, take: str, out: Path | None, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What a replay of a take tells, which is written to `out`, or nowhere."""
    capsys.readouterr()
    written = [] if out is None else ["-o", str(out)]
    main(["replay", take, *written, "--project", str(desk.project), "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


SUBTYPES = {"wav16": "PCM_16", "wav24": "PCM_24", "wav32": "FLOAT", "aiff": "PCM_24", "flac": "PCM_24"}
SMALLEST = {"wav16": 4 / 2**15, "wav24": 1 / 2**23, "wav32": 1e-7, "aiff": 1 / 2**23, "flac": 1 / 2**23}
"""A change that is surely told: a step, and where there is dither, more than dither and rounding take up."""


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_take_of_each_format_is_told_to_be_the_same_and_told_when_a_sample_is_not(
    desk: Desk, heard: Heard, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
):
    heard.do("/transport/play")
    heard.do("/record/start", "night", form)
    heard.play(2 * RATE)
    heard.do("/record/stop")
    desk.recorder.encoder.finish()
    told = made_again(desk, "night", None, capsys)
    assert told["same"] and told["parted"] == {} and told["files"] == []
    assert told["compared_frames"] == 2 * RATE // 256 * 256
    assert told["proved_by"] == ("samples" if FORMATS[form].plain else "digests")

    path = desk.project / "recordings" / f"night{FORMATS[form].ending}"
    sound, rate = soundfile.read(path, dtype="float64")
    quiet = RATE + int(np.argmin(np.abs(sound[RATE:, 0])))
    sound[quiet, 0] += SMALLEST.get(form, 0.01)
    if FORMATS[form].lossless:
        soundfile.write(path, sound, rate, subtype=SUBTYPES[form])
    else:
        whole = tmp_path / "other.wav"
        soundfile.write(whole, sound, rate, subtype="PCM_24")
        path.unlink()
        encode(whole, path, FORMATS[form], Tags(), lambda share: None)
    told = made_again(desk, "night", tmp_path / "other again.wav", capsys)
    assert not told["same"]
    assert told["parted"]["master"] <= quiet


@pytest.mark.parametrize("form", [form.name for form in FORMATS.values() if not form.lossless])
def test_a_take_whose_tags_were_changed_or_whose_note_is_older_than_digests_is_proved_by_encoding_it_again(
    desk: Desk, heard: Heard, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
):
    heard.do("/transport/play")
    heard.do("/record/start", "night", form)
    heard.play(RATE)
    heard.do("/record/stop")
    desk.recorder.encoder.finish()
    path, again = desk.project / "recordings" / f"night{FORMATS[form].ending}", tmp_path / "again.wav"
    assert made_again(desk, "night", again, capsys)["proved_by"] == "digests"
    path.unlink()
    encode(again, path, FORMATS[form], Tags({"title": "other words"}), lambda share: None)
    for known in (note(desk, "night"), replace(note(desk, "night"), proofs=())):
        write_note(path.parent, known, tmp_path)
        again.unlink()
        told = made_again(desk, "night", again, capsys)
        assert (told["same"], told["proved_by"]) == (True, "encoding")


def test_a_take_of_vorbis_in_parts_and_with_stems_is_proved_part_by_part_under_any_name(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    heard.do("/record/taps", "master dry")
    heard.do("/record/format", "ogg")
    heard.do("/record/split", 0.7)
    heard.do("/transport/play")
    heard.play(RATE // 4)
    heard.do("/record/start", "night")
    heard.play(2 * RATE)
    heard.do("/record/stop")
    desk.recorder.encoder.finish()
    heard.do("/takes/rename", "night", "day")
    told = made_again(desk, "day", tmp_path / "again", capsys)
    assert (told["same"], told["proved_by"]) == (True, "digests")
    assert told["compared_frames"] == 2 * RATE // 256 * 256
    part = desk.project / "recordings" / "day" / "dry_002.ogg"
    part.write_bytes(part.with_name("dry_001.ogg").read_bytes())
    told = made_again(desk, "day", tmp_path / "other", capsys)
    assert not told["same"]
    assert 0.7 * RATE <= told["parted"]["dry"] < 0.8 * RATE


def test_a_take_with_preroll_in_parts_and_stems_is_made_again(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    heard.do("/record/taps", "master stems")
    heard.do("/record/format", "wav32")
    heard.do("/record/split", 0.7)
    heard.do("/transport/play")
    performer = Performer(heard, 4)
    performer.play(4.0)
    heard.do("/record/preroll", 2.0)
    heard.do("/record/start", "night")
    performer.play(3.0)
    heard.do("/record/stop")
    told = made_again(desk, "night", tmp_path / "again", capsys)
    assert told["same"]
    assert told["compared_frames"] > 4.9 * RATE
    assert len(told["files"]) > 2


def test_a_take_that_was_cut_off_is_made_again_as_far_as_it_goes(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    performer = Performer(heard, 5)
    heard.do("/transport/play")
    heard.do("/record/start", "night")
    performer.play(5.0)
    left = tmp_path / "left"
    left.mkdir()
    for path in (desk.project / "recordings").iterdir():
        (left / path.name).write_bytes(path.read_bytes())
    assert repair_unfinished(left, tmp_path, lambda problem: None) == ["night"]
    told = made_again(desk, str(left / "night.wav"), tmp_path / "again.wav", capsys)
    assert told["same"]
    assert told["compared_frames"] > 4 * RATE


def test_a_clip_that_was_changed_is_refused_in_a_sentence(
    desk: Desk, heard: Heard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    clip = desk.project / "recordings" / "bell.wav"
    tone = np.sin(np.arange(RATE) / 10.0)
    soundfile.write(clip, tone, RATE)
    heard.do("/track/2/instrument", "sampler")
    heard.do("/track/2/clip", "bell.wav")
    heard.do("/record/taps", "master dry")
    heard.do("/transport/play")
    heard.play(RATE)
    heard.do("/record/start", "night")
    heard.play(RATE)
    heard.do("/record/stop")
    assert made_again(desk, "night", tmp_path / "again", capsys)["same"]
    soundfile.write(clip, 0.5 * tone, RATE)
    assert main(["replay", "night", "-o", str(tmp_path / "other"), "--project", str(desk.project)]) == 1
    error = capsys.readouterr().err
    assert "'bell.wav' is another sound than in the take" in error and error.count("\n") == 1
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("form", ["wav24", "wav32"])
def test_a_take_that_lost_seconds_is_made_again_without_them(
    desk: Desk,
    heard: Heard,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
):
    heard.do("/record/keep", 10)
    heard.do("/transport/play")
    heard.do("/record/start", "gap", form)
    heard.play(RATE)
    monkeypatch.setattr(desk.recorder.under_way[0], "step", lambda: None)
    heard.play(14 * RATE)
    monkeypatch.undo()
    heard.do("/record/stop")
    assert note(desk, "gap").dropped > RATE
    assert made_again(desk, "gap", tmp_path / "again.wav", capsys)["same"]


def test_what_was_listened_to_in_a_take_is_made_again_though_it_came_in_drops(
    desk: Desk,
    heard: Heard,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    # So much with each look at the ring, and half of what is heard until the next: it runs dry, and no take ends by
    # itself before six seconds were made.
    monkeypatch.setattr(audition, "fill_audition", lambda ring, frames: fill_audition(ring, frames[:1000]))
    look, make = Event(), heard.play

    def pause(self: audition.Audition) -> None:
        look.wait(60)
        look.clear()

    def play(frames: int) -> None:
        for _ in range(frames // BLOCK):
            make(BLOCK)
            if len(heard.pieces) % 8 == 0:
                look.set()

    monkeypatch.setattr(audition.Audition, "_pause", pause)
    monkeypatch.setattr(heard, "play", play)
    heard.do("/transport/play")
    (listened,) = heard.do("/record/start", "one")
    heard.play(3 * RATE)
    heard.do("/record/stop")
    heard.do("/transport/stop")
    heard.play(6 * RATE)
    heard.do("/record/format", "wav32")

    heard.do("/takes/play", "one")
    until(heard, lambda: np.abs(heard.pieces[-1]).max() > 0.1)
    heard.do("/record/start", "begun in the midst")
    heard.play(RATE)
    for from_s in (0.5, 1.0):
        heard.do("/takes/stop")
        until(heard, lambda: not desk.recorder.audition.name)
        heard.do("/takes/play", "one", from_s)
        until(heard, lambda: np.abs(heard.pieces[-1]).max() > 0.1)
    heard.do("/takes/stop")
    until(heard, lambda: not desk.recorder.audition.name)
    heard.do("/record/stop")
    told = read_performance(desk.project / "recordings" / "begun in the midst.replay")
    assert any(line.command[1] == LISTENED and 0 < line.command[3] < QUANTUM for line in told.lines)
    for take in ("begun in the midst", str(heard.do("/record/grab", 4.0, "grabbed")[0])):
        assert made_again(desk, take, tmp_path / f"{Path(take).stem}.wav", capsys)["same"]
    assert np.abs(soundfile.read(tmp_path / "begun in the midst.wav")[0]).max() > 0.1

    Path(listened).rename(tmp_path / "elsewhere.wav")
    assert main(["replay", "begun in the midst", "-o", str(tmp_path / "x.wav"), "--project", str(desk.project)]) == 1
    error = capsys.readouterr().err
    assert "one.wav" in error and "It was listened to in the take; put it back." in error and error.count("\n") == 1
    assert not (tmp_path / "x.wav").exists()


def until(heard: Heard, there: Callable[[], bool]) -> None:
    """Make sound, and go on until it is so; the thread that reads has a minute for it."""
    end_s = time.monotonic() + 60
    heard.play(BLOCK)
    while not there():
        assert time.monotonic() < end_s
        heard.play(BLOCK)
