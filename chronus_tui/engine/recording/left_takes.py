"""What an engine that was killed left of its takes in memory that outlives it: what the next start finishes them with.

What was heard lies in the memories of its recorder, and what that had not come to yet in the rings of the sound itself.
So a take is whole up to the last block that was made, however long its disk, or a turn of its threads, was waited for.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from chronus_tui.engine.kernel_cache import open_sound
from chronus_tui.engine.lasting.spool import spooled
from chronus_tui.engine.lasting.state import LeftState, read_left
from chronus_tui.engine.lasting.swaps import told_swaps
from chronus_tui.engine.recording.chronicle import events_of, notes_of
from chronus_tui.engine.recording.memory import Memory, SideBySide
from chronus_tui.engine.recording.memory_ring import CHANNELS, MASTER_ROW, Frames, make_ring, read_ring
from chronus_tui.engine.recording.take_frames import TakeFrames
from chronus_tui.engine.recording.take_log import LOG, Logged
from chronus_tui.engine.recording.trace import RunningTake, traces_in
from chronus_tui.errors import StoreError
from chronus_tui.progress import show_progress
from dsp.journal import LISTENED
from dsp.messages import CLIP, SWAP_AT_LINE, SWAP_NOW
from dsp.sizes import TAP_FRAMES
from dsp.tap import copy_stem, copy_tap, stems_begin, tap_begin, tap_end
from store.documents import Pattern, Take, TakeEvent
from store.lasting import remove
from store.takes.performance import ENDING, Command, ToldLine, add_lines, read_performance
from store.takes.played import PlayedNote
from store.takes.repair import repair_unfinished
from store.takes.rest import Rest

CHUNK = 16_384


def finish_takes(
    project: Path, wanted: str, left: Sequence[Path], others: Sequence[Path] = ()
) -> tuple[list[str], list[str]]:
    """Finish the takes of `project` that a crash cut off; their names, and what could not be done, in sentences.

    wanted  where the settings say that takes go, or empty
    left    folders in memory that engines have left: they are given back once all in them is finished
    others  those of other projects' engines, whose takes in the same folders are theirs: they may be growing
    """

    def is_anothers(recordings: Path, take: Take) -> bool:
        return any(_is_of(running, recordings, take) for folder in others for running in traces_in(folder))

    own, remembered = project / "recordings", LeftTakes(left)
    repaired, problems = list[str](), list[StoreError]()
    for folder in dict.fromkeys((own, Path(wanted or own), *remembered.recordings)):
        repaired += repair_unfinished(
            folder, project / "patterns" / "temp", problems.append, remembered.rest_of, is_anothers
        )
    told = [str(problem) for problem in problems]
    for running in remembered.out_of_reach():
        told.append(
            f"Take {running.name!r} was cut off, and its folder {running.folder} is not there now; a start that finds "
            "it finishes the take."
        )
    if not problems:  # else the next start tries again
        remembered.let_go()
    return repaired, told


class LeftTakes:
    """The takes that engines left in `folders`."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._engines = [_LeftEngine(folder) for folder in folders]

    @property
    def recordings(self) -> list[Path]:
        """The folders that they lie in."""
        return [Path(running.folder) for engine in self._engines for running in engine.running]

    def out_of_reach(self) -> list[RunningTake]:
        """Those whose folder is not there, as where its disk is not."""
        return [running for engine in self._engines for running in engine.out_of_reach()]

    def let_go(self) -> None:
        """All takes within reach are finished: keep nothing but what another needs."""
        for engine in self._engines:
            if not engine.out_of_reach():
                remove(engine.folder)

    def rest_of(self, recordings: Path, take: Take) -> Rest | None:
        """What is remembered of an unfinished take; None where nothing is."""
        for engine in self._engines:
            for running in engine.running:
                if _is_of(running, recordings, take):
                    return engine.rest_of(running, take)
        return None


