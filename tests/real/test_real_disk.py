import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import soundfile
from needs import need
from real_engine import Engine, environment
from real_song import write_song

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
