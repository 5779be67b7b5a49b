"""How an engine is started: what `chronus engine` takes, and what a client hands on when it starts one."""

import msgspec

from chronus_tui.engine.defaults import DEFAULT_BLOCK, DEFAULT_OSC_HOST, DEFAULT_OSC_PORT, DEFAULT_RATE

READY = "ready"
PROGRESS = "progress "
"""How the lines begin that a starting engine says to whoever started it."""


class EngineOptions(msgspec.Struct, frozen=True):
    """What a person may choose about an engine.

    device    part of a device's name, "null" for the silent clock, None for the system's default
    rate      frames a second
    block     frames the device is asked to take at a time
    osc_host  where OSC is heard; the machine itself unless told otherwise
    osc_port  0 takes any that is free
    """

    device: str | None = None
    rate: int = DEFAULT_RATE
    block: int = DEFAULT_BLOCK
    osc_host: str = DEFAULT_OSC_HOST
    osc_port: int = DEFAULT_OSC_PORT

    def arguments(self) -> list[str]:
        """The same as arguments of `chronus engine`."""
        device = [] if self.device is None else ["--device", self.device]
        return [
            *device,
            *("--rate", str(self.rate)),
            *("--block", str(self.block)),
            *("--osc-host", self.osc_host),
            *("--osc-port", str(self.osc_port)),
        ]
