"""Takes become what was asked for: at once, or at the next start where a crash cut that off."""

import shutil
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Desk
from msgspec.structs import replace
from playing import RATE
from takes_by_hand import BLOCK, Heard, note, read

from chronus_tui.engine.recording.encoder import Encoder
from store.sound_files import SoundFile
from store.takes.encoding import encode
from store.takes.files import write_note
from store.takes.repair import left_to_finish, repair_unfinished


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    return heard


@pytest.mark.parametrize(("form", "ending"), [("aiff", "aiff"), ("flac", "flac"), ("ogg", "ogg"), ("opus", "opus")])
def test_a_take_becomes_what_was_asked_for_and_the_wav_goes(desk: Desk, heard: Heard, form: str, ending: str):
    heard.do("/transport/play")
    start = desk.player.frame
    wav = Path(str(heard.do("/record/start", "music", form)[0]))
    assert wav.suffix == ".wav"
    heard.play(RATE)
    heard.do("/record/stop")
    desk.recorder.encoder.finish()
    desk.turn(0)
    played = heard.between(start, desk.player.frame)
    made = read(wav.with_suffix(f".{ending}"))
    assert not wav.exists()
    assert made.shape == played.shape
    if form in ("aiff", "flac"):
        assert np.abs(made - played).max() <= 0.5 / 2**23
    else:
        assert np.corrcoef(made[:, 0], played[:, 0])[0, 1] > 0.99
    assert (note(desk, "music").coding, note(desk, "music").encode_to) == (form, "")
    told = [(each.address, each.arguments[-1]) for each in desk.happened if each.arguments]
    assert ("/event/encoding", 100) in told
    assert ("/event/take_encoded", str(wav.with_suffix(f".{ending}"))) in told


