"""The command palette: every command of the command table, found by any part of its name or help."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from chronus_tui.commands import COMMANDS, Command
from chronus_tui.ui.screens.prompt import places

HIDDEN = ("/engine/record", "/notify", "/ping", "/sync", "/status", "/engine/status", "/engine/schema")
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


class CommandProvider(Provider):
    """Offers the command table to Textual's palette."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in offered():
            yield DiscoveryHit(title(command), self._choose(command), help=command.help)

    async def search(self, query: str) -> Hits:
        """The commands whose name or help holds what was typed."""
        matcher = self.matcher(query)
        for command in offered():
            name = title(command)
            score = max(matcher.match(name), matcher.match(command.help) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(name), self._choose(command), help=command.help)

    def _choose(self, command: Command) -> Callable[[], None]:
        return partial(cast(Chooser, self.app).choose_command, command)
