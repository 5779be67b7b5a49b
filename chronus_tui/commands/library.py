"""The library: finding its patterns, and what is done to them there."""

from chronus_tui.commands.command import Argument, Command, switch, text, whole
from store.library.filters import KEYS
from store.limits import BANKS

FILTERS = (Argument("filter", "string", optional=True, many=True),)
CHOSEN = Argument("filter", "string", many=True)
"""Where something is done to many: at least one filter, or "all"."""
NAME = text("name")

LIBRARY: tuple[Command, ...] = (
    Command(
        "/pattern/list",
        f"Tell which patterns of the library all filters find ({' '.join(f'{key}=' for key in KEYS)}).",
        FILTERS,
        "names",
    ),
    Command("/library/browse", "Tell all about the patterns that the filters find, as JSON.", FILTERS, "json"),
    Command(
        "/library/audition",
        "Hear a pattern of the library in place of the working one from the next bar on; without a name, come back.",
        (text("name", optional=True),),
    ),
    Command(
        "/library/tag",
        "Give a pattern of the library a tag; /library/restore takes it back.",
        (NAME, text("tag")),
        "way_back",
    ),
    Command(
        "/library/untag",
        "Take a tag from a pattern of the library; /library/restore gives it back.",
        (NAME, text("tag")),
        "way_back",
    ),
    Command(
        "/library/favourite",
        "Count a pattern among the favourites (1), or no longer (0).",
        (NAME, switch("favourite")),
        "way_back",
    ),
    Command(
        "/library/template",
        "Let a pattern be a template (1), which is loaded without its name, or no longer (0).",
        (NAME, switch("template")),
        "way_back",
    ),
    Command(
        "/library/about", "Say something about a pattern, which a search finds.", (NAME, text("about")), "way_back"
    ),
    Command(
        "/library/rename",
        "Give a pattern of the library another name, or as genre/name another genre too.",
        (NAME, text("new")),
        "name way_back",
    ),
    Command(
        "/library/delete",
        "Move a pattern of the library to the trash; /library/restore brings it back.",
        (NAME,),
        "name way_back",
    ),
    Command("/library/trash", "Tell what is in the trash: when it was deleted, and its name.", (), "deleted"),
    Command(
        "/library/restore",
        "Bring back a pattern out of the trash, or where it is not there what it was before its last change.",
        (NAME, whole("number", 1, 1000, optional=True)),
        "name",
    ),
    Command(
        "/library/export",
        "Write the patterns that the filters find to patterns/export/NAME.zip, where no such file is yet.",
        (NAME, *FILTERS),
        "path count left_out",
    ),
    Command(
        "/library/export_bank",
        "Write the bank at hand, or another one, to patterns/export/NAME.zip, where no such file is yet.",
        (NAME, whole("bank", 1, BANKS, optional=True)),
        "path count left_out",
    ),
    Command(
        "/library/files",
        "Tell which MIDI files and archives lie in patterns/export, the latest first; with words, those that hold all "
        "of them.",
        (text("words", optional=True),),
        "names",
    ),
    Command(
        "/library/import",
        "Take patterns/export/NAME.zip: patterns to the library, a bank's to the slots of the bank at hand.",
        (NAME,),
        "kind count",
    ),
    Command(
        "/library/tag_many",
        "Give a tag to all patterns that the filters find, or to all.",
        (text("tag"), CHOSEN),
        "changed found problems",
    ),
    Command(
        "/library/untag_many",
        "Take a tag from all patterns that the filters find, or from all.",
        (text("tag"), CHOSEN),
        "changed found problems",
    ),
    Command(
        "/library/convert",
        "Write the files of older versions anew that the filters find, or all; a backup of each is kept.",
        (CHOSEN,),
        "changed found problems",
    ),
    Command(
        "/library/midi",
        "Write all that the filters find, or all, to patterns/export/GENRE/NAME.mid.",
        (CHOSEN,),
        "written found problems",
    ),
    Command(
        "/library/render",
        "Write so many bars of all that the filters find, or of all, to patterns/export/GENRE/NAME.wav.",
        (whole("bars", 1, 10_000), CHOSEN),
        "rendered found problems",
    ),
    Command(
        "/library/cancel",
        "Cancel what is done to many patterns; what is done already stays.",
        (),
        "what done of",
    ),
    Command(
        "/library/undo",
        "Take back the last change of the library that was made over this engine; what came with an archive stays.",
    ),
    Command("/library/redo", "Do again what was last taken back in the library."),
    Command("/library/empty_trash", "Delete for good what is in the trash.", (), "count"),
)
