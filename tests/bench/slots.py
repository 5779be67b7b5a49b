"""How long a slot takes to save and to load, and what a full bank weighs."""

import os
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
from blocks import full_pattern
from msgspec.structs import replace
from playing import RATE, Playing, playing

from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.player import Pool
from chronus_tui.engine.slots.bank import Bank, read_bank
from dsp.pattern import PATTERN
from dsp.sizes import POOL
from store.codec import encode_pattern
from store.documents import Pattern
from store.limits import BANKS, SLOTS
from store.moments import Moment
from store.project import open_project
from store.slots.changes import Contents, SlotChanges
from store.slots.slots import SlotStore
from store.wav.writer import WavWriter

TIMES = 500
SWITCHES = 20


def figures() -> Iterator[str]:
    """Milliseconds, and megabytes."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # on the disk, not in memory
        project = Path(folder)
        open_project(project)
        store = SlotStore(project)
        pattern = full_pattern()
        yield from _saves(project, pattern, "")
        with _recording(project / "take.wav"):
            yield from _saves(project, pattern, ", beside a running recording")
        for slot in range(1, SLOTS + 1):
            text = encode_pattern(replace(pattern, name=f"slot {slot}"))
            for number in range(1, BANKS + 1):
                path = store.path(number, slot)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        play = playing(pattern)
        tracemalloc.start()
        held = Bank(play.player.pool, store, 2)
        held_bytes = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        for slot in range(1, SLOTS + 1):
            held.remove(slot)
        began = time.perf_counter()
        bank = Bank(play.player.pool, store, 1)
        took_ms = (time.perf_counter() - began) * 1e3
        yield f"open a project of {BANKS} full banks, of which one is at hand: {took_ms:.0f} ms"
        yield f"a full bank in memory, as documents and compiled: {held_bytes / 1e6:.1f} MB"
        read, taken_up = _switch(store, bank, play.player.clips.numbers)
        yield _line("switch to another full bank, beside what plays", read)
        yield _line("switch to another full bank, its moment on the control thread", taken_up)
        yield _line("read and compile a slot", [_load(store, play.player.pool) for _ in range(TIMES)])
    play.make(256)
    play.hear()
    yield _line("load a slot of the bank to its swap", [_ask(play, bank, 1 + n % SLOTS) for n in range(TIMES)])
    yield f"the pool, with room for edits: {POOL * PATTERN.itemsize / 1e6:.1f} MB"


def _saves(project: Path, pattern: Pattern, beside: str) -> Iterator[str]:
    """Saves, and what the disk itself takes for the least of each way to save, in turn: what else the machine does
    meets all of them alike."""
    one_new, all_new, settled, overwritten, replaced = [], [], [], [], []
    changes = SlotChanges(project, SlotStore(project))
    for number in range(TIMES):
        took, then = _save(changes, pattern, number, edited_tracks=1)
        one_new.append(took)
        settled.append(then)
        all_new.append(_save(changes, pattern, number, edited_tracks=16)[0])
        overwritten.append(_overwrite(project, pattern))
        replaced.append(_replace(project, pattern))
    certain, answered = ([pair[end] for pair in one_new] for end in (0, 1))
    yield _line(f"a save after an edit, until nothing can lose it{beside}", certain)
    yield _line(f"a save after an edit, until its file has its name, and the answer{beside}", answered)
    yield _line(f"a save of what was never saved, until its answer{beside}", [pair[1] for pair in all_new])
    yield _line(f"what is done after the answer{beside}", settled)
    yield _line(f"the disk alone: overwrite a file, fdatasync{beside}", overwritten)
    yield _line(f"the disk alone: write a file, fsync, rename, sync the folder{beside}", replaced)


def _save(changes: SlotChanges, pattern: Pattern, number: int, edited_tracks: int) -> tuple[tuple[float, float], float]:
    """How long it takes until it is certain and until it is answered, and what is done then; some tracks are new."""
    new = tuple(replace(track, gain_db=-number / 100) for track in pattern.tracks[:edited_tracks])
    edited = replace(pattern, tracks=(*new, *pattern.tracks[edited_tracks:]))
    certain, plan = [], changes.plan

    def timed(contents: Contents) -> None:
        plan(contents)
        certain.append(time.perf_counter())

    with patch.object(changes, "plan", timed):
        began = time.perf_counter()
        changes.make({(1, 1): edited})
    answered = time.perf_counter()
    changes.settle()
    return (certain[0] - began, answered - began), time.perf_counter() - answered


def _overwrite(folder: Path, pattern: Pattern) -> float:
    """What is the least that a save must do which overwrites a file."""
    text, path = encode_pattern(pattern), folder / "overwritten"
    if not path.exists():
        path.write_bytes(bytes(2**18))
    began = time.perf_counter()
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, text)
    os.fdatasync(descriptor)
    os.close(descriptor)
    return time.perf_counter() - began


def _replace(folder: Path, pattern: Pattern) -> float:
    """What is the least that a save must do which replaces a file."""
    text, new, old = encode_pattern(pattern), folder / "bare.new", folder / "bare"
    began = time.perf_counter()
    with new.open("wb", buffering=0) as file:
        file.write(text)
        os.fsync(file.fileno())
    new.replace(old)
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return time.perf_counter() - began


@contextmanager
def _recording(path: Path) -> Iterator[None]:
    """A take that is written meanwhile, as fast as it is played."""
    ended = threading.Event()
    piece = np.random.default_rng(1).uniform(-0.5, 0.5, (RATE // 10, 2)).astype(np.float32)

    def record() -> None:
        with WavWriter(path, RATE, 2) as wav:
            while not ended.wait(0.1):
                wav.write(piece)

    recorder = threading.Thread(target=record)
    recorder.start()
    try:
        yield
    finally:
        ended.set()
        recorder.join()


def _switch(store: SlotStore, bank: Bank, clips: ClipNumbers) -> tuple[list[float], list[float]]:
    read, taken_up = [], []
    for turn in range(SWITCHES):
        began = time.perf_counter()
        contents = read_bank(store, 2 - turn % 2, clips)
        ready = time.perf_counter()
        bank.take_up(contents)
        read.append(ready - began)
        taken_up.append(time.perf_counter() - ready)
    return read, taken_up


def _load(store: SlotStore, pool: Pool) -> float:
    began = time.perf_counter()
    entry, _ = pool.compile(store.read(1, 5))
    took = time.perf_counter() - began
    pool.release(entry)
    return took


def _ask(play: Playing, bank: Bank, slot: int) -> float:
    pattern = bank.require(slot)
    began = time.perf_counter()
    play.session.load(Moment(pattern, slot, pattern), bank.entry(slot), "immediate")
    took = time.perf_counter() - began
    play.make(64)
    play.hear()
    return took


def _line(name: str, seconds: list[float]) -> str:
    p50, p99 = np.percentile(seconds, [50, 99]) * 1e3
    return f"{name}: p50 {p50:.2f}  p99 {p99:.2f}  max {max(seconds) * 1e3:.2f} ms"
