"""Taps: the stems of a take, which add up to the mix, and what is told of each."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from desk import Desk
from playing import RATE
from takes_by_hand import BLOCK, Heard, note, read

from chronus_tui.engine.recording.listening import CHUNK
from dsp.sizes import STEM_FRAMES


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    return heard


def test_as_much_is_told_as_kept_as_there_is_of_every_tap(desk: Desk, heard: Heard):
    heard.play(RATE)
    heard.do("/record/taps", "master stems")
    heard.play(RATE // 2)
    kept = desk.recorder.status().kept_s
    heard.do("/record/grab", 900, "kept")
    assert kept == pytest.approx(note(desk, "kept").frames / RATE, abs=2 * BLOCK / RATE)
    assert kept < 1.0


def test_taps_that_change_lose_nothing_and_keep_nothing_that_is_about_to_be_overwritten(desk: Desk, heard: Heard):
    heard.do("/record/taps", "stems")
    heard.play(STEM_FRAMES + RATE)
    heard.do("/record/taps", "mix stems")
    heard.play(BLOCK)
    status = desk.recorder.status()
    assert status.lost == 0
    assert status.kept_s <= (STEM_FRAMES - CHUNK + BLOCK) / RATE


def stems_of(folder: Path) -> dict[str, npt.NDArray[np.float32]]:
    return {path.stem: read(path) for path in sorted(folder.iterdir())}


def test_stems_add_up_to_the_mix_and_lie_on_the_masters_frames(desk: Desk, heard: Heard):
    heard.do("/mod/acid/delay", 0.4)
    heard.do("/mod/acid/reverb", 0.3)
    heard.do("/mod/distortion/drive", 12)
    heard.do("/mod/distortion/mix", 1)
    heard.do("/record/taps", "stems master mix dry")
    heard.do("/transport/play")
    heard.play(RATE)
    folder = Path(str(heard.do("/record/start", "all", "wav32")[0]))
    start = desk.player.frame
    heard.play(2 * RATE)
    heard.do("/record/stop")
    taken = stems_of(folder)
    assert set(taken) == {"master", "dry", "mix", "01 kick", "02 acid", "delay", "reverb", "inserts"}
    assert note(desk, "all").taps == ("master", "dry", "mix", "01 kick", "02 acid", "delay", "reverb", "inserts")
    assert np.array_equal(taken["master"], heard.between(start, desk.player.frame))
    parts = [sound for name, sound in taken.items() if name not in ("master", "dry", "mix")]
    total = np.sum(parts, axis=0, dtype=np.float64)
    assert np.abs(taken["mix"]).max() > 0.1
    assert np.abs(total - taken["mix"]).max() <= 10 ** (-120 / 20)
    assert np.abs(taken["01 kick"] + taken["02 acid"] - taken["dry"]).max() <= 10 ** (-120 / 20)


def test_stems_of_24_bits_add_up_within_120_db(desk: Desk, heard: Heard):
    heard.do("/record/taps", "mix stems")
    heard.do("/transport/play")
    heard.play(BLOCK)
    folder = Path(str(heard.do("/record/start", "all", "wav24")[0]))
    heard.play(RATE)
    heard.do("/record/stop")
    taken = stems_of(folder)
    off = np.sum([sound for name, sound in taken.items() if name != "mix"], axis=0, dtype=np.float64) - taken["mix"]
    assert np.sqrt(np.mean(off**2)) <= 10 ** (-120 / 20)


def test_a_grab_has_the_taps_that_are_set_and_parts_cut_them_alike(desk: Desk, heard: Heard):
    heard.do("/record/taps", "master dry")
    heard.do("/record/split", 0.4)
    heard.do("/transport/play")
    heard.play(2 * RATE)
    end = desk.player.frame
    folder = Path(str(heard.do("/record/grab", 1)[0]))
    taken = stems_of(folder)
    assert sorted(taken) == [f"{tap}_{number:03d}" for tap in ("dry", "master") for number in (1, 2, 3)]
    master = np.concatenate([taken[f"master_{number:03d}"] for number in (1, 2, 3)])
    assert np.array_equal(master, heard.between(end - RATE, end))


def test_what_clips_is_told(desk: Desk, heard: Heard):
    heard.do("/record/taps", "mix")
    heard.do("/track/kick/gain", 12)
    heard.do("/track/acid/gain", 12)
    heard.do("/transport/play")
    heard.play(BLOCK)
    heard.do("/record/start", "loud", "wav24")
    heard.play(RATE)
    assert desk.recorder.status().clipped > 0
    *_, replied = heard.do("/record/stop")
    clipped = note(desk, "loud").clipped
    assert replied == clipped == desk.recorder.status().clipped
    told = [str(each.arguments[0]) for each in desk.happened if each.address == "/event/failed"]
    assert clipped > 0
    assert told == [f"loud went over full scale in {clipped} samples, which wav24 cuts off; record as wav32."]


def test_taps_are_named_by_words(desk: Desk):
    assert "no tap 'vocals'" in desk.refuse("/record/taps", "master vocals")
    desk.ask("/record/start")
    desk.turn()
    assert "stop it first" in desk.refuse("/record/taps", "stems")
