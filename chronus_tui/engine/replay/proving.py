"""A take proved by making it again: whether it is the same, and how that is known.

The same is: to the bit, but for takes of 16 bits, whose dither is by chance: there no further away than rounding and
dither can take it. What a format with losses left out cannot be compared: there digests tell whether it is the sound
that was captured, and the very file that was made of it; or else it is what the sound becomes again.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from chronus_tui.engine.kernel_cache import sound_name
from chronus_tui.engine.replay.digested import digests_of_files, prove_by_digests
from chronus_tui.engine.replay.made import Again, Made, MadeTap, OtherSeam, cores, nobody_asks
from chronus_tui.errors import ChronusError
from store.documents import Take
from store.errors import disk_failure
from store.takes.files import WAV_ENDING, audio_files, coding_of
from store.takes.formats import FORMATS, TakeFormat
from store.takes.performance import ENDING, Performance, read_performance
from store.takes.tags import Tags
from store.wav.stretches import WavOfStretches

ROOM_LEFT_BYTES = 1 << 30
"""What a replay leaves free of the disk that it uses for a while: a take may be recorded to the same one."""


ProvedBy = Literal["samples", "digests", "encoding"]


class Proof(msgspec.Struct, frozen=True):
    """What became of a take that was made again.

    verdict      "short" where the take holds fewer frames than it tells of, or its end cannot be made again, and it is
                 the same as far as that goes
    sentence     the same for people
    compared     frames of the tap of which the fewest were compared
    proved_by    "samples", "digests", or the "encoding" that was made again
    files        what was written
    parted       the taps that are another sound, and from which frame on
    other_seams  what does not follow from before it
    """

    verdict: Literal["same", "differs", "short"]
    sentence: str
    compared: int
    proved_by: ProvedBy
    files: list[str]
    parted: dict[str, int]
    other_seams: list[OtherSeam]


def prove(
    project: Path,
    folder: Path,
    take: Take,
    out: Path | None = None,
    threads: int = 0,
    progress: Callable[[int, int], None] = nobody_asks,
) -> Proof:
    """Make a take that lies in `folder` again, and compare.

    project   whose clips were played
    out       sound file to write as well; of several taps, a folder
    threads   at most, 0 for as many as there are cores
    progress  hears from any thread how many frames were made, of how many

    Raises ChronusError.
    """
    performance = read_performance(folder / f"{take.name}{ENDING}")
    own, wanted, known = FORMATS[coding_of(take)], _format_of(out, take), _known_part(take)
    whole = known.frames == take.frames
    if not whole and not own.lossless:
        raise ChronusError(f"{_unknown(take, known)} Of {own.name}, which has losses, no part can be compared.")
    targets = _targets(out, take, wanted)
    # What is proved to be the take's very file need not be encoded again.
    copied = wanted is own and not take.split
    proved_by: ProvedBy = "digests"
    with (
        tempfile.TemporaryDirectory(prefix="chronus-replay-") as temp,
        _folder(out if len(take.taps) > 1 else None),
        _encoding(take, targets, wanted) as encode,
    ):
        again, made = Again(project, folder, known, performance, progress), None
        wavs: list[Path] = []
        if take.proofs and not own.plain and whole:
            wavs = _wavs(Path(temp), take, wanted, targets, bool(targets) and not copied)
            with ThreadPoolExecutor(1, "digests") as beside:
                files = beside.submit(digests_of_files, folder, take)
                made = again.make(wavs, wanted.bits, threads, digests=True, begun=encode)
                made = made if prove_by_digests(made, files.result(), take) else None
        if made is None:  # samples alone tell what is another sound, and from where on
            copied, proved_by, were_made = False, "samples", wavs
            wavs = wavs or _wavs(Path(temp), take, wanted, targets, bool(targets) or not own.lossless)
            made = again.make([] if were_made else wavs, wanted.bits, threads, begun=encode)
            if not own.lossless:
                from chronus_tui.engine.replay.encoded import compare_encoded

                proved_by = "encoding"
                for tap, wav in zip(made.taps, wavs, strict=True):
                    compare_encoded(tap, wav, folder, take, Path(temp))
        if copied:
            _copy(folder, take, targets)
    compared = min(tap.compared for tap in made.taps)
    parted = {tap.name: tap.parts_at for tap in made.taps if tap.parts_at is not None}
    verdict: Literal["same", "differs", "short"] = "same" if compared >= take.frames else "short"
    return Proof(
        verdict="differs" if parted or made.other_seams else verdict,
        sentence=_sentence(take, known, performance, made, compared, proved_by),
        compared=compared,
        proved_by=proved_by,
        files=[str(target) for target in targets],
        parted=parted,
        other_seams=made.other_seams,
    )


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


def _wavs(temp: Path, take: Take, wanted: TakeFormat, targets: list[Path], by_way: bool) -> list[Path]:
    """Where what is made is written: the targets, or files in `temp` where they are needed by the way, or nowhere.
    Raises ChronusError where they would fill the disk."""
    if targets and not wanted.container:
        return targets
    if not by_way:
        return []
    needed = take.frames * take.channels * len(take.taps) * wanted.bits // 8
    free = shutil.disk_usage(temp).free
    if needed + ROOM_LEFT_BYTES > free:
        raise ChronusError(
            f"Take {take.name!r} needs {needed / 1e9:.1f} GB in {temp.parent} while it is made again, of which "
            f"{free / 1e9:.1f} GB are free; free some, or let TMPDIR name another disk."
        )
    return [temp / f"{number}{WAV_ENDING}" for number in range(len(take.taps))]


@contextmanager
def _encoding(
    take: Take, targets: list[Path], wanted: TakeFormat
) -> Iterator[Callable[[Sequence[WavOfStretches]], None]]:
    """Give what brings files into the format that is wanted while they are made; in the end all are. Raises
    StoreError."""
    if not targets or not wanted.container:
        yield lambda wavs: None
        return
    from store.takes.encoding import encode  # libsndfile takes long to load, and most replays do without

    tags = Tags({"title": take.name})
    with ThreadPoolExecutor(cores(), "encode") as pool:
        jobs: list[Future[int]] = []

        def begin(wavs: Sequence[WavOfStretches]) -> None:
            for wav, target in zip(wavs, targets, strict=False):
                wav.open_early()
                jobs.append(pool.submit(encode, wav.path, target, wanted, tags, lambda share: None, _waits_for(wav)))

        yield begin
        for job in jobs:
            job.result()


def _waits_for(wav: WavOfStretches) -> Callable[[], bool]:
    """What an encoder asks before each block, whether it is to stop: it is answered when the block is there."""
    from store.takes.encoding import BLOCK

    blocks = count(1)
    return lambda: not wav.reaches(next(blocks) * BLOCK)


def _copy(folder: Path, take: Take, targets: list[Path]) -> None:
    """Copy the files of a take that has one a tap. Raises StoreError."""
    for (_, _, path), target in zip(audio_files(folder, take), targets, strict=False):
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise disk_failure("write", target, error) from error


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


def _known_part(take: Take) -> Take:
    """The take as far as what was played in it is known: a crash may have taken the rest."""
    if take.replayable is None or take.replayable >= take.frames:
        return take
    known = tuple(event for event in take.events if event.frame <= take.replayable)
    dropped = sum(event.count for event in known if event.what == "dropped")
    return replace(take, frames=take.replayable, dropped=dropped, events=known)


def _unknown(take: Take, known: Take) -> str:
    seconds = (take.frames - known.frames) / take.rate
    return f"What was played in the last {seconds:.3f} s of {take.name} went with the engine that was killed."


def _sentence(take: Take, known: Take, performance: Performance, made: Made, compared: int, proved_by: str) -> str:
    own = FORMATS[coding_of(take)]
    parted: list[MadeTap] = [tap for tap in made.taps if tap.parts_at is not None]
    seams = made.other_seams
    if parted or seams:
        why = "" if performance.sound == sound_name() else " It was made by another version of the sound."
        if parted and not why and not own.lossless:
            why = f" Its {own.name} was perhaps made by another version of the encoder, which was not compared."
        if parted:
            at = (parted[0].parts_at or 0) / take.rate
            return f"It differs from the take: {parted[0].name} from {at:.3f} s on.{why}"
        at, what = seams[0].frame / take.rate, seams[0].what
        return f"It differs from the take: what sounded at {at:.3f} s does not follow from before it ({what}).{why}"
    if compared == known.frames < take.frames:
        return f"{_unknown(take, known)} As far as it is known, it is the same."
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
