"""The frames of a device's bursts become an even line."""

import random

import pytest
from playing import RATE

from chronus_tui.engine.timeline import Timeline

BLOCK = 1024


def looked_at(seconds: float, drift: float = 0.0) -> Timeline:
    timeline, chance = Timeline(RATE), random.Random(1)
    for look in range(int(seconds * 100)):
        now_s = look * 0.01 + chance.random() * 0.002
        made = int(now_s * RATE * (1 + drift)) // BLOCK * BLOCK
        timeline.look(made, 1000.0 + now_s)
    return timeline


def test_times_a_second_apart_are_a_second_of_frames_apart_from_the_start():
    for seconds in (0.5, 2.0, 20.0):
        timeline = looked_at(seconds)
        first, second = timeline.frame_at(1100.0), timeline.frame_at(1101.0)
        assert second - first == RATE


def test_the_line_lies_within_the_bursts():
    timeline = looked_at(5.0)
    assert abs(timeline.frame_at(1005.0) - 5 * RATE) < BLOCK


def test_a_device_that_runs_fast_is_followed():
    timeline = looked_at(60.0, drift=200e-6)
    assert abs(timeline.frame_at(1060.0) - 60 * RATE * (1 + 200e-6)) < BLOCK


def test_after_a_stall_the_line_begins_anew():
    timeline = looked_at(5.0)
    timeline.look(10 * RATE, 1005.01)
    assert timeline.frame_at(1005.01) == 10 * RATE


@pytest.mark.parametrize("set_by_s", [3600.0, -3600.0])
def test_where_the_clock_is_set_the_line_begins_anew(set_by_s: float):
    timeline = looked_at(5.0)
    timeline.look(5 * RATE, 1005.0 + set_by_s)
    assert timeline.frame_at(1006.0 + set_by_s) == 6 * RATE
