"""`chronus check`: what it prints and how it ends, for files of every kind."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from planting import RATE, synthetic

from chronus_tui.cli import main
from store.cut_short import frames_told

SOUND = synthetic(np.random.default_rng(2), 3.0)


def written(path: Path, sound: Any = SOUND, **kind: str) -> str:
    soundfile.write(path, sound, RATE, **kind)
    return str(path)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("a.wav", "PCM_16"),
        ("a.wav", "PCM_24"),
        ("a.wav", "FLOAT"),
        ("a.aiff", "PCM_24"),
        ("a.flac", "PCM_16"),
        ("a.ogg", "VORBIS"),
    ],
)
def test_a_clean_file_of_any_format_ends_with_0(tmp_path: Path, capsys: Any, name: str, subtype: str) -> None:
    assert main(["check", written(tmp_path / name, subtype=subtype)]) == 0
    out, err = capsys.readouterr()
    assert "No faults found." in out
    assert err == ""


def test_each_fault_has_a_line_and_a_mark_under_the_waveform(tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    sound = SOUND.copy()
    sound[48_000:48_512] = 0.0
    sound[96_000, 1] += 0.9 if sound[96_000, 1] < 0 else -0.9
    assert main(["check", written(tmp_path / "a.wav", sound, subtype="PCM_24")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["a.wav: 0:03.000, 48000 Hz, stereo, WAV PCM_24", "2 faults found."]
    assert lines[3].startswith("D 0:01.000 to 0:01.011  dropout   both   512 frames of zeros (")
    assert lines[4].startswith("c 0:02.000              click     right  a jump of ")
    assert lines[6:][8] == " " * 20 + "D" + " " * 19 + "c"
    assert lines[-2:] == ["0:00.000" + "0:03.000".rjust(52), "D dropout  c click"]
    assert max(map(len, lines[6:])) == 60


def test_json_is_one_object(tmp_path: Path, capsys: Any) -> None:
    sound = SOUND.copy()
    sound[:, 0] = 0.0
    assert main(["check", written(tmp_path / "a.flac", sound, subtype="PCM_24"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["rate"], told["channels"], told["frames"], told["clean"]) == (RATE, 2, len(sound), False)
    assert [(fault["kind"], fault["channel"], fault["start_s"]) for fault in told["faults"]] == [("channel", 1, 0.0)]


@pytest.mark.parametrize("content", [None, b"", b"this is no sound at all", b"RIFF\x10\x00\x00\x00WAVE"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: Any, content: bytes | None) -> None:
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    assert main(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Could not read {path}: ")
    assert err.count("\n") == 1
    assert err.endswith(".\n")


def test_stems_in_a_folder_may_pause_and_lie_on_one_side_and_each_is_told(tmp_path: Path, capsys: Any) -> None:
    bass, drums = (synthetic(np.random.default_rng(seed), 12.0) for seed in (3, 4))
    pause = np.interp(np.arange(len(bass)), RATE * np.array([4.0, 4.1, 10.0, 10.1]), [1.0, 0.0, 0.0, 1.0])
    bass *= pause[:, None].astype(np.float32)
    bass[:, 0] = 0.0
    drums[100_000:100_512] = 0.0
    for name, stem in (("bass", bass), ("drums", drums)):
        written(tmp_path / f"{name}.flac", stem, subtype="PCM_24")
    (tmp_path / "notes.txt").write_text("no sound")
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{tmp_path.name}: 2 sounds"
    assert lines[2:4] == ["bass.flac: 0:12.000, 48000 Hz, stereo, FLAC PCM_24", "No faults found."]
    assert lines[-1] == "Faults in 1 of them: drums.flac."
    (tmp_path / "snare.wav").write_bytes(b"no sound either")
    assert main(["check", str(tmp_path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [sound["name"] for sound in told["sounds"]] == ["bass.flac", "drums.flac"]
    assert [sentence.startswith(f"Could not read {tmp_path / 'snare.wav'}") for sentence in told["unread"]] == [True]


def test_a_folder_and_a_file_without_sound_are_one_sentence_each(tmp_path: Path, capsys: Any) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert main(["check", written(tmp_path / "a.wav", SOUND[:0], subtype="PCM_16")]) == 1
    assert capsys.readouterr().err == (
        f"There is no sound file in {tmp_path}; name one, a folder of them, or a take.\n"
        f"Could not check {tmp_path / 'a.wav'}: it holds no sound, not a single frame.\n"
    )


def cut(path: str, share: float) -> str:
    """The file at `path` as it is after a transfer that broke off."""
    os.truncate(path, int(Path(path).stat().st_size * share))
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.wav", {"subtype": "PCM_U8"}),
        ("a.wav", {"subtype": "PCM_24"}),
        ("a.wav", {"subtype": "FLOAT", "format": "RF64"}),
        ("a.aiff", {"subtype": "PCM_24"}),
    ],
)
def test_a_file_that_is_cut_short_is_told_to_be_with_what_is_missing(
    tmp_path: Path, capsys: Any, name: str, kind: dict[str, str]
) -> None:
    path = cut(written(tmp_path / name, **kind), 0.5)
    assert main(["check", path, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (fault,) = told["faults"]
    missing = len(SOUND) - told["frames"]
    assert 0.49 * len(SOUND) < missing < 0.51 * len(SOUND)
    assert (fault["kind"], fault["start_frame"], fault["frames"]) == ("short", told["frames"] - 1, 1)
    assert fault["detail"] == f"{name} is cut short, {missing / RATE:.3f} s are missing"
    main(["check", path])
    assert "> short" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("not_known", [0, 0x7FFFF000, 0x7FFFFFD3, 0x80000000, 0xFFFFFFFF])
def test_a_head_that_was_written_to_a_pipe_tells_of_nothing_that_is_missing(tmp_path: Path, not_known: int) -> None:
    path = Path(written(tmp_path / "a.wav", subtype="PCM_16"))
    content = path.read_bytes()
    size_at = content.index(b"data") + 4
    path.write_bytes(content[:size_at] + not_known.to_bytes(4, "little") + content[size_at + 4 :])
    assert frames_told(path, len(SOUND)) == len(SOUND)


def test_a_flac_that_breaks_off_is_one_sentence(tmp_path: Path, capsys: Any) -> None:
    assert main(["check", cut(written(tmp_path / "a.flac", subtype="PCM_16"), 0.5)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"Could not read {tmp_path / 'a.flac'} to its end: ")
    assert err.endswith("; it is damaged, or cut short.\n")


@pytest.mark.parametrize("frames", [1, 2, 50, 1000])
def test_the_shortest_files_are_clean(tmp_path: Path, frames: int) -> None:
    assert main(["check", written(tmp_path / "a.wav", SOUND[30_000 : 30_000 + frames], subtype="PCM_24")]) == 0
