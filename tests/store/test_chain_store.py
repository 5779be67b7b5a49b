"""Chains in their files."""

from functools import partial
from pathlib import Path

import pytest
from disks import fill
from documents_strategies import extras, names, numbers
from hypothesis import given
from hypothesis import strategies as st
from tracing import kills

from store.chains import Chains
from store.codec import decode_chain, encode_chain
from store.documents import Chain, ChainEntry
from store.errors import BadName, DamagedFile, DiskFull, NewerVersion, NoChain
from store.project import open_project

entries = st.builds(
    ChainEntry,
    slot=st.integers(1, 128),
    bank=st.integers(1, 16),
    repeats=st.integers(1, 99),
    mutes=st.lists(names, max_size=3).map(tuple),
    bpm=st.none() | numbers,
    extra=extras,
)
chains = st.builds(
    Chain, name=names, loop=st.booleans(), entries=st.lists(entries, max_size=4).map(tuple), extra=extras
)


@given(chains)
def test_a_chain_comes_back_from_its_text_as_it_was(chain: Chain) -> None:
    assert decode_chain(encode_chain(chain), "chain.json") == chain


def test_an_entry_is_a_line(project: Path) -> None:
    chain = Chain("night", True, (ChainEntry(5), ChainEntry(1, 2, 4, ("kick",), 90.5)))
    lines = encode_chain(chain).decode().splitlines()
    assert '    {"slot": 5},' in lines
    assert '    {"slot": 1, "bank": 2, "repeats": 4, "mutes": ["kick"], "bpm": 90.5}' in lines


def test_a_saved_chain_is_listed_read_and_kept_when_it_is_replaced(project: Path) -> None:
    store = Chains(project)
    assert store.names() == []
    first = Chain("Nächte", entries=(ChainEntry(5),))
    store.write(first)
    store.write(Chain("Nächte", entries=(ChainEntry(6),)))
    assert store.names() == ["Nächte"]
    assert store.read("Nächte").entries == (ChainEntry(6),)
    (kept,) = (project / "patterns/backups/chains/Nächte").iterdir()
    assert kept.read_bytes() == encode_chain(first)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b'{"format": "chronus-chain", "version": 2}', NewerVersion),
        (b'{"format": "chronus-chain", "version": 1, "entries": [{"bank": 1}]}', DamagedFile),
        (b'{"format": "chronus-chain", "version": 1, "entries": [{"slot": 129}]}', DamagedFile),
        (b'{"format": "chronus-pattern", "version": 2}', DamagedFile),
    ],
)
def test_a_chain_that_cannot_be_read_is_told_and_left(project: Path, text: bytes, error: type[Exception]) -> None:
    path = project / "patterns/chains/odd.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(text)
    with pytest.raises(error, match=r"odd\.json"):
        Chains(project).read("odd")
    assert path.read_bytes() == text


def test_a_name_that_is_a_path_or_that_there_is_not_reaches_no_file(project: Path) -> None:
    with pytest.raises(BadName):
        Chains(project).read("../secret")
    with pytest.raises(NoChain):
        Chains(project).read("none")


def test_a_full_disk_refuses_a_chain_and_leaves_the_one_that_is_there(small_disk: Path) -> None:
    open_project(small_disk)
    store, old = Chains(small_disk), Chain("night", entries=(ChainEntry(1),))
    store.write(old)
    fill(small_disk)
    for name in ("night", "day"):
        with pytest.raises(DiskFull):
            store.write(Chain(name, entries=tuple(ChainEntry(slot, mutes=("kick",)) for slot in range(1, 129))))
    assert (store.names(), store.read("night")) == (["night"], old)
    assert list((small_disk / "patterns/temp").iterdir()) == []
    (small_disk / "filler").unlink()
    store.write(Chain("day"))
    assert store.names() == ["day", "night"]


def save(project: Path) -> None:
    Chains(project).write(Chain("night", True))


@pytest.mark.real
def test_a_save_of_a_chain_killed_at_any_system_call_leaves_the_old_or_the_new(project: Path) -> None:
    open_project(project)
    store, old, new = Chains(project), Chain("night"), Chain("night", True)
    found = []
    for _ in kills(partial(save, project), lambda: store.write(old)):
        found.append(store.read("night"))
        assert found[-1] in (old, new)
        open_project(project)
        assert list((project / "patterns/temp").iterdir()) == []
    assert old in found
    assert new in found
