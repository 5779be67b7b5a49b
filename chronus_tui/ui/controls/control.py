"""One setting as it stands, and settings that belong together: what pages are made of."""

import msgspec

from chronus_tui.ui.controls.scales import shown
from chronus_tui.ui.model import Order
from chronus_tui.ui.schema import Setting


class Control(msgspec.Struct, frozen=True):
    """One setting of one module, as it stands.

    module   what its address names: a track by its number from 1, an effect, an LFO; "" where it has a command
    owner    what people call that: the track's or the effect's name
    label    its name in its group
    own      whether it was set, or has its default
    command  what sets it, where it is no parameter of a module; the value comes last
    taken    what the command takes for each choice, where that is not the choice's number
    typed    whether it takes any words: they are typed, and the choices are those that there are so far
    """

    module: str
    owner: str
    setting: Setting
    value: float
    own: bool
    label: str
    command: Order | None = None
    taken: tuple[str, ...] = ()
    typed: bool = False

    @property
    def address(self) -> str:
        """Where it is set."""
        return f"/mod/{self.module}/{self.setting.name}" if self.command is None else self.command.address

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return " ".join(map(str, (self.address, *(self.command.arguments if self.command is not None else ()))))

    @property
    def words(self) -> str:
        """Its value in words."""
        return shown(self.setting, self.value)

    def order(self, value: float) -> Order:
        """The command that sets it."""
        if self.command is None:
            return Order(self.address, (value,))
        whole = self.setting.whole or bool(self.setting.choices)
        told = self.taken[int(value)] if self.taken else int(value) if whole else value
        return Order(self.address, (*self.command.arguments, told))


class Group(msgspec.Struct, frozen=True):
    """Controls that belong together; `mixer` where they are one column of the mixer, a control a track."""

    title: str
    controls: tuple[Control, ...]
    mixer: bool = False
