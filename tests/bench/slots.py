"""How long a slot takes to save and to load, and what a full bank weighs."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from blocks import full_pattern
from msgspec.structs import replace
from playing import Playing, playing

from chronus_tui.engine.bank import Bank, read_bank
from chronus_tui.engine.clips import ClipNumbers
from chronus_tui.engine.player import Pool
from chronus_tui.engine.session import Moment
from dsp.state import PATTERN, POOL
from store.documents import SLOTS, Pattern
from store.slots import SlotStore

TIMES = 500
SWITCHES = 20


def figures() -> Iterator[str]:
    """Milliseconds, and megabytes."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # on the disk, not in memory
        store = SlotStore(Path(folder))
        pattern = full_pattern()
        yield _line(
            "save with fsync and backup", [_save(store, replace(pattern, bpm=n)) for n in range(60, 60 + TIMES)]
        )
        for slot in range(1, SLOTS + 1):
            for number in (1, 2):
                store.write(number, slot, replace(pattern, name=f"slot {slot}"))
        play = playing(pattern)
        began = time.perf_counter()
        bank = Bank(play.player.pool, store, 1)
        yield f"open a full bank: {(time.perf_counter() - began) * 1e3:.0f} ms"
        read, taken_up = _switch(store, bank, play.player.clips.numbers)
        yield _line("switch to another full bank, beside what plays", read)
        yield _line("switch to another full bank, its moment on the control thread", taken_up)
        yield _line("read and compile a slot", [_load(store, play.player.pool) for _ in range(TIMES)])
    play.make(256)
    play.hear()
    yield _line("load a slot of the bank to its swap", [_ask(play, bank, 1 + n % SLOTS) for n in range(TIMES)])
    yield f"a full bank, compiled: {SLOTS * PATTERN.itemsize / 1e6:.1f} MB"
    yield f"the pool, with room for edits: {POOL * PATTERN.itemsize / 1e6:.1f} MB"


def _save(store: SlotStore, pattern: Pattern) -> float:
    began = time.perf_counter()
    store.write(1, 1, pattern)
    return time.perf_counter() - began


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
