import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from needs import need
from real_engine import Engine, OscClient, chronus, environment
from real_song import write_song

from store.codec import decode_take
from store.documents import Take

SIZE_MB = 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes, eleven seconds of a take."""
    need("mount", "umount")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_closes_the_take_and_leaves_slots_as_they_were(
    small_disk: Path, start_engine: Callable[..., Engine]
) -> None:
    project = small_disk / "song"
    write_song(project)
    engine = start_engine(environment({}), "--device", "null")
    engine.close()
    slot = project / "patterns" / "slots" / "bank_01" / "slot_005.json"
    before = slot.read_bytes()
    engine = Engine(project, environment({}), "--device", "null")
    engine.osc.do("/notify", 1)
    engine.osc.do("/pattern/load", 1)
    engine.osc.do("/transport/play")
    take = project / engine.osc.do("/record/start", "full")[0]
    path, seconds = engine.osc.event("/event/take_closed")
    assert seconds > 1
    (small_disk / "rest").write_bytes(b"")
    with (small_disk / "rest").open("ab", buffering=0) as rest, pytest.raises(OSError, match="No space"):
        while True:
            rest.write(bytes(512))
    assert engine.osc.ask("/pattern/save", 5)[0] == "/fail"
    slots = engine.osc.ask("/pattern/slots")
    engine.osc.do("/pattern/morph", 1, 2, 0.5)
    engine.osc.do("/chain/add", 1)
    for command in (("/pattern/save_free",), ("/chain/save", "full")):
        assert engine.osc.ask(*command)[0] == "/fail"
    assert engine.osc.ask("/pattern/slots") == slots
    assert engine.osc.do("/chain/list") == ()
    assert engine.osc.status()["playing"]
    assert slot.read_bytes() == before
    assert Path(path).name == take.name
    assert soundfile.info(take).frames == pytest.approx(seconds * 48_000, abs=1)
    (small_disk / "rest").unlink()
    (free,) = engine.osc.do("/pattern/save_free")
    engine.osc.do("/chain/save", "room")
    assert (project / "patterns" / "slots" / "bank_01" / f"slot_{free:03}.json").is_file()
    assert engine.osc.do("/chain/list") == ("room",)
    engine.close()


def system(*command: object) -> None:
    subprocess.run([*map(str, command)], capture_output=True, check=True)


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 megabytes with a file system of its own, which can be frozen and broken."""
    need("mount", "umount", "mkfs.ext4", "fsfreeze")
    image, disk = tmp_path / "image", tmp_path / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(64_000_000)
    try:
        system("mkfs.ext4", "-q", image)
        system("mount", "-o", "loop", image, disk)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this user may not mount a file: {error.stderr}")
    yield disk
    subprocess.run(["fsfreeze", "-u", str(disk)], capture_output=True, check=False)
    subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=False)


@pytest.fixture
def engine(other_disk: Path, start_engine: Callable[..., Engine]) -> Engine:
    """One that plays, whose takes go to the other disk, and wait for it as long as a machine may be held up."""
    started = start_engine(environment({}), "--device", "null")
    started.osc.do("/pattern/load", 1, "immediate")
    started.osc.do("/transport/play")
    started.osc.do("/record/folder", str(other_disk))
    started.osc.do("/record/keep", 120.0)
    return started


@pytest.fixture
def listener(engine: Engine) -> Iterator[OscClient]:
    """A client that orders nothing, and so misses no event while it waits for an answer."""
    client = OscClient(engine.port)
    yield client
    client.close()


def note(path: str) -> Take:
    file = Path(path).with_suffix(".json")
    return decode_take(file.read_bytes(), str(file))


def make_again(engine: Engine, take: str, out: Path) -> None:
    """The take must be what was played, to the bit."""
    made = chronus("replay", take, "--project", engine.project, "-o", out, env=environment({}))
    assert made.returncode == 0, made.stdout + made.stderr


def stop(engine: Engine) -> tuple[Any, ...]:
    """Stop the take: its path, its frames and the lost ones."""
    path, seconds, dropped, _ = engine.osc.do("/record/stop")
    return path, round(seconds * 48_000), dropped


