"""One setting as it stands, and settings that belong together: what pages are made of."""

from dataclasses import dataclass

from chronus_tui.ui.model import Order
from chronus_tui.ui.scales import shown
from chronus_tui.ui.schema import Setting


@dataclass(frozen=True, slots=True)
class Control:
    """One setting of one module, as it stands.

    module   what its address names: a track by its number from 1, an effect, an LFO; "" where it has a command
    owner    what people call that: the track's or the effect's name
    label    its name in its group
    own      whether it was set, or has its default
    command  what sets it, where it is no parameter of a module; the value comes last
    by_name  whether that value is the name of a choice, of which the first may stand for none
    """

    module: str
    owner: str
    setting: Setting
    value: float
    own: bool
    label: str
    command: Order | None = None
    by_name: bool = False

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
        if not self.by_name:
            whole = self.setting.whole or bool(self.setting.choices)
            return Order(self.address, (*self.command.arguments, int(value) if whole else value))
        name = self.setting.choices[int(value)]
        return Order(self.address, (*self.command.arguments, "" if name == NOTHING else name))


NOTHING = "nothing"
"""The choice of a target that stands for none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together; `mixer` where they are one column of the mixer, a control a track."""

    title: str
    controls: tuple[Control, ...]
    mixer: bool = False
