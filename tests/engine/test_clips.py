"""Clips: from a file of the project to the sound of a sampler, and out of memory again."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from desk import Desk
from playing import RATE, pattern, track

from chronus_tui.engine.clips import Clips
from chronus_tui.engine.offline import renderer
from dsp.sizes import CLIP_FRAMES, CLIPS
from store.clips import Clip, read_clip
from store.errors import LongClip, NoClip, StoreError
from store.sound_files import SoundFile


def tone(hertz: float = 440.0, seconds: float = 1.0, channels: int = 1) -> np.ndarray:
    sine = np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)
    return np.repeat(sine[:, None], channels, axis=1)


def keep(project: Path, name: str, sound: np.ndarray, folder: str = "clips") -> None:
    (project / folder).mkdir(parents=True, exist_ok=True)
    soundfile.write(project / folder / name, sound, RATE, subtype="FLOAT" if name.endswith("wav") else None)


def loudest(sound: np.ndarray) -> float:
    """Hz of the strongest partial of the left channel."""
    spectrum = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound))))
    return float(spectrum.argmax() * RATE / len(sound))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, pattern(track("x...", "kick", name="hit"), track("....", "poly")))


def test_a_track_becomes_a_sampler_that_plays_a_clip(desk: Desk) -> None:
    keep(desk.project, "hum.wav", tone(440))
    assert desk.do("/track/hit/clip", "hum") == ("hum", 1.0)
    assert desk.session.pattern.tracks[0].instrument == "sampler"
    assert desk.session.pattern.tracks[0].clip == "hum"
    desk.ask("/track/hit/note", 72, 1.0, 1.0)
    desk.turn()
    assert loudest(desk.turn(RATE // 5)) == pytest.approx(880, abs=6)
    assert desk.do("/track/hit/clip") == ("", 0.0)
    assert desk.session.pattern.tracks[0].clip == ""


def test_the_sound_files_of_clips_and_takes_are_listed_by_name(desk: Desk) -> None:
    assert desk.do("/clips/list") == ()
    keep(desk.project, "hum.wav", tone())
    keep(desk.project, "take.wav", tone(), "recordings")
    (desk.project / "recordings" / "take.json").write_text("{}")
    assert desk.do("/clips/list") == ("hum.wav", "take.wav")


@pytest.mark.parametrize("name", ["../hum", "clips/hum", "/etc/hum", ""])
def test_a_clip_is_named_and_never_a_path(tmp_path: Path, name: str) -> None:
    keep(tmp_path, "hum.wav", tone())
    with pytest.raises(StoreError):
        read_clip(tmp_path, name, CLIP_FRAMES)


def test_a_clip_is_found_by_its_name_or_its_file_name_among_clips_and_takes(tmp_path: Path) -> None:
    keep(tmp_path, "hum.flac", tone(seconds=0.5, channels=2))
    keep(tmp_path, "hum.wav", tone(seconds=0.25), "recordings")
    assert read_clip(tmp_path, "hum", CLIP_FRAMES).frames.shape == (RATE // 2, 2)
    assert read_clip(tmp_path, "hum.wav", CLIP_FRAMES).seconds == 0.25


def test_a_clip_whose_take_becomes_another_format_between_two_looks_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, "hum.wav", tone(seconds=0.25), "recordings")

    def encoded_then(path: Path) -> SoundFile:
        if path.suffix == ".wav":
            keep(tmp_path, "hum.flac", tone(seconds=0.25), "recordings")
            path.unlink()
        return SoundFile(path)

    monkeypatch.setattr("store.clips.SoundFile", encoded_then)
    assert read_clip(tmp_path, "hum", CLIP_FRAMES).seconds == 0.25


def test_a_clip_that_is_missing_or_too_long_is_refused_in_a_sentence(desk: Desk) -> None:
    assert "no sound file 'hum'" in desk.refuse("/track/hit/clip", "hum")
    keep(desk.project, "hum.wav", tone())
    with pytest.raises(LongClip, match="minutes"):
        read_clip(desk.project, "hum", RATE - 1)
    with pytest.raises(NoClip):
        read_clip(desk.project / "clips", "hum", RATE)


def test_a_pattern_that_is_loaded_brings_its_clips_and_tells_of_those_that_are_missing(tmp_path: Path) -> None:
    keep(tmp_path, "hum.wav", tone(660))
    desk = Desk(tmp_path, pattern(track("x...", "sampler", clip="hum"), track("x...", "sampler", name="b", clip="no")))
    desk.turn()
    desk.turn()
    desk.ask("/track/1/note", 60, 1.0, 1.0)
    desk.turn()
    assert loudest(desk.turn(RATE // 5)) == pytest.approx(660, abs=6)
    told = [happening.arguments[0] for happening in desk.happened if happening.address == "/event/failed"]
    assert [sentence for sentence in told if "'no'" in sentence]


def test_a_sampler_without_a_clip_is_silent_and_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, pattern(track("x...", "sampler")))
    desk.do("/transport/play")
    assert not desk.turn(RATE // 4).any()
    assert "no clip" in desk.session.problems[0]


def test_a_clip_that_is_replaced_while_it_sounds_is_kept_until_its_voice_has_ended(desk: Desk) -> None:
    keep(desk.project, "hum.wav", tone(440))
    desk.do("/track/hit/clip", "hum")
    desk.ask("/track/hit/note", 60, 1.0, 0.1)
    desk.turn()
    keep(desk.project, "hum.wav", tone(990, 0.3))
    desk.do("/track/hit/clip", "hum")
    held = desk.player.clips._held
    assert len(held) == 2
    assert loudest(desk.turn(RATE // 4)) == pytest.approx(440, abs=6)
    desk.turn(RATE)
    desk.turn()
    assert [len(clip.frames) for clip in held.values()] == [round(0.3 * RATE)]
    desk.ask("/track/hit/note", 60, 1.0, 0.1)
    desk.turn()
    assert loudest(desk.turn(RATE // 5)) == pytest.approx(990, abs=6)


def test_more_clips_than_fit_are_refused() -> None:
    clips = Clips(None, lambda *_, **__: None)
    for number in range(CLIPS):
        assert clips.numbers.number(f"clip {number}") == number
    with pytest.raises(Exception, match="256 clips are in use"):
        clips.put("one more", Clip(tone(), RATE))


def test_the_offline_renderer_plays_clips_and_tells_of_missing_ones(tmp_path: Path) -> None:
    keep(tmp_path, "hum.wav", tone(550))
    song = pattern(track("x...", "sampler", clip="hum"), track("x...", "sampler", name="b", clip="no"), bpm=120)
    clips, problems = renderer._read_clips(tmp_path, [song])
    sound = np.concatenate(list(renderer.play_parts([renderer.Part(song, 1)], 0.0, RATE, clips)))
    assert loudest(sound[: RATE // 4]) == pytest.approx(550, abs=6)
    assert len(problems) == 1
