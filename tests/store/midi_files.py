"""MIDI files put together byte by byte, what comes of them, and documents that MIDI can hold in full."""

import struct

from hypothesis import strategies as st

from store.documents import Pattern, Step, Track
from store.midi.chunks import OWN_MARK
from store.midi.patterns import Imported, import_midi

END = b"\x00\xff\x2f\x00"


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">L", len(body)) + body


def header(kind: int = 1, tracks: int = 1, division: int = 96) -> bytes:
    return chunk(b"MThd", struct.pack(">HHh", kind, tracks, division))


def number(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.insert(0, value & 0x7F | 0x80)
    return bytes(parts)


def after(ticks: int, *message: int) -> bytes:
    return number(ticks) + bytes(message)


def meta(kind: int, inside: bytes, ticks: int = 0) -> bytes:
    return number(ticks) + bytes((0xFF, kind)) + number(len(inside)) + inside


def tempo(bpm: float, ticks: int = 0) -> bytes:
    return meta(0x51, round(60e6 / bpm).to_bytes(3, "big"), ticks)


def track(*parts: bytes, end: bytes = END) -> bytes:
    return chunk(b"MTrk", b"".join(parts) + end)


def hit(key: int, channel: int = 0, velocity: int = 100, length: int = 12, rest: int = 12) -> bytes:
    """A note of half a sixteenth at 96 ticks a beat, and as much silence."""
    return after(0, 0x90 | channel, key, velocity) + after(length, 0x80 | channel, key, 0) + silence(rest)


def silence(ticks: int) -> bytes:
    return meta(0x01, b"", ticks)


def foreign(data: bytes) -> bytes:
    """A file made here, as if another program had made it: without the pattern in it."""
    return data.replace(OWN_MARK, bytes(len(OWN_MARK)))


played_steps = st.one_of(
    st.just(Step()),
    st.builds(
        Step,
        on=st.just(True),
        note=st.none() | st.integers(30, 90),
        velocity=st.integers(1, 100).map(lambda v: v / 100),
    ),
    st.builds(Step, on=st.just(True), chord=st.sets(st.integers(1, 24), max_size=4).map(lambda c: tuple(sorted(c)))),
)


@st.composite
def plain_patterns(draw: st.DrawFn) -> Pattern:
    """One bar of what MIDI has words for."""
    length = 16
    names = draw(st.lists(st.sampled_from(("lead", "bass", "näme", "日本")), min_size=1, max_size=3, unique=True))
    tracks = tuple(
        Track(
            name=name,
            instrument=draw(st.sampled_from(("poly", "acid", "kick", "open_hat"))),
            length=length,
            gate=draw(st.integers(5, 100)) / 100,
            steps=(Step(on=True), *draw(st.lists(played_steps, min_size=length - 1, max_size=length - 1))),
        )
        for name in names
    )
    return Pattern(
        name=draw(st.sampled_from(("night", "Käfer"))),
        bpm=draw(st.integers(200, 3000)) / 10,
        swing=draw(st.integers(0, 75)) / 100,
        tracks=tracks,
    )


timed_steps = st.one_of(
    st.just(Step()),
    st.builds(
        Step,
        on=st.just(True),
        note=st.none() | st.integers(30, 90),
        micro=st.integers(-28, 108).map(
            lambda ticks: ticks / 240
        ),  # no earlier than the last of eight strikes before it
    ),
    st.builds(Step, on=st.just(True), ratchet=st.integers(2, 8)),
)
timed_patterns = st.builds(
    lambda steps: Pattern(name="night", tracks=(Track("lead", "pluck", gate=0.4, steps=(Step(on=True), *steps)),)),
    st.lists(timed_steps, min_size=15, max_size=15),
)
"""One bar with notes between the steps."""


BAR = [hit(60) for _ in range(16)]


def imported(*chunks: bytes) -> Imported:
    return import_midi(b"".join(chunks), "song", "song.mid")


def one(*chunks: bytes) -> Pattern:
    made = imported(*chunks)
    assert len(made.patterns) == 1
    return made.patterns[0]


def on_steps(track: Track) -> list[int]:
    return [index for index, step in enumerate(track.steps) if step.on]


def steps(text: str) -> tuple[Step, ...]:
    return tuple(Step(on=c in "xX", accent=c == "X", tie=c == "-") for c in text)
