"""The working pattern: its name, undo, and files that it is written to and read from."""

from chronus_tui.commands.command import WHEN, Argument, Command, number, slot, switch, text, whole
from store.conditions import ROUNDS_MAX
from store.limits import BANKS, LFOS_MAX, SLOTS
from store.scales import ROOTS, SCALES

WRITTEN = Argument("notes", "choice", choices=("played", "all"), optional=True)
"""Which notes a MIDI file has."""
_BANKS = tuple(whole(name, 1, BANKS, optional=True) for name in ("bank_a", "bank_b"))
"""The banks of two slots, where those are not the one at hand."""

PATTERNS: tuple[Command, ...] = (
    Command("/pattern/name", "Name the working pattern.", (text("name"),)),
    Command("/pattern/root", "Set the note that the scale begins on.", (Argument("root", "choice", choices=ROOTS),)),
    Command("/pattern/scale", "Choose the scale.", (Argument("scale", "choice", choices=tuple(SCALES)),)),
    Command(
        "/pattern/scale_lock",
        "Play every note as the nearest one of the scale, or as it is written; drums stay as they are.",
        (switch("lock"),),
    ),
    Command(
        "/pattern/seed",
        "Set the seed of all that is left to chance: the same seed, the same choices.",
        (whole("seed", 0, 2**31 - 1),),
    ),
    Command(
        "/pattern/lfo",
        'Let an LFO of the pattern move a parameter, such as "acid cutoff" or "delay feedback", or nothing: "".',
        (whole("lfo", 1, LFOS_MAX), text("target")),
    ),
    Command("/pattern/genre", "Tell which genre the working pattern is of.", (text("genre"),)),
    Command("/pattern/tag", "Give the working pattern a tag.", (text("tag"),)),
    Command("/pattern/untag", "Take a tag from the working pattern.", (text("tag"),)),
    Command("/pattern/about", "Say something about the working pattern, which a search finds.", (text("about"),)),
    Command("/pattern/save_file", "Save the working pattern to the library.", (text("name"),), "path"),
    Command(
        "/pattern/load_file", "Load a pattern of the library, at the bar unless told otherwise.", (text("name"), WHEN)
    ),
    Command(
        "/pattern/export_midi",
        "Write the working pattern, or a slot, to patterns/export/NAME.mid, once through or so many times: the steps "
        "that its seed plays, or all. What was there is replaced.",
        (
            text("name"),
            whole("rounds", 1, ROUNDS_MAX, optional=True),
            WRITTEN,
            whole("slot", 1, SLOTS, optional=True),
            whole("bank", 1, BANKS, optional=True),
        ),
        "path",
    ),
    Command(
        "/pattern/import_midi",
        "Load patterns/export/NAME.mid, at the bar unless told otherwise; of a long one the rest goes to the library. "
        "With a slot, all goes there and to the next empty ones, and a chain of them is saved.",
        (text("name"), WHEN, whole("slot", 1, SLOTS, optional=True)),
        "patterns names told",
    ),
    Command(
        "/pattern/morph",
        "Let the working pattern be what lies between two slots: 0 is the first, 1 the second.",
        (slot("slot_a"), slot("slot_b"), number("amount", 0, 1), *_BANKS),
    ),
    Command(
        "/pattern/morph_over",
        "Go from one slot to another over so many bars, while it plays; an edit or a load of your own ends it.",
        (slot("slot_a"), slot("slot_b"), number("bars", 0.25, 256), *_BANKS),
    ),
    Command("/pattern/undo", "Take back the last edit, load or change of slots."),
    Command("/pattern/redo", "Do again what was taken back."),
)
