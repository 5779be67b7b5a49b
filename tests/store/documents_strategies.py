"""Documents of every kind that a file can hold, for property tests."""

from typing import Any

from hypothesis import strategies as st

from store.documents import FileProof, Lfo, Pattern, Preset, Project, RecordingSettings, Step, Take, TakeEvent, Track

numbers = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
names = st.text(max_size=12)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
extras = st.dictionaries(names.map(lambda name: f"x-{name}"), json_values, max_size=2)
settings = st.dictionaries(names, numbers, max_size=3)

steps = st.builds(
    Step,
    on=st.booleans(),
    note=st.none() | st.integers(0, 127),
    velocity=numbers,
    accent=st.booleans(),
    tie=st.booleans(),
    chord=st.lists(st.integers(-127, 127), max_size=4).map(tuple),
    probability=numbers,
    ratchet=st.integers(-(2**31), 2**31 - 1),
    micro=numbers,
    condition=names | st.sampled_from(("2:4", "first", "}, {")),
    locks=settings,
    extra=extras,
)
lfos = st.builds(
    Lfo,
    shape=names,
    synced=st.booleans(),
    rate_hz=numbers,
    beats=numbers,
    depth=numbers,
    phase=numbers,
    target=names,
    extra=extras,
)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    played = draw(st.lists(steps, min_size=1, max_size=6).map(tuple))
    return Track(
        name=draw(names),
        instrument=draw(names),
        length=draw(st.integers(1, len(played))),
        note=draw(st.integers(0, 127)),
        gate=draw(numbers),
        gain_db=draw(numbers),
        pan=draw(numbers),
        mute=draw(st.booleans()),
        solo=draw(st.booleans()),
        sends=draw(settings),
        strip=draw(settings),
        parameters=draw(settings),
        preset=draw(names),
        clip=draw(names),
        lfo=draw(st.none() | lfos),
        steps=played,
        extra=draw(extras),
    )


patterns = st.builds(
    Pattern,
    name=names,
    genre=names,
    tags=st.lists(names, max_size=3).map(tuple),
    about=names,
    bpm=numbers,
    swing=numbers,
    beats_per_bar=st.integers(1, 16),
    root=st.integers(0, 11),
    scale=names,
    scale_lock=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
    lfos=st.lists(lfos, max_size=2).map(tuple),
    tracks=st.lists(tracks(), max_size=3).map(tuple),
    effects=st.dictionaries(names, settings, max_size=2),
    extra=extras,
)
presets = st.builds(Preset, name=names, instrument=names, parameters=settings, extra=extras)
recordings = st.builds(
    RecordingSettings,
    format=names,
    taps=st.lists(names, max_size=3).map(tuple),
    keep_s=numbers,
    preroll_s=numbers,
    split_s=numbers,
    split_mb=numbers,
    folder=names,
    extra=extras,
)
projects = st.builds(Project, name=names, bank=st.integers(1, 16), recording=recordings, extra=extras)
take_events = st.builds(
    TakeEvent,
    frame=st.integers(0, 2**40),
    what=names,
    name=names,
    slot=st.none() | st.integers(0, 128),
    bank=st.integers(0, 16),
    count=st.integers(0, 2**40),
    extra=extras,
)
file_proofs = st.builds(FileProof, tap=names, part=st.integers(1, 999), sound=names, file=names, extra=extras)
takes = st.builds(
    Take,
    name=names,
    started=names,
    rate=st.integers(1, 192_000),
    channels=st.integers(1, 32),
    bits=st.sampled_from((16, 24, 32)),
    frames=st.integers(0, 2**40),
    dropped=st.integers(0, 2**40),
    xruns=st.integers(0, 2**40),
    clipped=st.integers(0, 2**40),
    coding=names,
    encode_to=names,
    taps=st.lists(names, max_size=3).map(tuple),
    in_folder=st.booleans(),
    split=st.booleans(),
    parts=st.lists(st.integers(0, 2**40), max_size=3).map(tuple),
    bpm=numbers,
    slot=st.none() | st.integers(0, 128),
    pattern=names,
    device=names,
    lufs=st.none() | numbers,
    true_peak=st.none() | numbers,
    continues=names,
    proofs=st.lists(file_proofs, max_size=3).map(tuple),
    events=st.lists(take_events, max_size=3).map(tuple),
    complete=st.booleans(),
    extra=extras,
)


def full_pattern() -> Pattern:
    """The largest pattern there is."""
    played = tuple(Step(on=index % 3 != 1, note=index, velocity=index / 64) for index in range(64))
    track = Track("lead", "acid", length=64, sends={"delay": 0.5}, parameters={"cutoff": 900.0}, steps=played)
    return Pattern(name="full", bpm=125, tracks=(track,) * 16, effects={"delay": {"beats": 0.75}})
