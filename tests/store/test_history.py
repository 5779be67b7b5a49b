"""The history on the disk: what comes back, what a damaged end costs, and how large it grows."""

import errno
import os
from pathlib import Path

import pytest
from documents_strategies import full_pattern, patterns
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from store import history
from store.documents import Chain, ChainEntry, Pattern
from store.errors import DamagedFile, NewerVersion, StoreError
from store.history import HistoryFile, Kept
from store.moments import Moment
from store.project import open_project

places = st.tuples(st.integers(1, 16), st.integers(1, 128))


def small_numbers(pattern: Pattern) -> bool:
    """Whether MessagePack can hold it: a file of a pattern takes any number, the history 64 bits."""
    return all(abs(number) < 2**63 for number in _ints(pattern))


def _ints(value: object) -> list[int]:
    if isinstance(value, int):
        return [value]
    if isinstance(value, dict):
        return [n for item in value.items() for n in _ints(item)]
    if isinstance(value, tuple | list):
        return [n for item in value for n in _ints(item)]
    if hasattr(value, "__struct_fields__"):
        return [n for name in value.__struct_fields__ for n in _ints(getattr(value, name))]
    return []


@st.composite
def histories(draw: st.DrawFn) -> list[Moment]:
    """Some moments of a few patterns."""
    some = st.sampled_from(draw(st.lists(patterns.filter(small_numbers), min_size=1, max_size=2)))
    moments = st.builds(
        Moment,
        pattern=some,
        slot=st.none() | st.integers(1, 128),
        saved=st.none() | some,
        bank=st.integers(1, 16),
        slots=st.dictionaries(places, st.none() | some, max_size=2),
        chain=st.just(Chain(entries=(ChainEntry(3, mutes=("kick",), bpm=90.5),))),
    )
    return draw(st.lists(moments, min_size=1, max_size=4))


@pytest.fixture
def file(project: Path) -> HistoryFile:
    open_project(project)
    return HistoryFile(project)


def edits(count: int, first: Pattern) -> list[Moment]:
    """Moments of which each changed one step of the one before."""
    apart = tuple(replace(track, name=f"{track.name} {number}") for number, track in enumerate(first.tracks))
    made = [Moment(replace(first, tracks=apart))]
    for number in range(count):
        tracks = list(made[-1].pattern.tracks)
        place = number % len(tracks)
        steps = list(tracks[place].steps)
        steps[number % len(steps)] = replace(steps[number % len(steps)], velocity=number / count)
        tracks[place] = replace(tracks[place], steps=tuple(steps))
        made.append(Moment(replace(made[-1].pattern, tracks=tuple(tracks))))
    return made


@settings(max_examples=30)  # each draws patterns, of which one field more or less is the codec's concern
@given(histories())
def test_a_history_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, made: list[Moment]) -> None:
    *past, now = made
    project = tmp_path_factory.mktemp("project")
    (project / ".chronus").mkdir()
    for kept in (Kept(tuple(past), now, (), 7), Kept((), now, tuple(past), 8)):
        HistoryFile(project).write(kept)
        assert HistoryFile(project).read() == kept


def test_each_write_adds_only_what_is_new(project: Path, file: HistoryFile) -> None:
    made = edits(200, full_pattern())
    path = project / ".chronus" / "history"
    file.write(Kept(tuple(made[:1]), made[1], ()))
    begun = path.stat().st_size
    for now in range(2, 200):
        file.write(Kept(tuple(made[:now]), made[now], (), now))
    assert HistoryFile(project).read() == Kept(tuple(made[:199]), made[199], (), 199)
    assert path.stat().st_size - begun < 198 * begun / 10, "a step costs its track, not its pattern"


def test_what_two_moments_share_is_one_thing_again(project: Path, file: HistoryFile) -> None:
    shared = full_pattern()
    file.write(Kept((Moment(shared, 1, shared),), Moment(Pattern(), slots={(1, 4): shared}), ()))
    kept = HistoryFile(project).read()
    assert kept is not None
    assert kept.past[0].pattern is kept.past[0].saved is kept.now.slots[(1, 4)]


