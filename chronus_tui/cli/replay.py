"""`chronus replay`: makes a take again from its performance, and tells whether it is the same.

The same is: to the bit, but for takes of 16 bits, whose dither is by chance: there no further away than rounding and
dither can take it. What a format with losses left out cannot be compared; so what was made is brought into that format
by the same encoder, and what both become again is compared, to the bit.

The sound is made on a thread of its own, while what was made before is compared and written.
"""

import argparse
import json
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from chronus_tui.engine.hand import Frames
from chronus_tui.engine.journal import NamedClip
from chronus_tui.engine.kernel_cache import sound_name
from chronus_tui.engine.recording.taps import row_of
from chronus_tui.engine.replay import replay_of
from chronus_tui.errors import ChronusError
from dsp.state import CLIP_FRAMES
from store.clips import read_clip
from store.codec import decode_take
from store.documents import Take
from store.encoding import encode
from store.files import read_file
from store.performance import ENDING, Performance, read_performance
from store.project import open_project
from store.sound_files import SoundFile
from store.take_files import NOTE_ENDING, WAV_ENDING, audio_files, coding_of
from store.take_formats import FORMATS, TakeFormat
from store.wav import WavWriter

SAME, OTHER = 0, 1
DITHER_STEPS = 1.51
"""How many steps of a 16-bit sample dither and rounding may take it away from what it was made of: one and a half, and
what the sum of both may be rounded by."""
_PIECE = 1 << 15
_AHEAD = 8
"""Pieces that may have been made and not been compared yet."""


@dataclass
class _Tap:
    """One file that is made, and what the take holds beside it."""

    name: str
    row: int | None
    out: WavWriter
    bits: int
    sound: Iterator[Frames]
    compared: int = 0
    parts_at: int | None = None
    _rest: Frames = field(default_factory=lambda: np.zeros((0, 2), np.float32))

    def take(self, made: Frames) -> None:
        """Write down what was made, and compare it with what the take holds there."""
        self.out.write(made)
        held = self._next(len(made))
        if self.parts_at is None and len(held):
            self.compare(held, made[: len(held)])
        self.compared += len(held)

    def compare(self, held: Frames, made: Frames) -> None:
        """See whether both are the same; they begin `compared` frames after the tap does."""
        if self.bits == 32:
            apart = held != made
        else:
            steps = 2.0 ** (self.bits - 1)
            whole = np.clip(made * np.float32(steps), -steps, steps - 1)
            within = DITHER_STEPS if self.bits == 16 else 0.0
            apart = np.abs(held * np.float32(steps) - (whole if within else np.rint(whole))) > within
        if apart.any():
            self.parts_at = self.compared + int(np.flatnonzero(apart.any(axis=1))[0])

    def _next(self, count: int) -> Frames:
        pieces, have = [self._rest], len(self._rest)
        while have < count and (piece := next(self.sound, None)) is not None:
            pieces.append(piece)
            have += len(piece)
        whole = np.concatenate(pieces)
        self._rest = whole[count:]
        return whole[:count]


def replay(project: Path, arguments: argparse.Namespace) -> int:
    """Make the take `arguments.take` again; 0 where it is the same, 1 where it is not. Raises ChronusError."""
    began_s = time.monotonic()
    folder, take = _find(project, arguments.take)
    performance = read_performance(folder / f"{take.name}{ENDING}")
    out: Path = arguments.out
    alone = len(take.taps) == 1
    wanted = _format_of(out, take, alone)
    with tempfile.TemporaryDirectory(prefix="chronus-replay-") as temp:
        targets = [out] if alone else [out / f"{tap}{wanted.ending}" for tap in take.taps]
        _refuse_to_overwrite(out, alone)
        wavs = [Path(temp) / f"{number}{WAV_ENDING}" for number in range(len(targets))] if wanted.container else targets
        taps = _make(project, folder, take, performance, wavs, wanted)
        if not FORMATS[coding_of(take)].lossless:
            for tap, wav in zip(taps, wavs, strict=True):
                _compare_encoded(tap, wav, folder, take, Path(temp))
        if wanted.container:
            for wav, target in zip(wavs, targets, strict=True):
                encode(wav, target, wanted, {"title": take.name}, lambda share: None)
    return _tell(arguments, take, performance, taps, targets, time.monotonic() - began_s)


