"""Whatever is done to steps, LFOs and scales can be taken back and done again, one after another."""

from typing import Any

from desk import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.codec import decode_pattern, encode_pattern

STEPS = st.integers(1, 4)
TRACKS = st.sampled_from(("kick", "snare", "acid"))
SHARES = st.floats(0, 1, width=32)


def of_track(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(TRACKS.map(lambda track: f"/track/{track}/{name}"), *arguments)


COMMANDS = st.one_of(
    of_track("probability", STEPS, SHARES),
    of_track("ratchet", STEPS, st.integers(1, 8)),
    of_track("micro", STEPS, st.floats(-0.5, 0.5, width=32)),
    of_track("condition", STEPS, st.sampled_from(("", "2:3", "first", "not fill"))),
    of_track("chord", STEPS, st.sampled_from(("", "4 7", "-12"))),
    of_track("lock", STEPS, st.sampled_from(("pan", "delay", "reverb")), SHARES),
    of_track("unlock", STEPS),
    of_track("euclid", st.integers(0, 4), st.integers(4, 9), st.integers(-9, 9)),
    of_track("rotate", st.integers(-9, 9)),
    of_track("lfo", st.sampled_from(("", "pan", "gain"))),
    st.tuples(st.just("/pattern/lfo"), st.integers(1, 2), st.sampled_from(("", "acid cutoff", "delay feedback"))),
    st.tuples(st.sampled_from(("/mod/lfo1/depth", "/mod/lfo2/phase", "/mod/kick/lfo_depth")), SHARES),
    st.tuples(st.just("/pattern/scale"), st.sampled_from(("minor", "blues"))),
    st.tuples(st.just("/pattern/seed"), st.integers(0, 9)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(COMMANDS, min_size=1, max_size=8))
def test_edits_of_steps_and_lfos_are_undone_and_redone_to_the_very_pattern(desk: Desk, commands: list[tuple[Any, ...]]):
    patterns = [desk.session.pattern]
    for address, *arguments in commands:
        desk.now_s += 10.0  # long enough that no two are one step of undo
        desk.do(address, *arguments)
        if desk.session.pattern != patterns[-1]:
            patterns.append(desk.session.pattern)
        assert decode_pattern(encode_pattern(patterns[-1]), "p.json") == patterns[-1]
    for before in reversed(patterns[:-1]):
        desk.do("/pattern/undo")
        assert desk.session.pattern == before
    for after in patterns[1:]:
        desk.do("/pattern/redo")
        assert desk.session.pattern == after