def test_a_disk_that_stalls_is_waited_for_and_what_is_too_much_is_counted_shown_and_noted(
    engine: Engine, other_disk: Path, tmp_path: Path
) -> None:
    engine.osc.do("/record/start", "short", "wav32")
    engine.wait_for("recording.seconds", 1.0)
    system("fsfreeze", "-f", other_disk)
    frame = engine.osc.status()["frame"]
    engine.wait_for("frame", frame + 4 * 48_000)
    system("fsfreeze", "-u", other_disk)
    engine.wait_for("recording.seconds", 5.5)
    path, frames, dropped = stop(engine)
    assert (dropped, note(path).dropped, note(path).frames) == (0, 0, frames)
    make_again(engine, path, tmp_path / "again.wav")

    engine.osc.do("/record/keep", 10.0)
    before = engine.osc.status()["frame"]
    engine.osc.do("/record/start", "long", "wav32")
    began = engine.osc.status()["frame"]
    engine.wait_for("recording.seconds", 1.0)
    system("fsfreeze", "-f", other_disk)
    frozen = engine.osc.status()["frame"]
    engine.wait_for("frame", frozen + 13 * 48_000)  # ten seconds are kept, and two more
    system("fsfreeze", "-u", other_disk)
    shown = engine.wait_for("recording.seconds", 11.0)  # what was kept is written, and nothing runs away from it
    path, frames, dropped = stop(engine)
    events = [event.count for event in note(path).events if event.what == "dropped"]
    assert dropped == shown["recording"]["dropped"] == note(path).dropped == sum(events) > 0
    assert shown["frame"] - began <= frames + dropped <= engine.osc.status()["frame"] - before


def test_a_take_whose_disk_hung_when_its_engine_was_killed_is_whole_at_the_next_start(
    engine: Engine, other_disk: Path, start_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    path = engine.osc.do("/record/start", "jam", "wav32")[0]
    began = engine.osc.status()["frame"]
    engine.wait_for("recording.seconds", 1.0)
    system("fsfreeze", "-f", other_disk)
    frame = engine.osc.status()["frame"]
    engine.wait_for("frame", frame + 6 * 48_000)
    engine.osc.do("/record/mark", "at last")
    end = engine.osc.status()["frame"]
    engine.process.kill()
    system("fsfreeze", "-u", other_disk)
    engine.process.wait()
    (engine.project / ".chronus" / "engine.json").unlink()
    again = start_engine(environment({}), "--device", "null")
    take = note(path)
    assert (take.complete, take.dropped, take.replayable) == (True, 0, None)
    assert take.frames >= end - began
    assert [event.name for event in take.events if event.what == "mark"] == ["at last"]
    make_again(again, path, tmp_path / "again.wav")


def test_a_disk_that_becomes_read_only_hands_the_take_on_without_a_gap_and_begins_none(
    engine: Engine, listener: OscClient, other_disk: Path, tmp_path: Path
) -> None:
    before = engine.osc.status()["frame"]
    first = engine.osc.do("/record/start", "jam", "wav32")[0]
    began = engine.osc.status()["frame"]
    assert Path(first).parent == other_disk
    engine.wait_for("recording.seconds", 1.0)
    listener.do("/notify", 1)
    system("mount", "-o", "remount,abort", other_disk)
    sentence = listener.event("/event/failed")[0]
    while "goes on in" not in sentence:  # what lies beside the take could not be written either
        sentence = listener.event("/event/failed")[0]
    assert str(other_disk) in sentence
    listener.do("/notify", 0)
    heard = engine.wait_for("recording.seconds", 1.0)["frame"] - began
    path, frames, dropped = stop(engine)
    assert Path(path) == engine.project / "recordings" / "jam_2.wav"
    assert (note(path).continues, dropped) == ("jam", 0)
    assert heard <= soundfile.info(first).frames + frames <= engine.osc.status()["frame"] - before
    make_again(engine, path, tmp_path / "again.wav")

    listener.do("/notify", 1)
    assert Path(engine.osc.do("/record/start", "next")[0]) == engine.project / "recordings" / "next.wav"
    assert "goes to" in listener.event("/event/failed")[0]
    engine.osc.do("/record/stop")


def test_a_disk_that_is_taken_away_costs_nothing_of_the_take(
    engine: Engine, listener: OscClient, other_disk: Path, tmp_path: Path
) -> None:
    path = engine.osc.do("/record/start", "jam", "wav32")[0]
    engine.wait_for("recording.seconds", 1.0)
    listener.do("/notify", 1)
    system("umount", "-l", other_disk)
    assert "it is there again" in listener.event("/event/failed")[0]
    engine.wait_for("recording.seconds", 4.0)
    assert stop(engine)[0] == path
    assert note(path).dropped == 0
    make_again(engine, path, tmp_path / "again.wav")