def _find(project: Path, named: str) -> tuple[Path, Take]:
    """The folder and the note of a take that is called by its name, or by the path of its sound or its note."""
    path = Path(named)
    recordings = open_project(project).recording.folder if (project / "project.json").exists() else ""
    folders = [path.parent] if path.exists() else [project / "recordings", *([Path(recordings)] if recordings else [])]
    name = path.stem if path.is_file() else path.name
    for folder in folders:
        note = folder / f"{name}{NOTE_ENDING}"
        if note.is_file():
            return folder, replace(decode_take(read_file(note), str(note)), name=name)
    raise ChronusError(f"There is no take {named!r}; its note, {name}{NOTE_ENDING}, is to lie beside it.")


def _format_of(out: Path, take: Take, alone: bool) -> TakeFormat:
    """What is to be written: as the ending says, and in a folder as the take is."""
    own = FORMATS[coding_of(take)]
    if not alone:
        return own
    fitting = [each for each in FORMATS.values() if each.ending == out.suffix.lower()]
    if not fitting:
        endings = ", ".join(dict.fromkeys(each.ending for each in FORMATS.values()))
        raise ChronusError(f"{out.name} has no ending of a format that can be written; there are {endings}.")
    return own if own in fitting else FORMATS[f"wav{take.bits}"] if out.suffix.lower() == WAV_ENDING else fitting[0]


def _refuse_to_overwrite(out: Path, alone: bool) -> None:
    if out.exists():
        raise ChronusError(f"{out} is there already; nothing is overwritten.")
    if not out.parent.is_dir():
        raise ChronusError(f"There is no folder {out.parent}; make it first.")
    if not alone:
        out.mkdir()


def _make(
    project: Path, folder: Path, take: Take, performance: Performance, wavs: list[Path], wanted: TakeFormat
) -> list[_Tap]:
    """Make all of the take again, and compare it."""

    def clip(name: str) -> NamedClip:
        return NamedClip(name, read_clip(project, name, CLIP_FRAMES))

    again, lines = replay_of(performance, clip, folder)
    lossless = FORMATS[coding_of(take)].lossless
    taps = [
        _Tap(
            name,
            row_of(name),
            WavWriter(wav, take.rate, 2, wanted.bits, durable=not wanted.container),
            take.bits,
            _sound(folder, take, name) if lossless else iter(()),
        )
        for name, wav in zip(take.taps, wavs, strict=True)
    ]
    rows = [tap.row for tap in taps if tap.row is not None]
    dropped = [event for event in take.events if event.what == "dropped"]
    first, end = performance.first, performance.first + take.frames + take.dropped
    at = 0  # frames since the take began, those that were dropped as well
    gaps = _gaps([(event.frame, event.count) for event in dropped])
    for pieces in _ahead(again.play(lines, first, end, rows)):
        kept = _kept(gaps, at, len(pieces[0]))
        at += len(pieces[0])
        for tap in taps:
            made = pieces[0] if tap.row is None else pieces[1 + rows.index(tap.row)]
            tap.take(made if kept is None else made[kept])
    for tap in taps:
        tap.out.close()
    return taps


def _ahead(pieces: Iterator[list[Frames]]) -> Iterator[list[Frames]]:
    """The same, made on a thread of its own, a few of them in advance."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="replay") as thread:
        made = deque(thread.submit(next, pieces, None) for _ in range(_AHEAD))
        while (piece := made.popleft().result()) is not None:
            made.append(thread.submit(next, pieces, None))
            yield piece


def _gaps(dropped: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where frames are missing in a take, as it would be with them: begin and end of each stretch."""
    gaps, before = [], 0
    for frame, count in sorted(dropped):
        gaps.append((frame + before, frame + before + count))
        before += count
    return gaps


