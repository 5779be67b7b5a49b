"""How long a slot takes to save and to load, and what a full bank weighs."""

import os
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from blocks import full_pattern
from msgspec.structs import replace
from playing import RATE, Playing, playing

from chronus_tui.engine.bank import Bank, read_bank
from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.player import Pool
from chronus_tui.engine.session import Moment
from dsp.state import PATTERN, POOL
from store.codec import encode_pattern
from store.documents import BANKS, SLOTS, Pattern
from store.slots import SlotStore
from store.wav import WavWriter

TIMES = 500
SWITCHES = 20


def figures() -> Iterator[str]:
    """Milliseconds, and megabytes."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # on the disk, not in memory
        store = SlotStore(Path(folder))
        pattern = full_pattern()
        yield _line("the disk alone: write, fsync, rename, sync the folder", [*_bare(Path(folder), pattern)])
        yield _line("save with fsync and backup, after an edit", [*_saves(store, pattern, edited_tracks=1)])
        yield _line("save with fsync and backup, of what was never saved", [*_saves(store, pattern, edited_tracks=16)])
        with _recording(Path(folder) / "take.wav"):
            yield _line("the same after an edit, beside a running recording", [*_saves(store, pattern, 1)])
            yield _line("the disk alone, beside a running recording", [*_bare(Path(folder), pattern)])
        for slot in range(1, SLOTS + 1):
            text = encode_pattern(replace(pattern, name=f"slot {slot}"))
            for number in range(1, BANKS + 1):
                path = store.path(number, slot)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
        play = playing(pattern)
        tracemalloc.start()
        held = Bank(play.player.pool, store, 2)
        documents = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        for slot in range(1, SLOTS + 1):
            held.remove(slot)
        began = time.perf_counter()
        bank = Bank(play.player.pool, store, 1)
        took_ms = (time.perf_counter() - began) * 1e3
        yield f"open a project of {BANKS} full banks, of which one is at hand: {took_ms:.0f} ms"
        yield f"a full bank in memory: {(documents + SLOTS * PATTERN.itemsize) / 1e6:.1f} MB"
        read, taken_up = _switch(store, bank, play.player.clips.numbers)
        yield _line("switch to another full bank, beside what plays", read)
        yield _line("switch to another full bank, its moment on the control thread", taken_up)
        yield _line("read and compile a slot", [_load(store, play.player.pool) for _ in range(TIMES)])
    play.make(256)
    play.hear()
    yield _line("load a slot of the bank to its swap", [_ask(play, bank, 1 + n % SLOTS) for n in range(TIMES)])
    yield f"the pool, with room for edits: {POOL * PATTERN.itemsize / 1e6:.1f} MB"


def _saves(store: SlotStore, pattern: Pattern, edited_tracks: int) -> Iterator[float]:
    """Save again and again, some of the tracks being new each time."""
    for number in range(TIMES):
        new = tuple(replace(track, gain_db=-number / 100) for track in pattern.tracks[:edited_tracks])
        edited = replace(pattern, tracks=(*new, *pattern.tracks[edited_tracks:]))
        began = time.perf_counter()
        store.write(1, 1, edited)
        yield time.perf_counter() - began


def _bare(folder: Path, pattern: Pattern) -> Iterator[float]:
    """What the disk itself takes for what a save has to do at the least."""
    text, new, old = encode_pattern(pattern), folder / "bare.new", folder / "bare"
    for _ in range(TIMES):
        began = time.perf_counter()
        with new.open("wb", buffering=0) as file:
            file.write(text)
            os.fsync(file.fileno())
        new.replace(old)
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        yield time.perf_counter() - began


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
