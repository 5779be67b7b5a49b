"""`chronus replay`: makes a take again from its performance, and tells whether it is the same.

The same is: to the bit, but for takes of 16 bits, whose dither is by chance: there no further away than rounding and
dither can take it. What a format with losses left out cannot be compared: there digests tell whether it is the sound
that was captured, and the very file that was made of it; or else it is what the sound becomes again.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chronus_tui.engine.kernel_cache import sound_name
from chronus_tui.engine.replay.encoded import compare_encoded, prove_encoded
from chronus_tui.engine.replay.made import Again, Made, MadeTap, OtherSeam
from chronus_tui.errors import ChronusError
from store.codec import decode_take
from store.documents import Take
from store.files import read_file
from store.project import read_project
from store.takes.encoding import encode
from store.takes.files import NOTE_ENDING, WAV_ENDING, coding_of
from store.takes.formats import FORMATS, TakeFormat
from store.takes.performance import ENDING, Performance, read_performance
from store.takes.tags import Tags

SAME, OTHER = 0, 1


def replay(project: Path, arguments: argparse.Namespace) -> int:
    """Make the take `arguments.take` again; 0 where it is the same, 1 where it is not. Raises ChronusError."""
    began_s = time.monotonic()
    folder, take = _find(project, arguments.take)
    performance = read_performance(folder / f"{take.name}{ENDING}")
    out: Path | None = arguments.out
    lossless = FORMATS[coding_of(take)].lossless
    wanted = _format_of(out, take)
    targets = _targets(out, take, wanted)
    with tempfile.TemporaryDirectory(prefix="chronus-replay-") as temp, _folder(out if len(take.taps) > 1 else None):
        # Who encodes reads a file, and so does who compares what has losses.
        by_way = wanted.container if targets else not lossless
        wavs = [Path(temp) / f"{number}{WAV_ENDING}" for number in range(len(take.taps))] if by_way else targets
        made = Again(project, folder, take, performance).make(wavs, wanted.bits)
        proved_by = "samples"
        if not lossless:
            proved_by = "digests"
            for tap, wav in zip(made.taps, wavs, strict=True):
                if not prove_encoded(tap, wav, folder, take):
                    proved_by = "encoding"
                    compare_encoded(tap, wav, folder, take, Path(temp))
        if targets and by_way:
            for wav, target in zip(wavs, targets, strict=True):
                encode(wav, target, wanted, Tags({"title": take.name}), lambda share: None)
    return _tell(arguments, take, performance, made, proved_by, targets, time.monotonic() - began_s)


def _find(project: Path, named: str) -> tuple[Path, Take]:
    """The folder and the note of a take that is called by its name, or by the path of its sound or its note, with its
    ending or without."""
    path = Path(named)
    recordings = read_project(project).recording.folder if (project / "project.json").exists() else ""
    name = path.stem if path.is_file() else path.name
    folders = [project / "recordings", *([Path(recordings)] if recordings else [])]
    if len(path.parts) > 1 or path.exists():
        folders = [path.parent]
    for folder in folders:
        note = folder / f"{name}{NOTE_ENDING}"
        if note.is_file():
            return folder, replace(decode_take(read_file(note), str(note)), name=name)
    raise ChronusError(f"There is no take {named!r}; its note, {name}{NOTE_ENDING}, is to lie beside it.")


def _format_of(out: Path | None, take: Take) -> TakeFormat:
    """What is to be made: as the ending says, and of several taps, or where nothing is to be written, as the take is,
    or was captured if that has losses."""
    own = FORMATS[coding_of(take)]
    if out is None or len(take.taps) > 1:
        return own if own.lossless else FORMATS[own.captured]
    fitting = [each for each in FORMATS.values() if each.ending == out.suffix.lower()]
    if not fitting:
        endings = ", ".join(dict.fromkeys(each.ending for each in FORMATS.values()))
        raise ChronusError(f"{out.name} has no ending of a format that can be written; there are {endings}.")
    return own if own in fitting else FORMATS[f"wav{take.bits}"] if out.suffix.lower() == WAV_ENDING else fitting[0]


def _targets(out: Path | None, take: Take, wanted: TakeFormat) -> list[Path]:
    """The files to be written, one a tap, or none. Raises ChronusError where they cannot be."""
    if out is None:
        return []
    if out.exists():
        raise ChronusError(f"{out} is there already; nothing is overwritten.")
    if not out.parent.is_dir():
        raise ChronusError(f"There is no folder {out.parent}; make it first.")
    return [out] if len(take.taps) == 1 else [out / f"{tap}{wanted.ending}" for tap in take.taps]


@contextmanager
def _folder(path: Path | None) -> Iterator[None]:
    """A new folder for what is made, where one is wanted; none is left where nothing could be made."""
    if path is None:
        yield
        return
    path.mkdir()
    try:
        yield
    except BaseException:
        with suppress(OSError):  # what was made before stays
            path.rmdir()
        raise


def _tell(
    arguments: argparse.Namespace,
    take: Take,
    performance: Performance,
    made: Made,
    proved_by: str,
    targets: list[Path],
    took_s: float,
) -> int:
    seconds = take.frames / take.rate
    parted = [tap for tap in made.taps if tap.parts_at is not None]
    compared = min(tap.compared for tap in made.taps)
    same = not parted and not made.other_seams and compared >= take.frames
    told: dict[str, Any] = {
        "take": take.name,
        "seconds": seconds,
        "took_s": took_s,
        "compared_frames": compared,
        "same": same,
        "proved_by": proved_by,
        "files": [str(target) for target in targets],
        "parted": {tap.name: tap.parts_at for tap in parted},
        "other_seams": [{"frame": seam.frame, "what": seam.what} for seam in made.other_seams],
    }
    if arguments.json:
        print(json.dumps(told))
    else:
        print(
            f"{take.name}: {seconds:.1f} s made again in {took_s:.1f} s, {seconds / max(took_s, 1e-9):.0f} times "
            "as fast."
        )
        print(_verdict(take, performance, parted, made.other_seams, compared, proved_by))
    return SAME if same else OTHER


def _verdict(
    take: Take, performance: Performance, parted: list[MadeTap], seams: list[OtherSeam], compared: int, proved_by: str
) -> str:
    own = FORMATS[coding_of(take)]
    if parted or seams:
        why = "" if performance.sound == sound_name() else " It was made by another version of the sound."
        if parted and not why and not own.lossless:
            why = f" Its {own.name} was perhaps made by another version of the encoder, which was not compared."
        if parted:
            at = (parted[0].parts_at or 0) / take.rate
            return f"It differs from the take: {parted[0].name} from {at:.3f} s on.{why}"
        at, what = seams[0].frame / take.rate, seams[0].what
        return f"It differs from the take: what sounded at {at:.3f} s does not follow from before it ({what}).{why}"
    if compared < take.frames:
        return f"The take holds {compared} of its {take.frames} frames; as far as they go, it is the same."
    if proved_by == "digests":
        return f"It is the sound that was captured, to the bit, and the take is the very {own.name} made of that."
    if not own.lossless:
        why = "was touched since it was made" if take.proofs else "was made before takes kept digests"
        return f"It becomes the same {own.name} as the take, to the bit; the take {why}, so it was encoded again."
    if take.bits == 16:
        return "It is the same as the take, but for the dither of its 16 bits."
    return f"It is the same as the take, to the bit{'' if take.bits == 32 else f' of its {take.bits}'}."
