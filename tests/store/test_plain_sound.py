"""The samples of a file as they lie in it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.plain_sound import NotPlain, PlainSound
from store.wav.chunks import chunk
from store.wav.header import wav_header
from store.wav.writer import WavWriter

RATE = 48_000
SOUND = np.random.default_rng(1).uniform(-1.0, 1.0, (1001, 2)).astype(np.float32)


def wav(path: Path, bits: int) -> None:
    """As takes are, with chunks before the sound and behind it."""
    with WavWriter(path, RATE, 2, bits, about=chunk(b"bext", b"abc")) as writer:
        writer.write(SOUND)
        writer.finish(cues=chunk(b"cue ", b"data"))


WRITERS: dict[str, Callable[[Path], None]] = {
    "wav16": lambda path: wav(path, 16),
    "wav24": lambda path: wav(path, 24),
    "wav32": lambda path: wav(path, 32),
    "rf64": lambda path: soundfile.write(path, SOUND, RATE, "PCM_24", format="RF64"),
    "extensible": lambda path: soundfile.write(path, SOUND, RATE, "FLOAT", format="WAVEX"),
    "aiff16": lambda path: soundfile.write(path, SOUND, RATE, "PCM_16", format="AIFF"),
    "aiff24": lambda path: soundfile.write(path, SOUND, RATE, "PCM_24", format="AIFF"),
}
OTHERS: dict[str, Callable[[Path], None]] = {
    "flac": lambda path: soundfile.write(path, SOUND, RATE, "PCM_24", format="FLAC"),
    "vorbis": lambda path: soundfile.write(path, SOUND, RATE, format="OGG"),
    "float aiff": lambda path: soundfile.write(path, SOUND, RATE, "FLOAT", format="AIFF"),
    "wav of 32 whole bits": lambda path: soundfile.write(path, SOUND, RATE, "PCM_32", format="WAV"),
    "empty": lambda path: path.write_bytes(b""),
    "folder": lambda path: path.mkdir(),
}


def whole(raw: bytes, bits: int, big_endian: bool) -> np.ndarray:
    """Samples as floats."""
    if bits == 32:
        return np.frombuffer(raw, "<f4").reshape(-1, 2)
    places = np.frombuffer(raw, np.uint8).reshape(-1, bits // 8)[:, :: -1 if big_endian else 1]
    padded = np.zeros((len(places), 4), np.uint8)
    padded[:, 4 - bits // 8 :] = places
    return (padded.view("<i4")[:, 0] / np.float32(2**31)).astype(np.float32).reshape(-1, 2)


@pytest.mark.parametrize("kind", list(WRITERS))
def test_the_samples_are_those_that_libsndfile_decodes_from_any_frame_on(tmp_path: Path, kind: str):
    path = tmp_path / "sound"
    WRITERS[kind](path)
    expected = soundfile.read(path, dtype="float32")[0]
    with PlainSound(path) as plain:
        assert (plain.channels, plain.frames) == (2, 1001)
        for first in (0, 400, 1001, 2000):
            plain.go_to(first)
            room = bytearray(600 * 2 * plain.bits // 8 + 1)
            count = plain.read(memoryview(room))
            assert count == max(0, min(600, 1001 - first))
            made = whole(bytes(room[: count * 2 * plain.bits // 8]), plain.bits, plain.big_endian)
            assert np.array_equal(made, expected[first : first + 600])


def test_a_file_that_was_cut_off_holds_the_whole_frames_that_are_there(tmp_path: Path):
    path = tmp_path / "cut.wav"
    path.write_bytes(wav_header(RATE, 2, 24, 1000) + bytes(6 * 10 + 5))
    with PlainSound(path) as plain:
        assert plain.frames == 10
        assert plain.read(memoryview(bytearray(6000))) == 10
        assert plain.read(memoryview(bytearray(6000))) == 0


@pytest.mark.parametrize("kind", list(OTHERS))
def test_other_files_are_not_plain(tmp_path: Path, kind: str):
    path = tmp_path / "sound"
    OTHERS[kind](path)
    with pytest.raises(NotPlain):
        PlainSound(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(WRITERS)), st.data())
def test_a_damaged_file_is_read_or_is_not_plain(tmp_path: Path, kind: str, data: st.DataObject):
    path = tmp_path / "sound"
    path.unlink(missing_ok=True)
    WRITERS[kind](path)
    found = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        found[data.draw(st.integers(0, 120))] = data.draw(st.integers(0, 255))
    path.write_bytes(found[: data.draw(st.integers(0, len(found)))])
    try:
        with PlainSound(path) as plain:
            plain.read(memoryview(bytearray(100_000)))
    except NotPlain:
        pass