def test_a_take_that_was_not_encoded_yet_is_encoded_at_the_next_start(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.do("/record/start", "music", "flac")
    heard.play(RATE)
    desk.recorder.encoder.close()  # it comes to nothing more, as where an engine ends
    desk.recorder.close()
    wav = read(desk.project / "recordings" / "music.wav")
    (desk.project / "recordings" / "music.flac.encoding").write_bytes(b"half of it")
    again = Desk(desk.project, desk.first, recorder_by_hand=True)
    assert again.recorder.finish_what_is_left() == ["music"]
    again.recorder.encoder.finish()
    again.recorder.close()
    names = sorted(path.name for path in (desk.project / "recordings").iterdir())
    assert names == ["music.flac", "music.json", "music.mid", "music.replay"]
    assert np.abs(read(desk.project / "recordings" / "music.flac") - wav).max() <= 0.5 / 2**23


def test_a_kill_in_the_midst_of_encoding_leaves_the_proofs_of_what_was_made_and_makes_up_none(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    wav = Path(str(heard.do("/record/start", "music", "ogg")[0]))
    heard.play(RATE)
    heard.do("/record/stop")
    encoder = desk.recorder.encoder
    encoder.finish()
    done = note(desk, "music")
    assert [(proof.tap, proof.part) for proof in done.proofs] == [("master", 1)]
    unfinished = replace(done, coding="wav24", encode_to="ogg")
    for known, wav_is_left, proofs in ((unfinished, False, done.proofs), (replace(unfinished, proofs=()), True, ())):
        write_note(wav.parent, known, desk.recorder.temp_dir)
        if wav_is_left:  # then who knows whose the other file is
            soundfile.write(wav, np.zeros((done.frames, 2)), RATE, subtype="PCM_24")
        encoder.add(wav.parent, ["music"])
        encoder.finish()
        assert note(desk, "music") == replace(done, proofs=proofs)
        assert not wav.exists()


def test_a_take_that_was_cut_off_is_measured_after_its_repair(desk: Desk, heard: Heard):
    heard.do("/record/split", 0.7)
    heard.do("/transport/play")
    heard.do("/record/start", "music")
    heard.play(2 * RATE)
    heard.do("/record/stop")
    desk.recorder.close()
    whole, recordings, temp = note(desk, "music"), desk.project / "recordings", desk.project / "patterns" / "temp"
    write_note(recordings, replace(whole, complete=False, lufs=None, true_peak=None), temp)
    again = Desk(desk.project, desk.first, recorder_by_hand=True)
    assert repair_unfinished(recordings, temp, lambda problem: None) == ["music"]
    assert again.recorder.finish_what_is_left() == []
    again.recorder.encoder.finish()
    again.recorder.close()
    measured = note(desk, "music")
    assert measured.lufs == pytest.approx(whole.lufs, abs=0.01)
    assert measured.true_peak == pytest.approx(whole.true_peak, abs=0.01)


@pytest.mark.parametrize("form", ["wav16", "wav24"])
def test_a_take_that_was_cut_off_has_the_same_files_in_the_end_as_one_that_was_stopped(
    desk: Desk, heard: Heard, tmp_path: Path, form: str
):
    recordings, temp, cut_off = desk.project / "recordings", desk.project / "patterns" / "temp", tmp_path / "cut off"
    heard.do("/record/taps", "master stems")
    heard.do("/transport/play")
    heard.play(BLOCK)
    heard.do("/record/start", "music", form)
    heard.play(RATE)
    shutil.copytree(recordings, cut_off)
    heard.do("/record/stop")
    desk.recorder.close()
    stopped, names = note(desk, "music"), sorted(path.name for path in (recordings / "music").iterdir())
    shutil.rmtree(recordings)
    cut_off.rename(recordings)
    again = Desk(desk.project, desk.first, recorder_by_hand=True)
    assert repair_unfinished(recordings, temp, lambda problem: None) == ["music"]
    assert len(list((recordings / "music").iterdir())) > len(names)
    assert again.recorder.finish_what_is_left() == []
    again.recorder.encoder.finish()
    again.recorder.close()
    assert note(desk, "music").taps == stopped.taps
    assert sorted(path.name for path in (recordings / "music").iterdir()) == names


def test_opus_is_refused_at_a_rate_that_it_does_not_know(desk: Desk):
    from store.takes.formats import StoreError, format_named

    with pytest.raises(StoreError, match="44100 Hz cannot be opus"):
        format_named("opus", 44_100)
    assert "no recording format 'mp3'" in desk.refuse("/record/format", "mp3")


def test_a_take_is_unfinished_until_all_of_its_name_are_finished_in_whichever_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    encoder, found = Encoder(tmp_path, lambda *event: None), list[bool]()
    monkeypatch.setattr(Encoder, "_finish", lambda self, folder, name: found.append(encoder.is_at("Night")))
    encoder.add(tmp_path / "one", ["night"])
    encoder.add(tmp_path / "other", ["night"])
    encoder.finish()
    assert (found, encoder.is_at("night")) == ([True, True], False)


def test_a_take_that_another_engine_encodes_is_left_to_that_one(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.record("one", 0.5)
    recordings, temp = desk.project / "recordings", desk.recorder.temp_dir
    write_note(recordings, replace(note(desk, "one"), encode_to="flac"), temp)
    begun, goes_on = Event(), Event()

    def held(wav: Path, target: Path, *arguments: Any) -> int:
        target.with_name(f"{target.name}.encoding").touch()
        begun.set()
        goes_on.wait(60)
        return encode(wav, target, *arguments)

    monkeypatch.setattr("chronus_tui.engine.recording.encoder.encode", held)
    desk.recorder.encoder.add(recordings, ["one"])
    assert begun.wait(60)
    assert [take.name for take in left_to_finish(recordings)] == ["one"]
    assert (recordings / "one.flac.encoding").exists()
    told: list[Any] = []
    other = Encoder(temp, lambda *event: told.append(event))
    other.add(recordings, ["one"])
    other.finish()
    assert (told, other.is_at("one")) == ([], False)
    goes_on.set()
    desk.recorder.encoder.finish()
    assert (note(desk, "one").coding, note(desk, "one").encode_to, heard.failures()) == ("flac", "", [])


def test_an_engine_ends_though_the_disk_of_a_take_that_is_encoded_or_heard_does_not_answer(
    desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
):
    heard.record("one", 0.5)
    answers = Event()
    for module in ("encoder", "audition"):
        monkeypatch.setattr(
            f"chronus_tui.engine.recording.{module}.SoundFile", lambda path: answers.wait(60) and SoundFile(path)
        )
    monkeypatch.setattr("chronus_tui.engine.recording.recorder.CLOSE_S", 0.0)
    recordings = desk.project / "recordings"
    write_note(recordings, replace(note(desk, "one"), true_peak=None), desk.recorder.temp_dir)
    desk.recorder.encoder.add(recordings, ["one"])
    heard.do("/takes/play", "one")
    desk.recorder.close()
    assert desk.recorder.hangs
    answers.set()
    assert desk.recorder.encoder.close() and desk.recorder.audition.close()


def test_the_parts_and_taps_of_a_take_all_become_what_was_asked_for(desk: Desk, heard: Heard):
    heard.do("/record/taps", "master dry")
    heard.do("/record/split", 0.4)
    heard.do("/transport/play")
    heard.play(BLOCK)
    start = desk.player.frame
    folder = Path(str(heard.do("/record/start", "parts", "flac")[0]))
    heard.play(RATE)
    heard.do("/record/stop")
    desk.recorder.encoder.finish()
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"{tap}_{number:03d}.flac" for tap in ("dry", "master") for number in (1, 2, 3)]
    joined = np.concatenate([read(folder / name) for name in names if name.startswith("master")])
    assert np.abs(joined - heard.between(start, desk.player.frame)).max() <= 0.5 / 2**23
    assert note(desk, "parts").encode_to == ""
