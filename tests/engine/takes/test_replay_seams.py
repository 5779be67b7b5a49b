"""A take is made again in stretches beside each other, and each must follow from the one before."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile
from desk import Desk
from numpy.testing import assert_array_equal
from playing import RATE
from takes_by_hand import Heard, note
from test_replay import Performer

from chronus_tui.cli import main
from chronus_tui.engine.recording import seams
from chronus_tui.engine.replay.made import Again, Made
from dsp.checkpoint import LEFT_OUT, SOUND_WORDS, copy_sounding, field_of, line_places, stems_ahead, string_places
from dsp.likeness import UNHEARD, echoes_in, first_other
from dsp.state import STATE
from dsp.voice import FREE
from store.frames import bodies, framed
from store.packed_words import PackedWords, pack, unpack
from store.takes.performance import read_performance

WORDS = 3
"""Where the words of a record of a seam, or of a start, lie in it."""


@pytest.fixture(autouse=True)
def seams_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams, "NEAREST_S", 1.0)
    monkeypatch.setattr(seams, "SHARE", 1000)


@pytest.fixture
def night(desk: Desk, heard: Heard) -> Path:
    """The performance of a quiet take of four seconds, in which nothing is done."""
    heard.do("/transport/play")
    heard.play(RATE // 4)
    heard.do("/record/start", "night")
    heard.play(4 * RATE)
    heard.do("/record/stop")
    return desk.project / "recordings" / "night.replay"


def made_again(desk: Desk, name: str, folder: Path, threads: int) -> Made:
    """What so many threads make of a take, in `folder`."""
    recordings = desk.project / "recordings"
    take = note(desk, name)
    again = Again(desk.project, recordings, take, read_performance(recordings / f"{name}.replay"))
    folder.mkdir()
    return again.make([folder / f"{tap}.wav" for tap in take.taps], take.bits, threads)


def replayed(desk: Desk, out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """What a replay of the night tells, to programs and to people."""
    told = []
    for place, words in enumerate((["--json"], [])):
        capsys.readouterr()
        main(["replay", "night", "-o", f"{out}{place}.wav", "--project", str(desk.project), *words])
        told.append(capsys.readouterr().out)
    return json.loads(told[0]), told[1]


def rewrite(path: Path, change: Callable[[list[Any]], list[Any] | None]) -> None:
    """Write a performance anew, with each of its records as `change` gives it."""
    records = [msgspec.msgpack.decode(body) for body in bodies(path.read_bytes())]
    path.write_bytes(b"".join(framed(msgspec.msgpack.encode(record)) for record in map(change, records) if record))


def test_a_take_of_many_stretches_is_the_same_to_the_bit_however_many_threads_make_it(
    desk: Desk, heard: Heard, tmp_path: Path
):
    bell = 0.5 * np.sin(np.arange(RATE) / 10.0)
    soundfile.write(desk.project / "recordings" / "bell.wav", bell, RATE)
    heard.do("/track/2/instrument", "sampler")
    heard.do("/track/2/clip", "bell.wav")
    performer = Performer(heard, 7)
    heard.do("/record/taps", "master dry stems")
    heard.do("/record/format", "wav32")
    heard.do("/transport/play")
    performer.play(2.0)
    heard.do("/record/start", "night")
    for command in (("/mod/delay/beats", 4.0), ("/mod/delay/feedback", 0.9), ("/transport/bpm", 40)):
        heard.do(*command)
        performer.play(3.0)
    heard.do("/record/stop")
    performance = read_performance(desk.project / "recordings" / "night.replay")
    assert len(performance.seams) >= 7
    assert any(seam.clips for seam in performance.seams)
    take = note(desk, "night")
    for threads in (1, 2, 3):
        made = made_again(desk, "night", tmp_path / str(threads), threads)
        assert made.other_seams == []
        for tap in made.taps:
            assert (tap.compared, tap.parts_at) == (take.frames, None)
            held, again = (
                soundfile.read(folder / f"{tap.name}.wav", dtype="float32")[0]
                for folder in (desk.project / "recordings" / "night", tmp_path / str(threads))
            )
            assert_array_equal(held, again)


def test_a_seam_that_does_not_follow_from_before_it_is_told_though_nobody_hears_it(
    desk: Desk, night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    second = read_performance(night).seams[1]

    def falsify(record: list[Any]) -> list[Any]:
        if record[:2] != ["c", second.frame]:
            return record
        words = unpack(msgspec.convert(record[WORDS], PackedWords))
        voices = field_of(words, "voices")[0]
        free = int(np.flatnonzero(voices["stage"] == FREE)[0])
        voices[free]["memory"].view(np.uint32)[7] ^= 1
        return [*record[:WORDS], pack(words), *record[WORDS + 1 :]]

    rewrite(night, falsify)
    told, sentence = replayed(desk, tmp_path / "again", capsys)
    frame = second.frame - read_performance(night).first
    assert not told["same"] and told["parted"] == {}
    assert told["other_seams"] == [{"frame": frame, "what": "voices"}]
    assert f"what sounded at {frame / RATE:.3f} s does not follow from before it (voices)" in sentence


def test_one_word_of_any_field_that_differs_is_seen(desk: Desk, heard: Heard):
    heard.do("/track/2/instrument", "pluck")
    heard.do("/mod/1/delay", 1.0)
    heard.do("/record/taps", "master stems")
    heard.do("/transport/play")
    heard.play(2 * RATE)
    journal = desk.player.journal
    assert journal is not None
    journal.copy_now()
    copy = journal.after(RATE)
    assert copy is not None
    array, echoes, stems = desk.player.array, echoes_in(copy.words), [0, 1]
    seen = first_other(array, copy.words, echoes, stems)
    assert seen is None
    (line, _), *_ = line_places(copy.words, echoes)
    (string, _), *_ = string_places(copy.words)
    for name in STATE.names or ():
        if name in LEFT_OUT | UNHEARD | {"pending", "pending_count"}:
            continue
        words = copy.words.copy()
        places = {"delay": words[line:], "strings": words[string:]}
        places.get(name, field_of(words, name).view(np.uint32).reshape(-1))[:1] ^= 1
        seen = first_other(array, words, echoes, stems)
        assert seen == name
    words = copy.words.copy()
    stems_ahead(words)[1, 3, 0] += 1.0
    seen = first_other(array, words, echoes, stems)
    assert seen == "stems"


def test_a_performance_that_was_cut_off_amid_a_seam_serves_with_those_before(
    desk: Desk, night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    data, at = night.read_bytes(), 0
    ends = []
    for body in bodies(data):
        at += len(framed(body))
        if msgspec.msgpack.decode(body)[0] == "c":
            ends.append(at)
    night.write_bytes(data[: ends[1] - 100])
    assert len(read_performance(night).seams) == 1
    assert replayed(desk, tmp_path / "again", capsys)[0]["same"]


def test_a_performance_of_version_2_is_made_again(
    desk: Desk, night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def older(record: list[Any]) -> list[Any] | None:
        match record[0]:
            case "h":
                return ["h", 2, *record[2:]]
            case "s":
                words = unpack(msgspec.convert(record[WORDS], PackedWords))[:SOUND_WORDS]
                return [*record[:WORDS], zlib.compress(words.tobytes(), 1), *record[WORDS + 1 :]]
            case "c":
                return None
        return record

    rewrite(night, older)
    told, _ = replayed(desk, tmp_path / "again", capsys)
    assert told["same"] and told["compared_frames"] == 4 * RATE // 256 * 256


def test_seams_lie_ever_further_apart_so_that_an_hour_has_thirteen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    ats = [0]
    while ats[-1] < 3600 * RATE:
        ats.append(seams.next_seam(0, ats[-1], RATE))
    apart = np.diff(ats) / RATE
    assert len(ats) - 2 == 13
    assert apart[:3].tolist() == [15.0, 15.0, 15.0]
    assert all(0.3 < each / (at / RATE) <= 1 / 3 for each, at in zip(apart[3:], ats[4:], strict=True))


def test_a_clip_that_is_let_go_while_what_sounds_is_copied_is_known_in_the_copy(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    soundfile.write(desk.project / "clips" / "bell.wav", np.sin(np.arange(RATE) / 10.0), RATE)
    heard.do("/track/2/instrument", "sampler")
    heard.do("/track/2/clip", "bell.wav")
    heard.do("/transport/play")
    heard.play(RATE)
    journal = desk.player.journal
    assert journal is not None

    def then_let_go(*arguments: Any) -> Any:
        copied = copy_sounding(*arguments)
        journal._by_address = {}
        return copied

    monkeypatch.setattr("chronus_tui.engine.journal.copy_sounding", then_let_go)
    journal._copy()
    copy = journal.after(desk.player.frame - RATE // 2)
    assert copy is not None
    assert {clip.name for clip in (*copy.clips.values(), *copy.sounding.values())} == {"bell.wav"}
