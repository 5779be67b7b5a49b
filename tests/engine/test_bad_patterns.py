"""A pattern's file that holds what cannot be played as written: it is kept, told with its path, and the rest plays."""

import json
from pathlib import Path

import numpy as np
from desk import Desk
from msgspec.structs import replace
from playing import LOOK_AHEAD, pattern, playing, track

from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.compile.patterns import Compiler, compile_pattern
from dsp.pattern import PATTERN
from store.codec import decode_pattern, encode_pattern
from store.documents import Lfo, Step

STRANGE = pattern(
    track("x...", "kick", parameters={"decay": 1e9, "wobble": 3}, gain_db=99.0, sends={"tardis": 1.0}),
    track("x...", "theremin", name="ghost", parameters={"antenna": 0.5}),
    replace(
        track("x...", "snare", lfo=Lfo(shape="zigzag", rate_hz=1e6, depth=1.0, target="wobble")),
        steps=(
            Step(on=True, velocity=7, probability=2, micro=3, ratchet=99, condition="on sundays", locks={"x": 1}),
            *[Step()] * 3,
        ),
    ),
    bpm=999,
    swing=3,
    scale="blue cheese",
    root=99,
    lfos=(Lfo(target="ghost antenna"), Lfo(target="nobody cutoff")),
    effects={"flanger": {"depth": 1}, "delay": {"feedback": 9, "wobble": 1}},
)
TOLD = (
    "decay of track kick is 1e+09; it goes from 0.05 to 4 s",
    "There is no parameter 'wobble' on track kick",
    "gain of track kick is 99; it goes from -60 to 12 dB",
    "There is no send 'tardis' on track kick",
    "there is no instrument 'theremin'",
    "velocity of step 1 of track snare is 7; it goes from 0 to 1",
    "probability of step 1 of track snare is 2",
    "micro of step 1 of track snare is 3; it goes from -0.5 to 0.5",
    "ratchet of step 1 of track snare is 99; it goes from 1 to 8",
    "there is no condition 'on sundays'",
    "locks 'x'",
    "the LFO of track snare moves nothing: there is no 'wobble'",
    "bpm of the pattern is 999; it goes from 20 to 300",
    "swing of the pattern is 3",
    "There is no scale 'blue cheese'",
    "lfo1 moves nothing: there is no 'ghost antenna'",
    "lfo2 moves nothing: there is no 'nobody cutoff'",
    "There is no effect 'flanger'",
    "feedback of effect delay is 9",
    "There is no parameter 'wobble' on effect delay",
)


def test_all_that_cannot_be_played_as_written_is_told_in_sentences():
    _, problems = compile_pattern(STRANGE)
    for sentence in TOLD:
        assert sum(sentence in problem for problem in problems) == 1, sentence
    assert all(problem.endswith(".") for problem in problems)
    assert len(problems) == len(TOLD)


def test_a_pattern_is_compiled_alike_wherever_it_is_put():
    """Else a replay, which puts patterns into places of its own, would join waves that never broke."""
    compiler = Compiler(ClipNumbers())
    fresh, used = np.zeros(1, PATTERN), np.zeros(1, PATTERN)
    used.view(np.uint8).fill(0x55)
    for played in (STRANGE, pattern(track("x...", "acid", lfo=Lfo(target="cutoff", depth=0.2))), pattern()):
        compiler.compile(played, fresh[0])
        compiler.compile(played, used[0])
        assert np.array_equal(fresh, used)


def test_what_is_strange_survives_a_rewrite_and_the_rest_plays():
    assert decode_pattern(encode_pattern(STRANGE), "p.json") == STRANGE
    sound = playing(STRANGE).make(8192)
    assert np.isfinite(sound).all()
    assert np.abs(sound[: LOOK_AHEAD + 4000]).max() > 0.01


def test_a_load_tells_the_file_and_what_in_it_is_played_otherwise(tmp_path: Path, desk: Desk):
    desk.do("/pattern/save", 4)
    path = desk.slots.path(1, 4)
    raw = json.loads(path.read_bytes())
    raw["tracks"][0]["parameters"] = {"tune": 1e9}
    path.write_bytes(json.dumps(raw).encode())
    again = Desk(tmp_path, desk.first)
    again.do("/pattern/load", 4)
    told = [happening.arguments[0] for happening in again.happened if happening.address == "/event/failed"]
    assert told == [
        "patterns/slots/bank_01/slot_004.json: tune of track kick is 1e+09; it goes from 30 to 120 Hz, "
        "and plays at the nearest."
    ]
    assert again.session.problems[0].startswith("tune of track kick")
    assert again.session.pattern.tracks[0].parameters == {"tune": 1e9}
    again.do("/mod/kick/tune", 60)
    assert again.session.problems == []
    again.recorder.close()
