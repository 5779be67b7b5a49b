"""WAV files that grow."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from wav_readers import assert_all_read, read

from store.errors import DamagedFile, DiskFull, StoreError
from store.wav.writer import WavWriter

RATE = 48_000
FORMATS = [(bits, channels) for bits in (16, 24, 32) for channels in (1, 2, 6)]

Frames = npt.NDArray[np.float32]


def noise(frames: int, channels: int = 2, seed: int = 1) -> Frames:
    return np.random.default_rng(seed).uniform(-1, 1, (frames, channels)).astype(np.float32)


@pytest.mark.parametrize(("bits", "channels"), FORMATS)
def test_what_was_written_comes_back(tmp_path: Path, bits: int, channels: int) -> None:
    path = tmp_path / "take.wav"
    audio = noise(30_001, channels) * np.float32(0.99)
    with WavWriter(path, RATE, channels, bits) as writer:
        for start in range(0, len(audio), 777):
            writer.write(audio[start : start + 777])
        assert writer.frames == len(audio)
    error = np.abs(read(path) - audio).max()
    assert error <= {16: 1.5 / 2**15, 24: 0.5 / 2**23, 32: 0}[bits]
    assert path.stat().st_size % 2 == 0


def test_24_bits_are_the_nearest_whole_numbers_clipped_at_full_scale(tmp_path: Path) -> None:
    steps = np.array([0, 0.5, 1.5, -0.5, -1.5, 2.5, 2**23 - 1, 2**23, -(2**23), -(2**24)], np.float32)
    with WavWriter(tmp_path / "take.wav", RATE, 1) as writer:
        writer.write((steps / np.float32(2**23)).reshape(-1, 1))
        writer.write(np.array([[np.nan], [np.inf], [-np.inf]], np.float32))
    whole = soundfile.read(tmp_path / "take.wav", dtype="int32")[0] >> 8
    top, bottom = 2**23 - 1, -(2**23)
    assert whole.tolist() == [0, 0, 2, 0, -2, 2, top, top, bottom, bottom, 0, top, bottom]


def test_dither_frees_16_bits_from_distortion_and_its_seed_makes_it_the_same_again(tmp_path: Path) -> None:
    level = 0.3 / 2**15
    quiet = np.full((RATE, 1), level, np.float32)
    taken = []
    for name in ("a.wav", "b.wav"):
        with WavWriter(tmp_path / name, RATE, 1, 16, np.random.default_rng(7)) as writer:
            writer.write(quiet)
        taken.append(read(tmp_path / name))
    assert np.array_equal(taken[0], taken[1])
    assert abs(taken[0].mean() - level) < 0.02 / 2**15, "a level under the last bit is still there on average"
    assert abs(taken[0].std() * 2**15 - 0.5) < 0.02, "triangular dither makes noise of the same power always"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        WavWriter(path, RATE, 2)
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize(("bits", "channels"), [(16, 2), (24, 1), (24, 2), (32, 2)])
def test_the_file_plays_while_it_grows_whatever_follows_what_its_header_tells(
    tmp_path: Path, bits: int, channels: int
) -> None:
    path = tmp_path / "take.wav"
    audio = noise(RATE, channels)
    with WavWriter(path, RATE, channels, bits) as writer:
        written = 0
        for size in (1, 10_000, 16_001, 5_000, 3, 2_000):
            writer.write(audio[written : written + size])
            written += size
            told = soundfile.info(str(path)).frames
            assert written - told < RATE // 2
            assert_all_read(path, told)
            assert len(read(path)) == told


SPARSE = {"riff_up_to_3_gib": 3 * 2**30, "rf64_from_4_gib": 2**32 - 300_000}


@pytest.mark.parametrize("size", SPARSE.values(), ids=SPARSE.keys())
@pytest.mark.parametrize("bits", [24, 32])
def test_a_file_goes_on_past_its_4_gib(tmp_path: Path, bits: int, size: int) -> None:
    path = tmp_path / "take.wav"
    WavWriter(path, RATE, 2, bits).close()
    frame_bytes = 2 * bits // 8
    header_bytes = path.stat().st_size
    before = (size - header_bytes) // frame_bytes
    with path.open("ab") as file:
        # sox looks for comments after the data, but 4 GiB too early, and takes sparse silence there for
        # two thousand million empty chunks. Real audio, or this, sends it on to the end at once.
        file.write(b"\xff" * 2**20)
    os.truncate(path, header_bytes + before * frame_bytes)
    audio = noise(RATE) * np.float32(0.99)
    with WavWriter(path, RATE, 2, bits, resume=True) as writer:
        assert writer.frames == before
        writer.write(audio[:30_000])
        assert_all_read(path, before + 30_000)
        writer.write(audio[30_000:])
    assert_all_read(path, before + len(audio))
    assert (path.open("rb").read(4) == b"RF64") == (path.stat().st_size > 2**32)
    tail = soundfile.read(path, start=before, dtype="float32")[0]
    assert np.abs(tail - audio).max() <= 0.5 / 2**23


def test_an_unfinished_file_is_gone_on_with_after_its_last_whole_frame(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    audio = noise(200, 2) * np.float32(0.99)
    with WavWriter(path, RATE, 2, 24) as writer:
        writer.write(audio[:100])
    with path.open("ab") as file:
        file.write(b"\1\2\3\4\5")
    with WavWriter(path, RATE, 2, 24, resume=True) as writer:
        assert writer.frames == 100
        writer.write(audio[100:])
    assert np.abs(read(path) - audio).max() <= 0.5 / 2**23


@pytest.mark.parametrize("kept", [0, 5, 12, 60, 79])
def test_a_file_whose_header_was_cut_off_is_resumed_as_an_empty_one(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "take.wav"
    WavWriter(path, RATE, 2, 24).close()
    os.truncate(path, kept)
    WavWriter(path, RATE, 2, 24, resume=True).close()
    assert_all_read(path, 0)


@pytest.mark.parametrize("content", [b"mine", b"{}" * 100, None])
def test_a_file_of_another_format_is_not_resumed(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "take.wav"
    if content is None:
        WavWriter(path, 44_100, 2, 24).close()
        content = path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(DamagedFile):
        WavWriter(path, RATE, 2, 24, resume=True)
    assert path.read_bytes() == content


def test_frames_of_another_shape_are_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "take.wav", RATE, 2) as writer:
        for shape in ((10,), (10, 1), (2, 10)):
            with pytest.raises(ValueError, match="are no frames of 2 channels"):
                writer.write(np.zeros(shape, np.float32))
        writer.write(np.zeros((0, 2), np.float32))
        assert writer.frames == 0


@pytest.mark.parametrize(("bits", "channels"), [(16, 2), (24, 1), (24, 2), (32, 2)])
@pytest.mark.parametrize("room", [0, 1, 7, 12_345])
def test_when_the_disk_fills_the_file_is_closed_with_the_whole_frames_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int, channels: int, room: int
) -> None:
    path = tmp_path / "take.wav"
    audio = noise(RATE, channels) * np.float32(0.99)
    writer = WavWriter(path, RATE, channels, bits)
    writer.write(audio[:30_000])
    monkeypatch.setattr(os, "write", _writing_at_most(room))
    with pytest.raises(DiskFull, match=r"take\.wav: the disk is full"):
        writer.write(audio[30_000:])
    assert writer.closed
    fitted = 30_000 + room // (channels * bits // 8)
    assert fitted - 1 <= writer.frames <= fitted
    assert_all_read(path, writer.frames)
    assert np.abs(read(path) - audio[: writer.frames]).max() <= 1.5 / 2**15
    with pytest.raises(StoreError, match="it is closed"):
        writer.write(audio)
    writer.close()


def _writing_at_most(room: int) -> Callable[[int, Any], int]:
    """`os.write` on a disk with room for so many bytes more at a file's end; what has its place is rewritten."""
    real = os.write

    def write(descriptor: int, data: Any) -> int:
        nonlocal room
        new = os.lseek(descriptor, 0, os.SEEK_CUR) + len(data) - os.fstat(descriptor).st_size
        if new <= 0:
            return real(descriptor, data)
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(descriptor, bytes(data)[:room])
        room -= written
        return written

    return write


