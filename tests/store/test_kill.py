"""Processes that are killed while they write: what they leave plays, loads, and loses nothing."""

import random
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import recorder
import soundfile
from tracing import REFUSALS, kills, refusals
from wav_readers import assert_all_read, read

from store.codec import encode_pattern
from store.documents import Pattern
from store.project import open_project
from store.slots.changes import SlotChanges
from store.slots.slots import SlotStore
from store.takes.repair import repair_unfinished

pytestmark = pytest.mark.real

RATE = 48_000
OLD, NEW = Pattern(name="old"), Pattern(name="new")


def save(project: Path) -> None:
    changes = SlotChanges(project, SlotStore(project))
    changes.make({(1, 9): NEW})
    (project / "made").touch()
    changes.settle()


def test_a_save_killed_at_any_system_call_leaves_the_old_or_the_new_and_never_loses_the_old(project: Path) -> None:
    open_project(project)
    slots = SlotStore(project)
    found = []
    for _ in kills(partial(save, project), lambda: slots.write(1, 9, OLD)):
        there = slots.read(1, 9)
        assert there in (OLD, NEW)
        open_project(project)
        SlotChanges(project, slots).finish()
        assert list((project / "patterns" / "temp").iterdir()) == []
        found.append(slots.read(1, 9))
        assert found[-1] in (there, NEW), "what was written down is carried out, and nothing is taken back"
        assert found[-1] == OLD or encode_pattern(OLD) in [path.read_bytes() for path in slots.backups(1, 9)]
    assert OLD in found
    assert NEW in found
    assert len(found) >= 12


@pytest.mark.parametrize("error", REFUSALS)
def test_a_save_that_is_refused_at_any_system_call_is_told_and_leaves_the_old_or_was_made(
    project: Path, error: str
) -> None:
    open_project(project)
    slots = SlotStore(project)

    def begin() -> None:
        slots.write(1, 9, OLD)
        (project / "made").unlink(missing_ok=True)

    made = []
    for ran in refusals(partial(save, project), error, begin):
        made.append((project / "made").exists())
        assert made[-1] or "StoreError" in ran.stderr or "DiskFull" in ran.stderr
        open_project(project)
        SlotChanges(project, slots).finish()
        assert slots.read(1, 9) == (NEW if made[-1] else OLD)
    assert len(made) >= 12
    assert made.count(False) >= 2


@pytest.mark.parametrize(("seed", "bits"), [(1, 24), (2, 24), (3, 16), (4, 32), (5, 24), (6, 24)])
def test_a_take_whose_recorder_is_killed_plays_and_is_repaired(project: Path, seed: int, bits: int) -> None:
    open_project(project)
    process = recorder.started(project, seed, bits)
    assert process.stdout is not None
    for _ in range(random.Random(seed).randint(1, 120)):
        written = int(process.stdout.readline())
    process.kill()
    written = int((process.communicate()[0].split() or [str(written)])[-1])

    path = project / "recordings" / "jam.wav"
    told = soundfile.info(str(path)).frames
    assert told > written - RATE // 2
    assert_all_read(path, told)
    _assert_ramp(path, told, bits)

    problems: list[Exception] = []
    assert repair_unfinished(project / "recordings", project / "patterns" / "temp", problems.append) == ["jam"]
    assert problems == []
    repaired = soundfile.info(str(path)).frames
    assert repaired >= written
    assert_all_read(path, repaired)
    _assert_ramp(path, repaired, bits)


def test_a_take_killed_between_its_audio_and_its_header_plays(project: Path) -> None:
    recording = partial(recorder.record, project, 1, 24, least=60_000)
    path = project / "recordings" / "jam.wav"
    header_is_there = False  # the very first write is the header's
    for _ in kills(recording, lambda: shutil.rmtree(project, ignore_errors=True), ("write",)):
        if header_is_there:
            told = soundfile.info(str(path)).frames
            assert_all_read(path, told)
            _assert_ramp(path, told, 24)
        header_is_there = True


def _assert_ramp(path: Path, frames: int, bits: int) -> None:
    error = np.abs(read(path) - recorder.ramp(0, frames)).max(initial=0)
    assert error <= (1.5 / 2**15 if bits == 16 else 0.5 / 2**23)
