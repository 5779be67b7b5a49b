"""Chains: slots of any bank that play one after another."""

from chronus_tui.commands.command import SLOT, Argument, Command, number, switch, text, whole
from store.limits import BANKS, CHAIN_MAX, REPEATS_MAX

_ENTRY = whole("entry", 1, CHAIN_MAX)
_BANK = whole("bank", 1, BANKS, optional=True)
_REPEATS = whole("repeats", 1, REPEATS_MAX, optional=True)

CHAINS: tuple[Command, ...] = (
    Command(
        "/pattern/chain",
        "Make a chain of slots and play it: 1 2 5:1x4 is slot 1, slot 2, then slot 1 of bank 5 four times.",
        (Argument("entries", "string", many=True),),
    ),
    Command("/chain/add", "Add a slot to the chain, at its end.", (SLOT, _BANK, _REPEATS), "entry"),
    Command("/chain/remove", "Take an entry out of the chain.", (_ENTRY,)),
    Command("/chain/move", "Move an entry of the chain to another place.", (_ENTRY, whole("to", 1, CHAIN_MAX))),
    Command(
        "/chain/set",
        "Let an entry of the chain be another slot, played so many rounds; a round is as long as the longest track.",
        (_ENTRY, SLOT, _BANK, _REPEATS),
    ),
    Command(
        "/chain/repeats",
        "Set how many rounds an entry of the chain plays.",
        (_ENTRY, whole("repeats", 1, REPEATS_MAX)),
    ),
    Command(
        "/chain/bpm",
        "Let an entry of the chain play at a tempo of its own, or at the pattern's where none is given.",
        (_ENTRY, number("bpm", 20, 300, optional=True)),
    ),
    Command(
        "/chain/mute",
        "Mute a track where an entry of the chain plays (1), let it sound (0), or change over.",
        (_ENTRY, text("track"), Argument("on", "switch", optional=True)),
        "on",
    ),
    Command("/chain/loop", "Begin the chain again after its last entry, or stop there.", (switch("on"),)),
    Command("/chain/clear", "Take all entries out of the chain."),
    Command(
        "/chain/play",
        "Play the chain, from its first entry unless told otherwise: from the next bar on, at once when stopped.",
        (whole("entry", 1, CHAIN_MAX, optional=True),),
    ),
    Command("/chain/stop", "Leave the chain; the pattern that plays goes on."),
    Command("/chain/show", "Tell the entries of the chain, in order.", (), "entries"),
    Command("/chain/list", "Tell which chains are saved.", (), "names"),
    Command(
        "/chain/save",
        "Save the chain to patterns/chains, under its name or another one; what was there is kept as a backup.",
        (text("name", optional=True),),
        "path",
    ),
    Command("/chain/load", "Have a saved chain at hand; what plays goes on.", (text("name"),)),
)
