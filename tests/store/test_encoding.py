"""What is made of a captured WAV: the same sound, as long to the frame for every reader, or nothing at all."""

import json
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from wav_readers import frames_by_ffmpeg, frames_by_sox, read

from store.documents import Take, TakeEvent
from store.errors import StoreError
from store.takes.encoding import PARTIAL_SUFFIX, Stopped, encode
from store.takes.formats import FORMATS, TakeFormat
from store.takes.tags import Tags, tags_of
from store.wav.writer import WavWriter

RATE = 48_000
FRAMES = 3 * RATE + 12_345
"""More than one block, and no whole number of them or of any codec's frames."""
ENCODED = [form for form in FORMATS.values() if form.container]


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    times = np.arange(FRAMES) / RATE
    sound = np.stack([0.5 * np.sin(2763.0 * times), 0.3 * np.sin(1382.0 * times)], axis=1).astype(np.float32)
    with WavWriter(path, RATE, 2, 24) as writer:
        writer.write(sound)
    return path


def make(wav: Path, form: TakeFormat) -> Path:
    target = wav.with_suffix(form.ending)
    assert encode(wav, target, form, Tags({"title": "jam", "comment": "125 BPM"}), lambda share: None) == FRAMES
    return target


@pytest.mark.parametrize("form", ENCODED, ids=lambda form: form.name)
def test_every_reader_finds_every_frame(wav: Path, form: TakeFormat) -> None:
    made = make(wav, form)
    assert soundfile.info(str(made)).frames == FRAMES
    if form.name == "opus":
        # sox here may know no Opus, and what ffmpeg's index tells includes the coder's run-up; what it plays counts.
        assert _decoded_by_ffmpeg(made) == FRAMES
    else:
        assert frames_by_sox(made) == FRAMES
        assert frames_by_ffmpeg(made) == FRAMES


def _decoded_by_ffmpeg(path: Path) -> int:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-ac", "2", "-"]
    return len(subprocess.run(command, capture_output=True, check=True).stdout) // 8


@pytest.mark.parametrize("form", ENCODED, ids=lambda form: form.name)
def test_the_sound_is_the_same_or_nearly(wav: Path, form: TakeFormat) -> None:
    taken, made = read(wav), read(make(wav, form))
    if form.lossless:
        assert np.array_equal(made, taken)
    else:
        assert np.sqrt(np.mean((made - taken) ** 2)) < 0.02


@pytest.mark.parametrize("form", ENCODED, ids=lambda form: form.name)
def test_the_file_tells_when_its_part_began_how_fast_and_its_marks(wav: Path, form: TakeFormat) -> None:
    events = (
        TakeEvent(0, "pattern", "dub", 1),
        TakeEvent(RATE, "pattern", "acid night", 7),
        TakeEvent(3723 * RATE + 48, "mark", "the drop"),
    )
    take = Take("jam", "2026-11-21T21:00:00.250", RATE, 2, 24, bpm=125, events=events)
    target = wav.with_suffix(form.ending)
    encode(wav, target, form, tags_of(take, RATE, 4000 * RATE, form), lambda share: None)
    told = ["began 2026-11-21 21:00:01.250", "tempo 125 BPM"]
    with soundfile.SoundFile(target) as made:
        assert (made.title, made.comment.split("\n"), made.frames) == ("jam", told, FRAMES)
    assert [line for line in told if line not in _by_ffprobe(target, "-show_entries", "format_tags:stream_tags")] == []
    marks = [(0, "slot 007 acid night"), (3722 * RATE + 48, "the drop")]
    if form.container == "AIFF":
        assert markers(target) == marks
    else:
        assert chapters(target) == [(0.0, marks[0][1]), (3722.001, marks[1][1])]


def chapters(path: Path) -> list[tuple[float, str]]:
    """As ffmpeg reads them, in seconds."""
    told = json.loads(_by_ffprobe(path, "-show_chapters", "-of", "json"))["chapters"]
    return [(float(each["start_time"]), each["tags"]["title"]) for each in told]


