"""Files of the library that are packed: listed, read, changed and brought back as any others."""

import gzip
from pathlib import Path

import pytest

from store.archive_contents import packed_library
from store.archives import Archive, pack
from store.codec import encode_pattern
from store.documents import Pattern, Step, Track
from store.library.filters import query_of
from store.library.library import Library
from store.library.tags import with_tag

RAIN = Pattern(
    name="rain",
    genre="dub",
    tags=("slow",),
    about="on tin",
    bpm=71.5,
    tracks=(Track("kick", "kick", steps=(Step(on=True, velocity=0.123),) * 16),) * 16,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A packed file in a library."""
    path = tmp_path / "patterns/library/dub/rain.json.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(encode_pattern(RAIN)))
    return path


@pytest.fixture
def library(tmp_path: Path, path: Path) -> Library:
    return Library(tmp_path / "patterns/library", runtime=tmp_path / ".chronus")


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def test_it_is_listed_found_and_read(library: Library) -> None:
    (entry,) = library.select(query_of(["slow", "text=tin"]))
    assert (entry.full_name, entry.name, entry.tags, entry.bpm) == ("dub/rain", "rain", ("slow",), 71.5)
    assert library.full_name("rain") == "dub/rain"
    assert library.read("dub/rain") == library.read("rain") == RAIN


def test_one_that_is_cut_off_is_listed_with_its_problem(library: Library, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])
    assert "is damaged" in library.entries()["dub/rain"].problem


def test_it_stays_packed_and_alone_whatever_is_done_to_it(library: Library, path: Path) -> None:
    assert library.change("rain", lambda pattern: with_tag(pattern, "wet"))
    assert not library.rewrite("rain")
    assert unpacked(path) == encode_pattern(with_tag(RAIN, "wet"))
    assert library.restore("rain") == "dub/rain"
    library.write(RAIN, "rain")
    assert library.rename("rain", "house/drip") == "house/drip"
    assert library.delete("drip") == "house/drip"
    assert library.names() == []
    assert [each.name for each in library.trash()] == ["house/drip"]
    assert library.restore("drip") == "house/drip"
    (file,) = path.parents[1].glob("*/*")
    assert file.name == "drip.json.gz"
    assert unpacked(file) == encode_pattern(library.read("drip"))


def test_an_archive_holds_it_unpacked(library: Library, tmp_path: Path) -> None:
    for _ in pack(tmp_path / "x.zip", "library", packed_library(library, query_of([])), tmp_path):
        pass
    with Archive(tmp_path / "x.zip") as archive:
        assert archive.members == ("library/dub/rain.json",)
        assert archive.pattern(archive.members[0]) == RAIN