def test_a_file_cut_off_anywhere_tells_what_was_whole(project: Path, file: HistoryFile) -> None:
    made = edits(3, Pattern(tracks=full_pattern().tracks[:2]))
    path = project / ".chronus" / "history"
    whole: dict[int, Kept] = {}
    for now in range(1, 4):
        kept = Kept(tuple(made[:now]), made[now], (), now)
        file.write(kept)
        whole[path.stat().st_size] = kept
    data = path.read_bytes()
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        fitting = [kept for size, kept in whole.items() if size <= length]
        assert HistoryFile(project).read() == (fitting[-1] if fitting else None)


def test_a_damaged_end_is_dropped_and_what_is_written_next_counts(project: Path, file: HistoryFile) -> None:
    made = edits(3, full_pattern())
    path = project / ".chronus" / "history"
    file.write(Kept((made[0],), made[1], ()))
    path.write_bytes(path.read_bytes() + b"\x05\x00\x00\x00damaged")
    again = HistoryFile(project)
    assert again.read() == Kept((made[0],), made[1], ())
    again.write(Kept(tuple(made[:2]), made[2], ()))
    assert HistoryFile(project).read() == Kept(tuple(made[:2]), made[2], ())


def test_a_file_that_grew_is_written_anew_with_what_still_counts(
    project: Path, file: HistoryFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_SMALL_BYTES", 100_000)
    made = edits(400, full_pattern())
    path = project / ".chronus" / "history"
    sizes = []
    for now in range(20, 400):
        file.write(Kept(tuple(made[now - 20 : now]), made[now], (), now))
        sizes.append(path.stat().st_size)
    assert max(sizes) < 400_000
    assert HistoryFile(project).read() == Kept(tuple(made[379:399]), made[399], (), 399)


def test_where_there_is_no_room_the_oldest_moments_give_way(
    project: Path, file: HistoryFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_BYTES", 200_000)
    made = edits(300, full_pattern())
    for written in (made[:300], made[:301]):
        file.write(Kept(tuple(written[:-1]), written[-1], ()))
        kept = HistoryFile(project).read()
        assert kept is not None
        assert kept.now == written[-1]
        assert 10 < len(kept.past) < 299
        assert kept.past == tuple(written[-1 - len(kept.past) : -1])
    assert (project / ".chronus" / "history").stat().st_size < 300_000


@pytest.mark.parametrize(("record", "error"), [(("h", 99), NewerVersion), (("x", 1, 2), DamagedFile)])
def test_a_history_of_another_kind_is_told_and_put_aside(
    project: Path, file: HistoryFile, record: tuple[object, ...], error: type[Exception]
) -> None:
    path = project / ".chronus" / "history"
    strange = history._frame(record)
    path.write_bytes(strange)
    with pytest.raises(error):
        file.read()
    assert path.read_bytes() == strange
    file.write(Kept((), Moment(Pattern()), ()))
    assert HistoryFile(project).read() == Kept((), Moment(Pattern()), ())
    assert path.with_suffix(".old").read_bytes() == strange


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_what_the_disk_refuses_is_told_and_written_whole_the_next_time(
    project: Path, file: HistoryFile, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    made = edits(4, full_pattern())
    file.write(Kept((made[0],), made[1], ()))
    for call in ("open", "write", "fsync"):

        def refuse(*_: object, **__: object) -> None:
            raise OSError(fault, os.strerror(fault))

        with monkeypatch.context() as patch:
            patch.setattr(os, call, refuse)
            with pytest.raises(StoreError, match="history"):
                file.write(Kept(tuple(made[:2]), made[2], ()))
        assert HistoryFile(project).read() in (Kept((made[0],), made[1], ()), Kept(tuple(made[:2]), made[2], ()))
        file.write(Kept(tuple(made[:3]), made[3], ()))
        assert HistoryFile(project).read() == Kept(tuple(made[:3]), made[3], ())
        file.write(Kept((made[0],), made[1], ()))