def markers(path: Path) -> list[tuple[int, str]]:
    """The MARK chunk of an AIFF file."""
    found = path.read_bytes()
    assert int.from_bytes(found[4:8], "big") == len(found) - 8
    place = 12
    while found[place : place + 4] != b"MARK":
        place += 8 + int.from_bytes(found[place + 4 : place + 8], "big")
        place += place % 2
    (count,) = struct.unpack_from(">H", found, place + 8)
    place, told = place + 10, []
    for number in range(1, count + 1):
        identity, frame, length = struct.unpack_from(">HIB", found, place)
        assert identity == number
        told.append((frame, found[place + 7 : place + 7 + length].decode()))
        place += 7 + length + (length + 1) % 2
    return told


@pytest.mark.parametrize("form", ENCODED, ids=lambda form: form.name)
def test_as_many_marks_as_a_file_can_hold_are_in_it_and_the_rest_is_counted(wav: Path, form: TakeFormat) -> None:
    has_markers = form.container == "AIFF"
    for name, fewest in (("m", 500), ("夜の電車の中で夢を見た", 300)):
        events = tuple(TakeEvent(frame, "mark", f"{name}{frame}") for frame in range(40_000))
        take = Take("jam", "2026-11-21T21:00:00", RATE, 2, 24, events=events)
        target = wav.with_name(f"{name}{form.ending}")
        assert encode(wav, target, form, tags_of(take, 0, FRAMES, form), lambda share: None) == FRAMES
        told = markers(target) if has_markers else chapters(target)
        assert len(told) == 32_767 if has_markers else fewest < len(told) < 999
        assert told[-1][1] == f"{name}{len(told) - 1}"
        with soundfile.SoundFile(target) as made:
            assert made.comment.split("\n")[-1] == f"{40_000 - len(told)} more marks in jam.json"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pythons_own_reader_of_aiff_finds_the_marks_and_the_sound_before_them(wav: Path) -> None:
    aifc = pytest.importorskip("aifc", reason="Python 3.13 and later have no reader of AIFF")
    names = ("the drop", "odd", "夜の電車")
    events = tuple(TakeEvent(1000 * number, "mark", name) for number, name in enumerate(names, 1))
    take = Take("jam", "2026-11-21T21:00:00", RATE, 2, 24, events=events)
    target = wav.with_suffix(".aiff")
    encode(wav, target, FORMATS["aiff"], tags_of(take, 0, FRAMES, FORMATS["aiff"]), lambda share: None)
    with aifc.open(str(target)) as made:
        told = [(place, name.decode()) for _, place, name in made.getmarkers()]
        assert told == markers(target) == [(1000 * number, name) for number, name in enumerate(names, 1)]
        assert (
            made.readframes(FRAMES)
            == soundfile.read(target, dtype="int32")[0].astype(">i4").view("u1").reshape(-1, 4)[:, :3].tobytes()
        )


def _by_ffprobe(path: Path, *what: str) -> str:
    if shutil.which("ffprobe") is None:
        pytest.skip("ffmpeg is not installed")
    command = ["ffprobe", "-v", "error", *what, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_name_that_another_file_took_is_left_to_it_and_the_wav_stands(wav: Path) -> None:
    target = wav.with_suffix(".flac")
    target.write_bytes(b"somebody else's")
    with pytest.raises(StoreError, match="another file has that name"):
        make(wav, FORMATS["flac"])
    assert target.read_bytes() == b"somebody else's"
    assert wav.exists()


def test_what_an_engine_had_made_before_it_was_killed_is_taken(wav: Path) -> None:
    first = make(wav, FORMATS["flac"]).stat()
    assert make(wav, FORMATS["flac"]).stat().st_mtime_ns == first.st_mtime_ns


def test_an_encoding_that_is_given_up_leaves_the_wav_alone(wav: Path) -> None:
    target = wav.with_suffix(".ogg")
    with pytest.raises(Stopped):
        encode(wav, target, FORMATS["ogg"], Tags(), lambda share: None, lambda: True)
    assert sorted(path.name for path in wav.parent.iterdir()) == ["take.wav"]


def test_what_was_made_is_read_back_before_the_wav_may_go(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = soundfile.SoundFile.write

    def careless(self: soundfile.SoundFile, data: np.ndarray) -> None:
        data[len(data) // 2] ^= 1 << 12
        real(self, data)

    monkeypatch.setattr(soundfile.SoundFile, "write", careless)
    with pytest.raises(StoreError, match="differs from it"):
        make(wav, FORMATS["flac"])
    assert [path.name for path in wav.parent.iterdir() if path.name.endswith(PARTIAL_SUFFIX)] == []
