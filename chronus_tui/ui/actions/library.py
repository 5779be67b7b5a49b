"""What the keys of the library page do."""

from typing import NamedTuple

from chronus_tui.commands import Command, match
from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions import entry, everywhere
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.library_page import Listed, before_text, quoted
from chronus_tui.ui.model import Model, Order
from store.library.tags import FAVOURITE, TEMPLATE


class Question(NamedTuple):
    """What is asked for: a command, the words with which its line begins, and the arguments that follow what is typed
    and are not shown."""

    command: Command
    words: str
    more: tuple[str, ...] = ()


def look(model: Model) -> Order:
    """Ask for what the page shows."""
    address, arguments = model.browser.question()
    return Order(address, arguments)


def turn_to_library(model: Model, press: Press) -> Order | None:
    """Show the library, or go back from it."""
    if model.page == "library":
        return everywhere.leave_library(model)
    model.page = "library"
    return look(model)


def move(by: int) -> Action:
    """An action that goes `by` patterns down."""

    def act(model: Model, press: Press) -> None:
        model.browser.move(by)

    return act


def other_view(by: int) -> Action:
    """An action that looks among others: favourites, recent ones, templates, the trash."""

    def act(model: Model, press: Press) -> Order:
        model.browser.turn_to(by)
        return look(model)

    return act


def find(model: Model, press: Press) -> None:
    """Let the keys be letters of what is looked for."""
    model.browser.typing = True


def type_letter(model: Model, press: Press) -> Order:
    """Look for one letter more."""
    model.browser.type(" " if press.key == "space" else press.key)
    return look(model)


def take_letter_back(model: Model, press: Press) -> Order:
    """Look for one letter less."""
    model.browser.typed = model.browser.typed[:-1]
    return look(model)


def end_typing(model: Model, press: Press) -> None:
    """Let the keys be keys again; what was looked for stays."""
    model.browser.typing = False


def load(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else load the pattern, at the bar or when it was typed before, or
    bring it back out of the trash."""
    when = entry.line_typed(model)
    if model.entry.pending:
        return entry.choice_order(model, model.entry.enter(model.loaded))
    row = require(model)
    if row.deleted:
        return Order("/library/restore", (row.full_name,))
    return Order("/pattern/load_file", (row.full_name,) if when is None else (row.full_name, when))


def audition(model: Model, press: Press) -> Order:
    """Hear the pattern at the next bar, or come back where it is heard."""
    row = _require_kept(model)
    heard = model.status.audition if model.status is not None else ""
    return Order("/library/audition", () if heard == row.full_name else (row.full_name,))


def favour(model: Model, press: Press) -> Order:
    """Count the pattern among the favourites, or no longer."""
    row = _require_kept(model)
    return Order("/library/favourite", (row.full_name, int(FAVOURITE not in row.tags)))


def make_template(model: Model, press: Press) -> Order:
    """Let the pattern be a template, or no longer."""
    row = _require_kept(model)
    return Order("/library/template", (row.full_name, int(TEMPLATE not in row.tags)))


def mark(model: Model, press: Press) -> None:
    """Mark the pattern, or no longer, and go to the next."""
    name = _require_kept(model).full_name
    model.browser.marked ^= {name}
    model.browser.move(1)


def mark_all(model: Model, press: Press) -> None:
    """Mark all that are listed; where any are marked, none."""
    _require_kept(model)
    marked = model.browser.marked
    model.browser.marked = set() if marked else {row.full_name for row in model.browser.rows}


def delete(model: Model, press: Press) -> Order:
    """Move the pattern to the trash."""
    return Order("/library/delete", (_require_kept(model).full_name,))


def undo(model: Model, press: Press) -> Order:
    """Take back the last change of the library."""
    return Order("/library/undo")


def redo(model: Model, press: Press) -> Order:
    """Do again what was taken back."""
    return Order("/library/redo")


def restore(model: Model, press: Press) -> Order:
    """Bring back what the pattern was before, or the pattern itself out of the trash."""
    return Order("/library/restore", (require(model).full_name,))


MANY: dict[str, tuple[str, str, str]] = {
    "tag": ("/library/tag_many", "", "give a tag"),
    "untag": ("/library/untag_many", "", "take a tag"),
    "MIDI files": ("/library/midi", "", "to patterns/export/GENRE/NAME.mid"),
    "render": ("/library/render", "4", "so many bars, to patterns/export/GENRE/NAME.wav"),
    "archive": ("/library/export", "library", "to patterns/export, as one file to carry away"),
    "convert": ("/library/convert", "", "to the current format"),
}
"""What may be done to many patterns: the command, the words with which its line begins, and what it is."""
CANCEL = "cancel"


def many_question(model: Model, name: str) -> Question:
    """What is asked for where `name` of `MANY` is to be done to what is marked, or else listed."""
    address, words, _ = MANY[name]
    command = match(address)[0]
    return Question(command._replace(arguments=command.arguments[:-1]), words, model.browser.chosen())


def question_of(model: Model, opens: str) -> Question:
    """What a key asks for. Raises CommandRefused."""
    name = {"export": "archive"}.get(opens, opens)
    if model.browser.marked and name in MANY:
        return many_question(model, name)
    address, words = _question_of_one(model, opens)
    return Question(match(address)[0], words)


def _question_of_one(model: Model, opens: str) -> tuple[str, str]:
    """The command for the pattern under the cursor, and the words with which its line begins."""
    match opens:
        case "save to library":
            return "/pattern/save_file", before_text(model.pattern.name)
        case "empty trash":
            return "/library/empty_trash", ""
        case "export":
            return "/library/export", quoted("library", *model.browser.filters()).rstrip()
        case "tag":
            return "/library/tag", quoted(_require_kept(model).full_name)
        case "untag":
            return "/library/untag", quoted(_require_kept(model).full_name)
        case "describe":
            row = _require_kept(model)
            return "/library/about", before_text(row.full_name, row.about)
        case _:
            row = _require_kept(model)
            return "/library/rename", before_text(row.full_name, row.full_name)


def require(model: Model) -> Listed:
    """The pattern that the cursor is on. Raises CommandRefused where there is none."""
    row = model.browser.current
    if row is None:
        raise CommandRefused("There is no pattern here; Esc looks for all again, Tab looks among others.")
    return row


def _require_kept(model: Model) -> Listed:
    row = require(model)
    if row.deleted:
        raise CommandRefused(f"{row.full_name} is in the trash; Enter brings it back.")
    return row
