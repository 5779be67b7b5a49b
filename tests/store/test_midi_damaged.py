"""MIDI files that are damaged, hostile, or none at all: what can be told apart is taken, and nothing worse happens."""

import contextlib
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from midi_files import (
    BAR,
    after,
    foreign,
    header,
    hit,
    imported,
    on_steps,
    steps,
    tempo,
    track,
)

from store.documents import Pattern, Track
from store.errors import DamagedFile, StoreError
from store.midi.patterns import export_midi, import_midi


@pytest.mark.parametrize("data", [b"", b"hello", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"{}", b"MThd", bytes(3000)])
def test_what_is_no_midi_file_is_refused_in_one_sentence(data):
    with pytest.raises(DamagedFile, match=r"^song\.mid [^.]*\.$"):
        imported(data)


def test_a_file_without_notes_is_refused():
    with pytest.raises(DamagedFile, match="no notes"):
        imported(header(), track(tempo(100)))


def test_a_file_that_was_cut_off_gives_what_is_there():
    whole = header() + track(*BAR)
    made = imported(whole[: len(whole) // 2])
    assert on_steps(made.patterns[0].tracks[0]) == list(range(7))
    assert len(made.told) >= 2


def test_a_bad_byte_costs_one_event_and_a_bad_status_the_rest_of_its_track():
    bad_key = imported(header(), track(hit(60), after(0, 0x90, 0xBC, 100), hit(60), hit(60)))
    assert on_steps(bad_key.patterns[0].tracks[0]) == [0, 1, 2]
    assert any("1 damaged events" in sentence for sentence in bad_key.told)
    bad_status = imported(header(tracks=2), track(hit(60), after(0, 0xF4, 1), hit(60)), track(*BAR))
    assert [len(on_steps(t)) for t in bad_status.patterns[0].tracks] == [1, 16]
    assert any("bytes of it were lost" in sentence for sentence in bad_status.told)


def test_a_wrong_track_length_and_a_damaged_header_do_not_lose_the_tracks():
    body = track(*BAR)
    long = body[:4] + b"\x7f\xff\xff\xff" + body[8:]
    short = body[:4] + b"\x00\x00\x00\x05" + body[8:]
    for wrong in (long, short):
        pattern = imported(header(tracks=2), wrong, body).patterns[0]
        assert [on_steps(t) for t in pattern.tracks] == [list(range(16))] * 2
    headless = imported(b"XXXX" + header()[4:] + body)
    assert any("header is damaged" in sentence for sentence in headless.told)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes_raise_nothing_but_a_store_error(data):
    for each in (data, header() + data, header() + track(data), header(2, 3, 1) + track(data)):
        try:
            imported(each)
        except StoreError as error:
            assert str(error).endswith(".")


@given(st.randoms(use_true_random=False), st.sampled_from(("changed", "lost", "added")))
@settings(max_examples=200)
def test_a_damaged_export_raises_nothing_but_a_store_error(chance, how):
    whole = export_midi(Pattern(name="n", tracks=(Track("a", "acid", steps=steps("x-X." * 4)), Track("k", "kick"))))
    for data in (bytearray(whole), bytearray(foreign(whole))):
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data))
            match how:
                case "changed":
                    data[at] = chance.randrange(256)
                case "lost":
                    del data[at : at + chance.randint(1, 4)]
                case "added":
                    data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
        try:
            made = imported(bytes(data))
        except StoreError:
            continue
        for pattern in made.patterns:
            assert import_midi(export_midi(pattern), "x", "x.mid").patterns == (pattern,)


@pytest.mark.parametrize(
    "data",
    [
        header(0, 1, 1) + track(after(0, 0x90, 60, 1), *[b"\xff\xff\xff\x7f" + hit(60)[1:] for _ in range(50)]),
        header() + b"MTrk\x00\x00\x00\x00" * 100_000,
        header() + track(b"\x00\x90" + b"\x3c\x40\x00\x3c\x00\x01" * 400_000),
        header() + bytes(random.Random(1).randbytes(2_000_000)),
        header() + b"MTrk" + bytes(3_000_000),
        header(division=(-24 << 8) | 1) + track(b"\x00\xff\x51\x03\x00\x00\x01", *BAR),
    ],
    ids=["for ever", "many tracks", "many notes", "noise", "zeros", "no time"],
)
def test_a_hostile_file_takes_no_long_time(data):
    def took_s() -> float:
        began_s = time.process_time()
        with contextlib.suppress(StoreError):
            imported(data)
        return time.process_time() - began_s

    # Where a host takes the processor away, its guest may count that as its own work; but not each time.
    assert any(took_s() < 10.0 for _ in range(3))
