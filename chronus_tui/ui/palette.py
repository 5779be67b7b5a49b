"""The command palette: every command of the command table, every page, parameter and preset, found by name."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from chronus_tui.commands import COMMANDS, Command
from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.controls.pages import all_controls
from chronus_tui.ui.model import Model, Page
from chronus_tui.ui.screens.prompt import places

HIDDEN = (
    "/engine/record",
    "/notify",
    "/ping",
    "/sync",
    "/status",
    "/engine/status",
    "/engine/schema",
    "/library/browse",
    "/takes/list",
    "/takes/waveform",
)
"""Second names, and what makes sense to a program alone."""


def offered() -> Iterable[Command]:
    """The commands that a person may choose."""
    return (command for command in COMMANDS if not command.address.startswith(HIDDEN))


def title(command: Command) -> str:
    """A command as the palette lists it, with what it takes."""
    return " ".join(filter(None, (command.address, command.usage())))


def needs_words(command: Command) -> bool:
    """Whether something must be typed before it can be done."""
    return bool(places(command) or command.arguments)


class Chooser(Protocol):
    """The app, as the palette sees it."""

    def choose_command(self, command: Command) -> None:
        """Do what was chosen, asking for its arguments first where it takes any."""

    def choose_control(self, control: Control) -> None:
        """Ask for the value of what was chosen."""

    def choose_preset(self, instrument: str, name: str) -> None:
        """Give the track under the cursor the sound that was chosen."""

    def choose_page(self, page: Page) -> None:
        """Show a page."""

    @property
    def model(self) -> Model:
        """What is known."""


PAGES: tuple[tuple[str, Page, str], ...] = (
    ("sound page", "sound", "Show the sound of the track under the cursor."),
    ("effects page", "effects", "Show the effects and the mixer."),
    ("step page", "steps", "Show all that the steps of the track under the cursor have."),
    ("library page", "library", "Show the library."),
    ("chain page", "chain", "Show the chain."),
    ("takes page", "takes", "Show the record meter and the takes."),
    ("recorder page", "recorder", "Show how takes are made."),
    ("main page", "main", "Show the tracks and the slots."),
)


class CommandProvider(Provider):
    """Offers the command table, the pages, every parameter and every preset to Textual's palette."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for name, page, told in PAGES:
            yield DiscoveryHit(name, partial(self._chooser.choose_page, page), help=told)
        for command in offered():
            yield DiscoveryHit(title(command), self._choose(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """The parameters, presets, commands and pages whose name or help holds what was typed."""
        matcher = self.matcher(query.replace("_", " "))
        for name, page, told in PAGES:
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._chooser.choose_page, page), help=told)
        for control in all_controls(self._chooser.model):
            name = f"{control.owner} {control.setting.name.replace('_', ' ')}"
            if (score := matcher.match(name)) > 0:
                told = f"{control.words}. {control.setting.help}"
                yield Hit(score, matcher.highlight(name), partial(self._chooser.choose_control, control), help=told)
        for instrument, names in self._chooser.model.presets.items():
            for preset in names:
                name = f"{instrument} preset {preset}"
                if (score := matcher.match(name)) > 0:
                    told = f"Give the track under the cursor this sound of {instrument}."
                    choose = partial(self._chooser.choose_preset, instrument, preset)
                    yield Hit(score, matcher.highlight(name), choose, help=told)
        for command in offered():
            name = title(command)
            score = max(matcher.match(name), matcher.match(command.help) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(name), self._choose(command), help=command.help)

    def _choose(self, command: Command) -> Callable[[], None]:
        return partial(self._chooser.choose_command, command)

    @property
    def _chooser(self) -> Chooser:
        return cast(Chooser, self.app)
