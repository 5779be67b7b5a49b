"""Slots and banks."""

from chronus_tui.commands.command import SLOT, WHEN, Command, slot, text, whole
from store.limits import BACKUPS, BANKS

BANK = whole("bank", 1, BANKS, optional=True)
"""The bank of a slot, where that is not the one at hand."""

SLOTS: tuple[Command, ...] = (
    Command("/pattern/save", "Save the working pattern to a slot; what was there is kept as a backup.", (SLOT, BANK)),
    Command(
        "/pattern/load",
        "Load a slot: at the bar, the beat, the end of the pattern or at once; at once when stopped.",
        (SLOT, WHEN, BANK),
    ),
    Command(
        "/pattern/back",
        "Load the slot that was loaded or saved before this one, at the bar unless told otherwise.",
        (WHEN,),
    ),
    Command("/pattern/save_free", "Save the working pattern to the first empty slot of the bank.", (), "slot"),
    Command("/pattern/cancel", "Forget the load that waits."),
    Command("/pattern/slots", "Tell which slots are occupied.", (), "slots"),
    Command("/pattern/clear", "Empty a slot; what was there is kept as a backup.", (SLOT, BANK)),
    Command(
        "/pattern/copy",
        "Copy a slot to another one, out of another bank where one is named; what was there is kept as a backup.",
        (slot("from"), slot("to"), whole("from_bank", 1, BANKS, optional=True)),
    ),
    Command(
        "/pattern/move",
        "Move a slot to another one, out of another bank where one is named; what was in either is kept as a backup.",
        (slot("from"), slot("to"), whole("from_bank", 1, BANKS, optional=True)),
    ),
    Command(
        "/pattern/swap",
        "Let two slots change places; the second may lie in another bank.",
        (slot("slot"), slot("other"), whole("other_bank", 1, BANKS, optional=True)),
    ),
    Command(
        "/pattern/rename",
        "Rename the pattern in a slot, and the working pattern with it where it came from there.",
        (SLOT, text("name"), BANK),
    ),
    Command("/pattern/backups", "Tell what was replaced in a slot, the newest first.", (SLOT, BANK), "backups"),
    Command(
        "/pattern/restore",
        "Let a slot hold what it held before: its newest backup, or the one of a number.",
        (SLOT, whole("number", 1, BACKUPS, optional=True), BANK),
    ),
    Command(
        "/pattern/reload",
        "Take what an editor or git wrote to a slot's file; until then the slot is what it was.",
        (SLOT, BANK),
        "name",
    ),
    Command(
        "/pattern/bank",
        "Have the slots of another bank at hand, or tell which bank it is; what plays goes on.",
        (whole("bank", 1, BANKS, optional=True),),
        "bank",
    ),
)