def test_a_file_that_cannot_be_made_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match=r"Could not write .*take\.wav: it does not exist"):
        WavWriter(tmp_path / "gone" / "take.wav", RATE, 2)
    monkeypatch.setattr(os, "write", _writing_at_most(10))
    with pytest.raises(DiskFull):
        WavWriter(tmp_path / "take.wav", RATE, 2)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_a_file_is_given_while_its_old_one_is_synced_is_brought_to_the_disk_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, synced = tmp_path / "other", list[Path]()
    other.mkdir()
    writer = WavWriter(tmp_path / "take.wav", 48_000, 2)

    def sync(folder: Path) -> None:
        synced.append(folder)
        if folder == tmp_path:
            writer.move(other / "take.wav")

    monkeypatch.setattr("store.wav.writer.sync_folder", sync)
    for _ in range(3):
        writer.sync()
    writer.close()
    assert synced == [tmp_path, other]


def test_a_sync_at_the_worst_moment_never_fails_for_a_file_that_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames, close = noise(1000), os.close
    folder = tmp_path / "disk"
    folder.mkdir()
    writer = WavWriter(folder / "take.wav", 48_000, 2, 32)
    writer.write(frames)
    shutil.rmtree(folder)
    writer.sync()

    def close_and_sync(descriptor: int) -> None:
        close(descriptor)
        with monkeypatch.context() as within:
            within.setattr(os, "close", close)
            writer.sync()

    with monkeypatch.context() as patched:
        patched.setattr(os, "close", close_and_sync)
        writer.save_from_loss()
    writer.write(frames)
    writer.close()
    assert np.array_equal(read(folder / "take.wav"), np.concatenate([frames, frames]))
