"""Chains as a person writes them, and as they play: pure functions.

An entry reads `5`, `2:5` with its bank before the slot, or `2:5x4` with its repeats.
"""

import re

from msgspec.structs import replace

from chronus_tui.errors import CommandRefused
from dsp.pattern import STEPS_PER_BEAT
from dsp.sizes import STEPS
from store.documents import Chain, ChainEntry, Pattern
from store.limits import BANKS, CHAIN_MAX, REPEATS_MAX, SLOTS

_ENTRY = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3})(?:x([0-9]{1,2}))?")


def entry_of(text: str, bank: int) -> ChainEntry:
    """What `text` means, in `bank` where it names none. Raises CommandRefused."""
    found = _ENTRY.fullmatch(text.strip())
    if found is None:
        raise CommandRefused(f"{text[:40]!r} is no entry of a chain; write a slot, such as 5, 2:5 in bank 2, or 2:5x4.")
    bank, slot, repeats = int(found[1] or bank), int(found[2]), int(found[3] or 1)
    if not (1 <= bank <= BANKS and 1 <= slot <= SLOTS and 1 <= repeats <= REPEATS_MAX):
        raise CommandRefused(
            f"{text!r} is no entry of a chain; banks go to {BANKS}, slots to {SLOTS}, repeats to {REPEATS_MAX}."
        )
    return ChainEntry(slot, bank, repeats)


def in_words(entry: ChainEntry) -> str:
    """An entry as it is written, with its tempo and mutes behind it."""
    bpm = "" if entry.bpm is None else f" {entry.bpm:g} bpm"
    mutes = f" without {' '.join(entry.mutes)}" if entry.mutes else ""
    return f"{entry.bank}:{entry.slot}x{entry.repeats}{bpm}{mutes}"


def as_played(pattern: Pattern, entry: ChainEntry) -> Pattern:
    """What an entry plays of its slot's pattern: the very pattern where it asks for nothing else."""
    if entry.bpm is not None and entry.bpm != pattern.bpm:
        pattern = replace(pattern, bpm=entry.bpm)
    if any(track.name in entry.mutes and not track.mute for track in pattern.tracks):
        tracks = (replace(track, mute=track.mute or track.name in entry.mutes) for track in pattern.tracks)
        pattern = replace(pattern, tracks=tuple(tracks))
    return pattern


def round_beats(pattern: Pattern) -> float:
    """Beats of one round of a pattern, as the sequencer counts them: those of its longest track, or a bar."""
    steps = max((min(max(track.length, 1), STEPS) for track in pattern.tracks), default=0)
    return steps / STEPS_PER_BEAT if steps else float(pattern.beats_per_bar)


def with_entry(chain: Chain, entry: ChainEntry) -> Chain:
    """`chain` with one more entry at its end. Raises CommandRefused where no more fit."""
    if len(chain.entries) >= CHAIN_MAX:
        raise CommandRefused(f"The chain has {CHAIN_MAX} entries; no more fit.")
    return replace(chain, entries=(*chain.entries, entry))


def without_entry(chain: Chain, number: int) -> Chain:
    """`chain` without its entry of that number, from 1."""
    index = index_of(chain, number)
    return replace(chain, entries=chain.entries[:index] + chain.entries[index + 1 :])


def with_entry_moved(chain: Chain, number: int, to: int) -> Chain:
    """`chain` with an entry in another place."""
    entries = list(chain.entries)
    index, place = index_of(chain, number), index_of(chain, to)
    entries.insert(place, entries.pop(index))
    return replace(chain, entries=tuple(entries))


def with_entry_changed(chain: Chain, number: int, **changes: object) -> Chain:
    """`chain` with some fields of an entry changed."""
    entries = list(chain.entries)
    index = index_of(chain, number)
    entries[index] = replace(entries[index], **changes)
    return replace(chain, entries=tuple(entries))


def index_of(chain: Chain, number: int) -> int:
    """The place from 0 of an entry numbered from 1. Raises CommandRefused where there is none."""
    if not chain.entries:
        raise CommandRefused("The chain has no entries yet; /chain/add adds one.")
    if not 1 <= number <= len(chain.entries):
        raise CommandRefused(f"The chain has entries 1 to {len(chain.entries)}; there is no entry {number}.")
    return number - 1