class _LeftEngine:
    """What lies in one folder; read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._memories: dict[str, Memory] = {}
        self.running = traces_in(folder)

    def out_of_reach(self) -> list[RunningTake]:
        """The takes whose folder is not there."""
        return [running for running in self.running if not Path(running.folder).is_dir()]

    def rest_of(self, running: RunningTake, take: Take) -> "_RestOfTake | None":
        memories = [self._memory(*source) for source in running.memories]
        if sum(memory.channels for memory in memories) != CHANNELS * len(take.taps):
            return None
        memory = memories[0] if len(memories) == 1 else SideBySide(*memories)
        return _RestOfTake(running, take, memory, self)

    @cached_property
    def state(self) -> LeftState | None:
        """The rings of its sound."""
        return read_left(self.folder)

    @cached_property
    def log(self) -> list[Logged]:
        """What happened."""
        return [entry for entries in spooled(self.folder, LOG, Logged) for entry in entries]

    @cached_property
    def notes(self) -> list[PlayedNote]:
        """The notes that were struck last, in their order."""
        return [
            PlayedNote(
                int(note["frame"]),
                int(note["end"]),
                int(note["track"]),
                float(note["note"]),
                float(note["velocity"]),
                bool(note["slide"]),
            )
            for _, note in self._entries("struck", 0)
        ]

    @cached_property
    def swaps(self) -> dict[int, Pattern]:
        """Patterns by the tickets of their swaps."""
        return told_swaps(self.folder)

    def lines(self, first: int) -> Iterator[tuple[int, int, Command]]:
        """What the sound was told last, as far as it is known, from number `first` on: each with its number and its
        quantum."""
        for number, line in self._entries("journal", first):
            command = line["command"]
            whole = (int(command[name]) for name in ("frame", "kind", "a", "b", "ticket", "base"))
            frame, kind, a, b, ticket, base = whole
            yield (
                number,
                int(line["at"]),
                (frame, kind, a, b, ticket, base, float(command["x"]), float(command["y"])),
            )

    def _entries(self, name: str, first: int) -> Iterator[tuple[int, Any]]:
        """What a ring of the state still holds, with numbers. The next one may have been written, half, over the
        oldest."""
        if self.state is None:
            return
        ring = self.state.record[name]
        head, places = int(ring["head"][0]), len(ring["entries"])
        for number in range(max(first, head - places + 1), head):
            yield number, ring["entries"][number % places]

    def _memory(self, name: str, rows: Sequence[int]) -> Memory:
        """That of a name; where it did not fit into what outlives the engine, what the sound itself still holds."""
        if name not in self._memories:
            try:
                memory = Memory(read_ring(self.folder / name))
            except StoreError:
                memory = Memory(make_ring(TAP_FRAMES, rows))
            self._memories[name] = memory
            if self.state is not None:
                _catch_up(memory, self.state)
        return self._memories[name]


class _RestOfTake:
    """As `Rest` has it."""

    def __init__(self, running: RunningTake, take: Take, memory: Memory | SideBySide, engine: _LeftEngine) -> None:
        self.part_frames = running.part_frames
        self._running = running
        self._take = take
        self._memory = memory
        self._engine = engine
        self._frames = TakeFrames(running.first)
        for begin, end in running.lost:
            self._frames.lose(begin, end)

    @property
    def _end(self) -> int:
        end = self._memory.end
        return end if self._running.end is None else min(end, self._running.end)

    def held(self, place: int, count: int) -> list[Frames] | None:
        room = np.empty((count, self._memory.channels), np.float32)
        frame = self._frames.frame_at(place)
        if frame + count > self._memory.end or self._memory.copy(frame, room) < count:
            return None
        return self._taps(room)

    def after(self, place: int) -> Iterator[int | list[Frames]]:
        at, end = self._frames.frame_at(place), self._end
        while at < end:
            room = np.empty((min(CHUNK, end - at), self._memory.channels), np.float32)
            count = self._memory.copy(at, room)
            if count == 0:
                count = min(self._memory.next_held(at), end) - at
                self._frames.lose(at, at + count)
                yield count
            else:
                yield self._taps(room[:count])
            at += count

    def events(self) -> list[TakeEvent]:
        told = [*events_of(self._engine.log, self._frames)]
        lost = (TakeEvent(self._frames.place(begin), "dropped", count=end - begin) for begin, end in self._running.lost)
        return [*told, *lost]

    def notes(self) -> list[PlayedNote]:
        return [*notes_of(self._engine.notes, self._frames)]

    def complete_performance(self, place: int) -> int:
        path = Path(self._running.folder) / f"{self._take.name}{ENDING}"
        state, first = self._engine.state, self._running.line
        if state is None or first is None:
            return place
        try:
            told = first + len(read_performance(path).lines)
            lines: list[ToldLine] = []
            until = self._memory.end
            for number, at, command in self._engine.lines(told):
                line = self._told_line(at, command)
                if number != told + len(lines) or line is None:
                    until = max(at, self._frames.frame_at(place))
                    break
                lines.append(line)
            add_lines(path, lines)
        except StoreError:  # there is none, which a replay will tell
            return place
        return self._frames.place(until)

    def _told_line(self, at: int, command: Command) -> ToldLine | None:
        """A line of the performance; None where what it speaks of is not known any more."""
        kind, ticket = command[1], command[4]
        if kind in (SWAP_NOW, SWAP_AT_LINE):
            pattern = self._engine.swaps.get(ticket)
            return None if pattern is None else ToldLine(at, command, pattern, None)
        return None if kind in (CLIP, LISTENED) else ToldLine(at, command, None, None)

    @staticmethod
    def _taps(frames: Frames) -> list[Frames]:
        return [frames[:, at : at + CHANNELS] for at in range(0, frames.shape[1], CHANNELS)]


def _is_of(running: RunningTake, recordings: Path, take: Take) -> bool:
    """Whether a trace is that of a take in that folder."""
    same = (running.name, running.started) == (take.name, take.started)
    return same and os.path.realpath(running.folder) == os.path.realpath(recordings)


def _catch_up(memory: Memory, left: LeftState) -> None:
    """Take up what was made and the recorder had not come to yet."""
    open_sound(show_progress)
    state, rows = left.record, memory.rows
    from_master = rows == (MASTER_ROW,)
    if not from_master and not left.stems:
        return
    begin, end = int(tap_begin(state) if from_master else stems_begin(state)), int(tap_end(state))
    if begin < 0:
        return
    if not memory.begun:
        memory.start_at(begin)
    if begin > memory.end:
        memory.skip(begin - memory.end)
    room = np.empty((max(0, end - memory.end), CHANNELS * len(rows)), np.float32)
    tap = np.empty((len(room), CHANNELS), np.float32)
    for place, row in enumerate(rows):
        held = copy_tap(state, memory.end, tap) if from_master else copy_stem(state, row, memory.end, tap)
        if not held:
            return
        room[:, CHANNELS * place : CHANNELS * (place + 1)] = tap
    memory.append(room)
