"""Recording: all stems for a long time on a clock that runs fast, how fast takes are encoded, and made again."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import soundfile
from desk import Desk
from playing import RATE, pattern, track

from chronus_tui.engine.factory import factory_library
from store.codec import decode_pattern
from store.documents import Pattern
from store.takes.encoding import encode
from store.takes.formats import FORMATS
from store.takes.tags import Tags
from store.wav.writer import WavWriter

MINUTES = 5
HOUR_MINUTES = 60
FILLED_MINUTES = 3
"""What was heard is in memory by then as far back as it goes."""
BLOCK = 4800
TAPS = "master dry stems"
NOISE_SEED = 1
FACTORY_EVERY = 4
"""Of the factory's patterns, every fourth is replayed."""


def figures() -> Iterator[str]:
    """Stems, then encoding, then replay."""
    yield from stems(MINUTES)
    yield from encoding()
    for taps in ("master", "master stems"):
        yield from replays(taps=taps)


def hour() -> Iterator[str]:
    """An hour of stems: it takes minutes, and brings 15 GB to the disk, of which half a GB is there at a time."""
    yield from stems(HOUR_MINUTES)


def stems(minutes: int) -> Iterator[str]:
    """Record 22 files of 16 bits, of which 16 are tracks and 3 come back from effects, for so long, as fast as it
    goes. Parts that are finished are removed; what of memory is in use is looked at once a minute of sound."""
    folder = Path(tempfile.mkdtemp())
    tracks = [track("x...x.x.", name, name=f"{name} {place}") for place in range(8) for name in ("hat", "kick")]
    desk = Desk(folder, pattern(*tracks, bpm=130), recorder_by_hand=True)
    try:
        desk.do("/record/taps", TAPS)
        desk.do("/record/split", 60)
        desk.do("/transport/play")
        desk.do("/record/start", "long", "wav16")
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        in_use: list[float] = []
        for _ in range(minutes):
            for _ in range(60 * RATE // BLOCK):
                desk.turn(BLOCK)
            _forget_finished_parts(folder / "recordings" / "long")
            in_use.append(_memory_mb())
        took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
        status = desk.recorder.status()
        files = len({path.stem.rpartition("_")[0] for path in (folder / "recordings" / "long").iterdir()})
        filled = in_use[min(FILLED_MINUTES, minutes) - 1 :]
        yield (
            f"{files} files for {minutes} minutes in {took_s:.0f} s, {minutes * 60 / took_s:.1f} times real time, "
            f"{minutes * 60 / cpu_s:.1f} by the processor's time; {status.dropped + status.lost} frames lost"
        )
        yield (
            f"memory in use after {min(FILLED_MINUTES, minutes)} minutes {filled[0]:.0f} MB, in the end "
            f"{filled[-1]:.0f} MB, at most {max(filled):.0f} MB, at least {min(filled):.0f} MB"
        )
    finally:
        desk.recorder.close()
        shutil.rmtree(folder)


def encoding() -> Iterator[str]:
    """A minute of noise and tone in every format."""
    seconds = 60
    times = np.arange(seconds * RATE) / RATE
    noise = np.random.default_rng(NOISE_SEED).uniform(-0.1, 0.1, len(times))
    sound = np.stack([0.5 * np.sin(2763.0 * times) + noise, noise], axis=1).astype(np.float32)
    with tempfile.TemporaryDirectory() as name:
        wav = Path(name) / "minute.wav"
        with WavWriter(wav, RATE, 2, 24) as writer:
            writer.write(sound)
        for form in FORMATS.values():
            if not form.container or not soundfile.check_format(form.container, form.subtype):
                continue
            began_s, worked_s = time.perf_counter(), time.process_time()
            encode(wav, wav.with_suffix(form.ending), form, Tags(), lambda share: None)
            took_s, worked_s = time.perf_counter() - began_s, time.process_time() - worked_s
            yield (
                f"{form.name}, read back and compared: {seconds / took_s:.0f} times real time, "
                f"{seconds / worked_s:.0f} of a core's"
            )


def every_replay() -> Iterator[str]:
    """A minute of every pattern of the factory, the master alone and with all stems, and five minutes of some; and a
    minute of some with stems in every format."""
    for taps in ("master", "master stems"):
        yield from replays(1, taps=taps)
    yield from replays(FACTORY_EVERY, minutes=5)
    for form in FORMATS.values():
        if not form.container or soundfile.check_format(form.container, form.subtype):
            yield from replays(2 * FACTORY_EVERY, taps="master stems", form=form.name)


def replays(every: int = FACTORY_EVERY, minutes: int = 1, taps: str = "master", form: str = "wav24") -> Iterator[str]:
    """So many minutes of some patterns of the factory, made again by a process of its own, in times real time: that
    whole process by the clock; from the take to the verdict, as it tells itself; and the time of all cores."""
    columns = ("whole process", "take to verdict", "of a core's time")
    speeds: list[tuple[float, ...]] = []
    yield f"{f'replays, {minutes} min, {taps}, {form}':34}{''.join(f'{column:>18}' for column in columns)}"
    for path in sorted(factory_library().glob("*/*.json"))[::every]:
        with tempfile.TemporaryDirectory() as name:
            project, files = _record(Path(name), decode_pattern(path.read_bytes(), str(path)), minutes, taps, form)
            began_s, worked_s = time.perf_counter(), _children_s()
            made = subprocess.run(
                [sys.executable, "-m", "chronus_tui", "replay", "take", "--json", "--project", str(project)],
                capture_output=True,
                check=False,
            )
            took_s, worked_s = time.perf_counter() - began_s, _children_s() - worked_s
        told = json.loads(made.stdout)
        speeds.append(tuple(60 * minutes / seconds for seconds in (took_s, told["took_s"], worked_s)))
        same = "" if told["same"] else "   NOT the same"
        yield _row(f"{path.stem}, {files} files" if files > 1 else path.stem, speeds[-1]) + same
    yield _row("the slowest", [min(speed) for speed in zip(*speeds, strict=True)])
    yield _row("the middle", [median(speed) for speed in zip(*speeds, strict=True)])


def _row(name: str, speeds: Iterable[float]) -> str:
    return f"  {name:32}{''.join(f'{speed:18.0f}' for speed in speeds)}"


def _record(folder: Path, pattern: Pattern, minutes: int, taps: str, form: str) -> tuple[Path, int]:
    """The project in which so many minutes of a pattern lie as a take, `take`, and how many files that has."""
    desk = Desk(folder, pattern, recorder_by_hand=True)
    desk.do("/record/taps", taps)
    desk.do("/transport/play")
    desk.do("/record/start", "take", form)
    for _ in range(60 * minutes * RATE // BLOCK):
        desk.turn(BLOCK)
    desk.do("/record/stop")
    desk.recorder.encoder.finish()
    desk.recorder.close()
    take = desk.project / "recordings" / "take"
    return desk.project, len(list(take.iterdir())) if take.is_dir() else 1


def _children_s() -> float:
    """Seconds that processes which were started here, and have ended, have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _forget_finished_parts(folder: Path) -> None:
    """Make room: of each tap the newest part is enough."""
    parts = sorted(folder.iterdir())
    for path, after in pairwise(parts):
        if path.stem.rpartition("_")[0] == after.stem.rpartition("_")[0]:
            path.unlink()


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
