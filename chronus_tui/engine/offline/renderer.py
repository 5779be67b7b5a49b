"""The offline renderer: patterns to a sound file, as fast as the machine can, through the very `render` that
the device calls. What it makes begins with the 64 frames by which the limiter looks ahead, as what is heard
does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chronus_tui.engine.compile.patterns import compile_pattern
from chronus_tui.engine.factory import library_of
from chronus_tui.engine.offline.sources import Part, read_parts
from chronus_tui.engine.offline.whole_wav import write_whole
from chronus_tui.engine.output.hand import Frames, HandDevice
from chronus_tui.engine.player import Player
from chronus_tui.engine.session import Session
from chronus_tui.errors import ChronusError, StoreError
from dsp.sizes import CLIP_FRAMES
from store.clips import Clip, read_clip
from store.documents import Pattern
from store.library.batch import Steps, each, file_of
from store.library.entries import Entry
from store.library.library import Library
from store.moments import Moment
from store.slots.slots import SlotStore
from store.wav.writer import WavWriter

ENDING = ".wav"
BITS = 24
CHANNELS = 2


def render(
    project: Path,
    sources: list[str],
    out: Path,
    bars: int,
    tail_s: float,
    rate: int,
    stems: bool,
) -> dict[str, Any]:
    """Write `bars` of each source, one after another, to the WAV file `out`, and tell what was made.

    sources  a slot number, a pattern file, a name of the library, or `chain:` and a chain's name each; a chain plays
             the rounds that it has, whatever `bars` is
    tail_s   seconds to ring out after the last bar
    stems    also each track alone, with its effects, to `out` with the track's number and name added

    What cannot be played as written, such as a clip that cannot be read, is told among the problems. Raises
    ChronusError where a source cannot be read or a file cannot be written.
    """
    if out.suffix.lower() != ENDING:
        raise ChronusError(f"Sound is written as {ENDING} files; {out.name} has another ending.")
    if not out.parent.is_dir():
        raise ChronusError(f"There is no folder {out.parent}; make it first.")
    library, slots = library_of(project), SlotStore(project)
    parts = [part for source in sources for part in read_parts(project, library, slots, source, bars)]
    if not parts:
        raise ChronusError("The chain has no entries; there is nothing to render.")
    patterns = [part.pattern for part in parts]
    clips, problems = _read_clips(project, patterns)
    problems += dict.fromkeys(told for pattern in patterns for told in compile_pattern(pattern)[1])
    files = [_write(play_parts(parts, tail_s, rate, clips), out, rate)]
    if stems:
        for number in range(max(len(pattern.tracks) for pattern in patterns)):
            name = next(pattern.tracks[number].name for pattern in patterns if number < len(pattern.tracks))
            alone = [replace(part, pattern=_alone(part.pattern, number)) for part in parts]
            plain = "".join(letter if letter.isalnum() else "_" for letter in name)
            stem = out.with_stem(f"{out.stem}_{number + 1:02d}_{plain}")
            files.append(_write(play_parts(alone, tail_s, rate, clips), stem, rate))
    return {"rate": rate, "bits": BITS, "files": files, "problems": problems}


def render_each(
    library: Library, entries: Iterable[Entry], project: Path, folder: Path, bars: int, tail_s: float, rate: int
) -> Steps:
    """Write `bars` of each pattern to a WAV file by its genre and name below `folder`, and let it ring out; what is
    there under its name is replaced. A clip that cannot be read is told as the pattern's problem."""

    def write(entry: Entry) -> bool:
        out = file_of(folder, entry.genre, entry.name, ENDING)
        pattern = library.read(entry.full_name)
        clips, problems = _read_clips(project, [pattern])
        _write(play_parts([Part(pattern, bars)], tail_s, rate, clips), out, rate)
        if problems:
            raise StoreError(f"{entry.full_name} was rendered, but {problems[0]}")
        return True

    return each(entries, write)


def _read_clips(project: Path, patterns: list[Pattern]) -> tuple[dict[str, Clip], list[str]]:
    """The clips of all tracks by name, and why some could not be read."""
    clips, problems = {}, []
    for name in dict.fromkeys(track.clip for pattern in patterns for track in pattern.tracks if track.clip):
        try:
            clips[name] = read_clip(project, name, CLIP_FRAMES)
        except StoreError as error:
            problems.append(str(error))
    return clips, problems


NO_CLIPS: Mapping[str, Clip] = {}


def play_parts(
    parts: Sequence[Part], tail_s: float, rate: int, clips: Mapping[str, Clip] = NO_CLIPS
) -> Iterator[Frames]:
    """The sound of patterns one after another, a piece (frames, 2) at a time.

    clips  that samplers play, by name
    """
    player = Player(rate)
    for name, clip in clips.items():
        player.clips.put(name, clip)
    device = HandDevice(player)
    session = Session(player, Moment(parts[0].pattern))
    session.publish()
    session.play()
    end = 0.0
    for number, part in enumerate(parts):
        tempo = min(max(float(part.pattern.bpm), 20.0), 300.0)
        begin = round(end)
        end += part.beats * 60.0 * rate / tempo
        last = round(end) - 1
        if number + 1 < len(parts):
            following = Moment(parts[number + 1].pattern)
            if part.rounds:
                session.load(following, None, "end", frame=begin + 1, rounds=part.rounds)
            else:
                # Asked for one frame before the line, it comes in on the line.
                session.load(following, None, "bar", frame=last)
        else:
            session.stop(frame=last + 1)
        yield from _up_to(device, player, session, last + 1)
    yield from _up_to(device, player, session, round(end + tail_s * rate))


def _up_to(device: HandDevice, player: Player, session: Session, frame: int) -> Iterator[Frames]:
    """Make sound up to `frame`, a second at a time."""
    made = player.frame - int(player.state["made_left"])
    while made < frame:
        piece = device.make(min(player.rate, frame - made))
        made += len(piece)
        for event in player.events():
            session.take(event)
        yield piece


def _alone(pattern: Pattern, number: int) -> Pattern:
    """`pattern` with every track but one muted. The muted play on unheard, so that chance falls as it did."""
    tracks = tuple(replace(track, mute=track.mute or place != number) for place, track in enumerate(pattern.tracks))
    return replace(pattern, tracks=tracks)


def _write(pieces: Iterator[Frames], out: Path, rate: int) -> dict[str, Any]:
    def fill(wav: WavWriter) -> int:
        for piece in pieces:
            wav.write(piece)
        return wav.frames

    frames = write_whole(out, rate, BITS, fill)
    return {"path": str(out), "frames": frames, "seconds": frames / rate}
