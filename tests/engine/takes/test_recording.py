"""Takes: when they begin and end, what is in them, and that what was heard is never lost."""

import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from desk import Desk
from msgspec.structs import replace
from playing import RATE
from takes_by_hand import BLOCK, Heard, note, read

from chronus_tui.engine.recording.listening import CHUNK
from dsp.sizes import STEM_FRAMES
from store.takes.files import write_note
from store.takes.repair import repair_unfinished

BAR_FRAMES = 2 * RATE  # four beats at 120 beats a minute


@pytest.fixture
def heard(heard: Heard) -> Heard:
    heard.do("/record/format", "wav32")
    return heard


def test_a_take_may_begin_in_the_past(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    path = heard.do("/record/start", "late", "wav32", 0.5)[0]
    heard.play(RATE)
    heard.do("/record/stop")
    end = desk.player.frame
    assert np.array_equal(read(path), heard.between(end - RATE // BLOCK * BLOCK - RATE // 2, end))


def test_a_preroll_that_is_set_is_every_takes(desk: Desk, heard: Heard):
    heard.do("/record/preroll", 0.25)
    heard.do("/transport/play")
    heard.play(RATE)
    start = desk.player.frame
    path = heard.do("/record/start")[0]
    heard.play(BLOCK)
    heard.do("/record/stop")
    assert np.array_equal(read(path), heard.between(start - RATE // 4, start + BLOCK))


def test_a_grab_is_what_was_heard_and_interrupts_no_take(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    running = heard.do("/record/start", "running")[0]
    start = desk.player.frame
    heard.play(RATE)
    grabbed = heard.do("/record/grab", 1.5)[0]
    at = desk.player.frame
    heard.play(RATE)
    heard.do("/record/stop")
    assert np.array_equal(read(grabbed), heard.between(at - 3 * RATE // 2, at))
    assert np.array_equal(read(running), heard.between(start, desk.player.frame))


def test_a_grab_of_more_than_is_kept_is_all_that_is_kept(desk: Desk, heard: Heard):
    heard.do("/record/keep", 10)
    heard.play(11 * RATE)
    path = heard.do("/record/grab")[0]
    assert len(read(path)) == 10 * RATE
    assert soundfile.info(heard.do("/record/grab", 900)[0]).frames == 10 * RATE


def test_what_is_kept_outlives_a_change_of_its_length(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    heard.play(RATE)
    heard.do("/record/keep", 300)
    heard.play(RATE)
    path = heard.do("/record/grab", 1.5)[0]
    assert np.array_equal(read(path), heard.between(desk.player.frame - 3 * RATE // 2, desk.player.frame))


def test_a_take_on_the_bar_begins_and_ends_on_its_frame(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(RATE // 2)
    heard.do("/record/on_bar")
    assert desk.recorder.status().waiting == "bar"
    heard.play(2 * RATE)
    path = desk.recorder.status().path
    heard.do("/record/stop_on_bar")
    heard.play(3 * RATE)
    assert not desk.recorder.status().active
    assert np.array_equal(read(path), heard.between(begun + BAR_FRAMES, begun + 2 * BAR_FRAMES))


def test_a_take_of_bars_follows_a_change_of_tempo_to_the_frame(desk: Desk, heard: Heard):
    heard.do("/record/on_bar", 2, "two bars")
    heard.play(RATE)
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(BAR_FRAMES // 2 // BLOCK * BLOCK)
    halfway = desk.player.frame
    heard.do("/transport/bpm", 240)
    heard.play(4 * RATE)
    taken = read(desk.project / "recordings" / "two bars.wav")
    beats_left = 8 - (halfway - begun) / (RATE / 2)
    assert abs(len(taken) - (halfway - begun) - beats_left * RATE / 4) <= QUANTUM_FRAMES
    assert np.array_equal(taken, heard.between(begun, begun + len(taken)))
    assert not desk.recorder.wanted


QUANTUM_FRAMES = 32
"""A command that has no time acts on the next quantum's first frame."""


def test_a_take_begins_and_ends_by_itself_when_something_is_heard(desk: Desk, heard: Heard):
    heard.do("/record/on_level", -40, 0.5)
    heard.play(RATE)
    assert desk.recorder.status().waiting == "level"
    heard.do("/track/kick/note", 36, 1.0, 0.1)
    heard.play(4 * RATE)
    assert not desk.recorder.wanted
    loud = np.flatnonzero(np.abs(heard.all).max(axis=1) > 10 ** (-40 / 20))
    first, last = loud[0] - round(0.05 * RATE), loud[-1] + RATE // 2
    assert np.array_equal(read(desk.recorder.status().path), heard.all[first:last])


def test_a_count_in_is_heard_and_not_recorded_and_then_it_plays(desk: Desk, heard: Heard):
    heard.do("/record/count_in", 1, 1, "counted")
    heard.play(5 * RATE)
    clicks = np.flatnonzero(np.abs(heard.all).max(axis=1) > 0.1)
    assert clicks[0] < RATE // 5
    beats = [clicks[0]]
    for at in clicks:
        if at > beats[-1] + RATE // 4:
            beats.append(at)
    assert np.abs(np.diff(beats[:4]) - RATE // 2).max() <= 1
    taken = read(desk.project / "recordings" / "counted.wav")
    assert len(taken) == BAR_FRAMES
    # What is heard beside the clicks begins with the first bar, on the very frame.
    begun = beats[0] - int(np.flatnonzero(np.abs(taken).max(axis=1) > 0)[0]) + BAR_FRAMES
    windows = [heard.all[begun + shift : begun + shift + BAR_FRAMES] for shift in range(-64, 65)]
    assert any(np.array_equal(taken, window) for window in windows)


def test_a_count_in_along_what_plays_takes_the_bar_after(desk: Desk, heard: Heard):
    heard.do("/transport/play")
    begun = desk.player.frame
    heard.play(RATE // 2)
    heard.do("/record/count_in", 1, 1, "counted")
    heard.play(7 * RATE)
    quiet = Desk(desk.project / "quiet", desk.first, recorder_by_hand=True)
    quiet.ask("/transport/play")
    sound = quiet.turn(8 * RATE)
    quiet.recorder.close()
    taken = read(desk.project / "recordings" / "counted.wav")
    assert np.array_equal(taken, sound[2 * BAR_FRAMES : 3 * BAR_FRAMES]), begun
    clicks = np.flatnonzero(np.abs(heard.all - sound[: len(heard.all)]).max(axis=1) > 0.01)
    assert BAR_FRAMES <= clicks[0] < BAR_FRAMES + BLOCK
    assert clicks[-1] < 2 * BAR_FRAMES


def test_one_command_begins_a_take_as_is_set_and_ends_what_runs_or_waits(desk: Desk, heard: Heard):
    heard.do("/record/toggle")
    heard.play(BLOCK)
    assert heard.do("/record/toggle")[1] == pytest.approx(BLOCK / RATE)
    heard.do("/record/when", "level")
    heard.do("/record/level", 0)
    heard.do("/record/toggle")
    assert desk.recorder.status().waiting == "level"
    heard.do("/record/toggle")
    assert not desk.recorder.wanted
    heard.do("/transport/play")
    heard.do("/record/when", "count_in")
    heard.do("/record/clicks", 2)
    heard.do("/record/bars", 1)
    begun = desk.player.frame
    heard.do("/record/toggle")
    heard.play(9 * RATE)
    assert not desk.recorder.wanted
    assert len(read(desk.recorder.status().path)) == BAR_FRAMES
    heard.do("/record/when", "bar")
    heard.do("/record/toggle")
    heard.play(5 * RATE)
    assert not desk.recorder.wanted
    bars = (desk.player.frame - begun) // BAR_FRAMES
    first = begun + (bars - 1) * BAR_FRAMES
    assert np.array_equal(read(desk.recorder.status().path), heard.between(first, first + BAR_FRAMES))


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


def test_what_waits_to_begin_can_be_called_off(desk: Desk, heard: Heard):
    heard.do("/record/count_in", 2)
    heard.play(RATE)
    assert heard.do("/record/stop") == ()
    heard.play(5 * RATE)
    assert not desk.player.state["transport"]["playing"]
    assert not desk.recorder.wanted
    assert list((desk.project / "recordings").iterdir()) == []


@pytest.mark.parametrize("form", ["wav16", "wav24", "wav32"])
def test_the_parts_of_a_take_joined_are_the_take(desk: Desk, heard: Heard, form: str):
    heard.do("/record/split", 0.37)
    heard.do("/transport/play")
    start = desk.player.frame
    folder = Path(str(heard.do("/record/start", "parts", form)[0]))
    heard.play(2 * RATE)
    heard.do("/record/stop")
    parts = sorted(folder.iterdir())
    assert [path.name for path in parts] == [f"master_{number:03d}.wav" for number in range(1, 7)]
    assert [soundfile.info(str(path)).frames for path in parts[:-1]] == [round(0.37 * RATE)] * 5
    joined = np.concatenate([read(path) for path in parts])
    played = heard.between(start, desk.player.frame)
    assert joined.shape == played.shape
    error = {"wav16": 1.5 / 2**15, "wav24": 0.5 / 2**23, "wav32": 0.0}[form]
    assert np.abs(joined - played).max() <= error
    assert note(desk, "parts").parts == tuple(soundfile.info(str(path)).frames for path in parts)


def test_no_part_is_larger_than_its_size(desk: Desk, heard: Heard):
    heard.do("/record/split", 0, 0.1)
    folder = Path(str(heard.do("/record/start", "parts", "wav24")[0]))
    heard.play(RATE)
    heard.do("/record/stop")
    sizes = [path.stat().st_size for path in sorted(folder.iterdir())]
    assert len(sizes) == 3
    assert max(sizes) <= 101_000


def test_slot_switches_and_marks_are_in_the_note_and_in_the_file(desk: Desk, heard: Heard):
    heard.do("/pattern/save", 1)
    heard.do("/pattern/name", "two")
    heard.do("/pattern/save", 2)
    heard.do("/transport/play")
    begun = desk.player.frame
    path = heard.do("/record/start", "marked", "wav24")[0]
    heard.play(RATE)
    heard.do("/pattern/load", 1)
    heard.play(RATE // 2)
    heard.do("/record/mark", "the drop")
    assert [each.arguments[0] for each in desk.happened if each.address == "/event/take_marked"] == ["the drop"]
    marked = desk.player.frame
    heard.play(2 * RATE)
    heard.do("/record/stop")
    taken = note(desk, "marked")
    told = [event for event in taken.events if event.what != "command"]
    assert [(event.frame, event.what, event.name, event.slot) for event in told] == [
        (0, "pattern", "two", 2),
        (marked - begun, "mark", "the drop", None),
        (BAR_FRAMES, "pattern", "one", 1),
    ]
    written = Path(str(path)).read_bytes()
    for text in (b"bext", b"slot 002 two", b"the drop", b"slot 001 one", b"acid"):
        assert text in written
    assert taken.slot == 2
    assert taken.lufs is not None


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


def test_settings_are_there_after_the_next_start(desk: Desk):
    desk.do("/record/format", "flac")
    desk.do("/record/keep", 300)
    desk.do("/record/split", 600, 2000)
    desk.do("/record/split", 300)
    desk.do("/record/when", "level")
    desk.do("/record/level", -30, 2)
    from store.project import open_project

    settings = open_project(desk.project).recording
    assert (settings.format, settings.keep_s, settings.split_s, settings.split_mb) == ("flac", 300, 300, 2000)
    assert (settings.when, settings.level_db, settings.silence_s) == ("level", -30, 2)


def test_a_folder_that_cannot_be_written_and_files_that_are_too_small_are_refused(desk: Desk, tmp_path: Path):
    (tmp_path / "file").touch()
    before = desk.recorder.settings
    assert "Could not make the folder" in desk.refuse("/record/folder", str(tmp_path / "file" / "takes"))
    assert "Could not" in desk.refuse("/record/folder", str(tmp_path / "file"))
    assert "is not a whole path" in desk.refuse("/record/folder", "takes")
    assert "is not a whole path" in desk.refuse("/record/folder", "~nobody at all/takes")
    assert "Files of 0.001 s are too small" in desk.refuse("/record/split", 0.001)
    assert "A silence of 0.01 s is too short" in desk.refuse("/record/level", -40, 0.01)
    assert "Files of 0.01 MB are too small" in desk.refuse("/record/split", 10, 0.01)
    assert desk.recorder.settings == before


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
