"""The chain: its entries, how it is played, and the files it is kept in. Every edit is one step of undo.

All of it comes in turn with what is asked of slots: an entry without a bank is of the one at hand then.
"""

from concurrent.futures import Future

from msgspec.structs import replace

from chronus_tui.engine import chains
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.chain_player import Found
from chronus_tui.engine.edits import track_index
from chronus_tui.engine.slots.held import required, with_held
from chronus_tui.engine.slots.turns import in_turn, read_first
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import ChronusError
from store.documents import Chain, ChainEntry
from store.moments import Slots
from store.names import safe_name


def _chain(studio: Studio) -> Chain:
    return studio.session.moment.chain


@action("/pattern/chain")
@in_turn
def chain(studio: Studio, call: Call, texts: tuple[str, ...]) -> Future[Results]:
    """Make a chain and play it."""
    made = Chain(loop=_chain(studio).loop)
    for text in texts:
        made = chains.with_entry(made, chains.entry_of(text, studio.bank.number))
    return _play(studio, made, 1)


@action("/chain/add")
@in_turn
def add(studio: Studio, call: Call, slot: int, bank: int | None, repeats: int | None) -> Results:
    """Add a slot at the end."""
    after = chains.with_entry(_chain(studio), ChainEntry(slot, bank or studio.bank.number, repeats or 1))
    studio.session.change_chain(after)
    return (len(after.entries),)


@action("/chain/remove")
@in_turn
def remove(studio: Studio, call: Call, number: int) -> None:
    """Take an entry out."""
    studio.session.change_chain(chains.without_entry(_chain(studio), number))


@action("/chain/move")
@in_turn
def move(studio: Studio, call: Call, number: int, to: int) -> None:
    """Move an entry."""
    studio.session.change_chain(chains.with_entry_moved(_chain(studio), number, to))


@action("/chain/set")
@in_turn
def set_entry(studio: Studio, call: Call, number: int, slot: int, bank: int | None, repeats: int | None) -> None:
    """Let an entry be another slot; what is not given stays."""
    now = _chain(studio).entries[chains.index_of(_chain(studio), number)]
    _change(studio, call, number, slot=slot, bank=bank or now.bank, repeats=repeats or now.repeats)


@action("/chain/repeats")
@in_turn
def set_repeats(studio: Studio, call: Call, number: int, repeats: int) -> None:
    """Set how many rounds an entry plays."""
    _change(studio, call, number, repeats=repeats)


@action("/chain/bpm")
@in_turn
def set_bpm(studio: Studio, call: Call, number: int, bpm: float | None) -> None:
    """Give an entry a tempo of its own, or none."""
    _change(studio, call, number, bpm=bpm)


@action("/chain/mute")
@in_turn
def mute(studio: Studio, call: Call, number: int, track: str, on: int | None) -> Future[Results]:
    """Mute a track of an entry's slot, or let it sound; what is muted already may have gone from the slot."""
    entry = _chain(studio).entries[chains.index_of(_chain(studio), number)]
    place = (entry.bank, entry.slot)

    def take_up(held: Slots) -> Results:
        name = track
        if track not in entry.mutes:
            pattern = required(studio, place, held)
            name = pattern.tracks[track_index(pattern, track)].name
        muted = name not in entry.mutes if on is None else on
        others = tuple(each for each in entry.mutes if each != name)
        _change(studio, call, number, mutes=(*others, name) if muted else others)
        return (int(muted),)

    return with_held(studio, [] if track in entry.mutes else [place], take_up)


@action("/chain/loop")
@in_turn
def loop(studio: Studio, call: Call, on: int) -> None:
    """Begin again after the last entry, or stop there."""
    studio.session.change_chain(replace(_chain(studio), loop=bool(on)))


@action("/chain/clear")
@in_turn
def clear(studio: Studio, call: Call) -> None:
    """Take all entries out."""
    studio.session.change_chain(replace(_chain(studio), entries=()))


@action("/chain/play")
@in_turn
def play(studio: Studio, call: Call, number: int | None) -> Future[Results]:
    """Play the chain."""
    return _play(studio, _chain(studio), number or 1)


def _play(studio: Studio, made: Chain, number: int) -> Future[Results]:
    """Have a chain at hand and play it from an entry on; where that cannot be had, the chain stays what it was."""
    entry = made.entries[chains.index_of(made, number)]
    done: Future[Results] = Future()

    def take(found: Found | ChronusError) -> None:
        try:
            if isinstance(found, ChronusError):
                raise found
            studio.session.change_chain(made)
            studio.chain.play(number, found)
            done.set_result(())
        except ChronusError as error:
            done.set_exception(error)

    studio.fetch_entry(entry, take)
    return done


@action("/chain/stop")
@in_turn
def stop(studio: Studio, call: Call) -> None:
    """Leave the chain."""
    studio.chain.stop()


@action("/chain/show")
@in_turn
def show(studio: Studio, call: Call) -> Results:
    """The entries."""
    return tuple(chains.in_words(entry) for entry in _chain(studio).entries)


@action("/chain/list")
@in_turn
def list_chains(studio: Studio, call: Call) -> Future[Results]:
    """The names of the saved chains."""
    return studio.from_disk(lambda: tuple(studio.chains.names()), lambda names: names)


@action("/chain/save")
@in_turn
def save(studio: Studio, call: Call, text: str | None) -> Future[Results]:
    """Save the chain."""
    named = replace(_chain(studio), name=safe_name(_chain(studio).name if text is None else text))
    studio.session.change_chain(named)

    def write() -> Results:
        return (str(studio.chains.write(named).relative_to(studio.project)),)

    return studio.on_disk(write, None, "/event/chain_saved", named.name)


@action("/chain/load")
@in_turn
def load(studio: Studio, call: Call, text: str) -> Future[Results]:
    """Have a saved chain at hand."""

    def take_up(found: Chain) -> Results:
        studio.session.change_chain(found)
        return ()

    return read_first(studio, lambda: studio.chains.read(text), take_up)


def _change(studio: Studio, call: Call, number: int, **changes: object) -> None:
    after = chains.with_entry_changed(_chain(studio), number, **changes)
    studio.session.change_chain(after, f"chain {number} {' '.join(changes)}", call.now_s)
