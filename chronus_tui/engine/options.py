"""How an engine is started: what `chronus engine` takes, and what a client hands on when it starts one.

Light to import, because the command line needs it before anything that makes sound.
"""

from dataclasses import dataclass

DEFAULT_RATE = 48_000
DEFAULT_BLOCK = 256
DEFAULT_OSC_HOST = "127.0.0.1"
DEFAULT_OSC_PORT = 5005
READY = "ready"
PROGRESS = "progress "
"""How the lines begin that a starting engine says to whoever started it."""
NO_DEVICE = "null"
"""The name of the device that is none: the engine then plays on its silent clock."""


@dataclass(frozen=True)
class EngineOptions:
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
