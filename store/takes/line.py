"""A take as a list shows it: the shelf writes such lines, the screen reads them."""

import msgspec


class TakeLine(msgspec.Struct, frozen=True):
    """A take as far as it is, where it still grows.

    coding      of its files, such as "wav24"
    started     local time, as ISO 8601 writes it
    files       how many hold its sound
    lufs        integrated loudness, None where it was not measured
    dropped     frames that were lost
    clipped     samples that were cut off
    doing       what is done to it now, "recording" or "becomes flac", or empty
    problem     why it cannot be played, or empty
    """

    name: str
    seconds: float = 0.0
    coding: str = ""
    started: str = ""
    files: int = 0
    size_bytes: int = 0
    lufs: float | None = None
    dropped: int = 0
    clipped: int = 0
    doing: str = ""
    problem: str = ""
