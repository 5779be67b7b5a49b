"""The chorus: voices that come late as they should, bend no further than they may, and stand where they are put."""

import numpy as np
import pytest
from bench_effect import impulse, make_chorus, noise, silence, tone
from bench_voice import RATE

from dsp.sizes import QUANTUM


def test_the_voices_come_late_by_their_times_where_nothing_swings() -> None:
    left, right = np.abs(make_chorus(depth=0).play(impulse(0.1)))
    for side, times in ((left, (0.0117, 0.0173)), (right, (0.0131, 0.0159))):
        for seconds in times:
            frame = seconds * RATE
            assert side[int(frame) - 1 : int(frame) + 3].max() > 0.3
        assert np.flatnonzero(side > 1e-6)[0] >= int(times[0] * RATE) - 1


@pytest.mark.parametrize("rate_hz", [0.1, 1.0, 8.0])
def test_no_voice_bends_by_more_than_a_third_of_a_semitone(rate_hz: float) -> None:
    unit = make_chorus(depth=1, rate=rate_hz)
    places = []
    for _ in range(RATE // QUANTUM):
        unit.play(np.full((2, QUANTUM), 0.1, np.float32))
        places.append(unit.memory["late"].copy())
    bends = np.abs(np.diff(places, axis=0)) / QUANTUM
    assert bends.max() < 0.0201
    assert bends.max() > 0.002


def test_without_width_it_is_in_the_middle() -> None:
    out = make_chorus(width=0).play(noise(0.3))
    assert np.allclose(out[0], out[1], atol=1e-6)
    wide = make_chorus(width=1).play(noise(0.3))
    assert abs(np.corrcoef(wide)[0, 1]) < 0.3


def test_it_rests_once_its_lines_are_empty() -> None:
    unit = make_chorus()
    unit.play(tone(0.1, 300))
    unit.play(silence(0.2))
    head = int(unit.memory["head"])
    assert not unit.play(silence(0.1)).any()
    assert unit.memory["head"] == head
    assert unit.play(noise(0.1)).any()