def _kept(gaps: list[tuple[int, int]], at: int, count: int) -> Any:
    """Which of `count` frames from `at` on the take holds, None for all."""
    inside = [(begin - at, end - at) for begin, end in gaps if begin < at + count and end > at]
    if not inside:
        return None
    kept = np.ones(count, bool)
    for begin, end in inside:
        kept[max(0, begin) : end] = False
    return kept


def _parts(folder: Path, take: Take, tap: str) -> list[Path]:
    return [path for name, _, path in audio_files(folder, take) if name == tap]


def _sound(folder: Path, take: Take, tap: str) -> Iterator[Frames]:
    """What the take holds of a tap, part by part."""
    for path in _parts(folder, take, tap):
        with SoundFile(path) as sound:
            yield from sound.pieces(_PIECE)


def _compare_encoded(tap: _Tap, wav: Path, folder: Path, take: Take, temp: Path) -> None:
    """Compare a tap of a take whose format has losses, part by part, with what `wav`, which was made of it now and is
    as the take was captured, becomes in that format."""
    own = FORMATS[coding_of(take)]
    part_wav, encoded = temp / f"part{WAV_ENDING}", temp / f"part{own.ending}"
    with SoundFile(wav) as made:
        for path in _parts(folder, take, tap.name):
            with SoundFile(path) as held:
                with WavWriter(part_wav, take.rate, 2, take.bits, durable=False) as out:
                    for piece in made.pieces(_PIECE, held.format.frames):
                        out.write(piece)
                encode(part_wav, encoded, own, {}, lambda share: None)
                with SoundFile(encoded) as again:
                    _compare_decoded(tap, held, again)
            part_wav.unlink()
            encoded.unlink()


def _compare_decoded(tap: _Tap, held: SoundFile, again: SoundFile) -> None:
    for theirs, ours in zip(held.pieces(_PIECE), again.pieces(_PIECE), strict=False):
        count = min(len(theirs), len(ours))
        apart = (theirs[:count] != ours[:count]).any(axis=1)
        if tap.parts_at is None and apart.any():
            tap.parts_at = tap.compared + int(np.flatnonzero(apart)[0])
        tap.compared += count


def _tell(
    arguments: argparse.Namespace,
    take: Take,
    performance: Performance,
    taps: list[_Tap],
    targets: list[Path],
    took_s: float,
) -> int:
    seconds = take.frames / take.rate
    parted = [tap for tap in taps if tap.parts_at is not None]
    compared = min(tap.compared for tap in taps)
    same = not parted and compared >= take.frames
    told: dict[str, Any] = {
        "take": take.name,
        "seconds": seconds,
        "took_s": took_s,
        "compared_frames": compared,
        "same": same,
        "files": [str(target) for target in targets],
        "parted": {tap.name: tap.parts_at for tap in parted},
    }
    if arguments.json:
        print(json.dumps(told))
    else:
        print(
            f"{take.name}: {seconds:.1f} s made again in {took_s:.1f} s, {seconds / max(took_s, 1e-9):.0f} times "
            "as fast."
        )
        print(_verdict(take, performance, parted, compared))
    return SAME if same else OTHER


def _verdict(take: Take, performance: Performance, parted: list[_Tap], compared: int) -> str:
    own = FORMATS[coding_of(take)]
    if parted:
        tap, at = parted[0].name, (parted[0].parts_at or 0) / take.rate
        why = "" if performance.sound == sound_name() else " It was made by another version of the sound."
        if not why and not own.lossless:
            why = f" Its {own.name} was perhaps made by another version of the encoder, which was not compared."
        return f"It differs from the take: {tap} from {at:.3f} s on.{why}"
    if compared < take.frames:
        return f"The take holds {compared} of its {take.frames} frames; as far as they go, it is the same."
    if not own.lossless:
        return f"It becomes the same {own.name} as the take, to the bit."
    if take.bits == 16:
        return "It is the same as the take, but for the dither of its 16 bits."
    return f"It is the same as the take, to the bit{'' if take.bits == 32 else f' of its {take.bits}'}."
