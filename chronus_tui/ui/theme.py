"""What the screen's colours mean, each one thing: playing, queued, edited, recording, fault.

Everything else is the terminal's own foreground, bold, grey or reversed, on the terminal's own background:
that reads on light and dark terminals, and costs the fewest bytes on a slow line. The colours are of middle
brightness for the same reason.
"""

from enum import Enum

from rich.style import Style


class Paint(Enum):
    """How one cell looks, by what it means."""

    PLAIN = Style()
    STRONG = Style(bold=True)
    DIM = Style(color="color(244)")
    RULE = Style(color="color(240)")
    TITLE = Style(bold=True, color="color(244)")
    CURSOR = Style(bold=True, reverse=True)
    PLAYING = Style(bold=True, color="color(71)")
    PLAYHEAD = Style(color="color(71)", reverse=True)
    LEVEL = Style(color="color(71)")
    QUEUED = Style(bold=True, color="color(172)")
    ENTRY = Style(bold=True, color="color(172)", reverse=True)
    EDITED = Style(bold=True, color="color(68)")
    RECORDING = Style(bold=True, color="color(167)")
    FAULT = Style(bold=True, color="color(170)")

    @property
    def fills(self) -> bool:
        """Whether a blank cell shows this paint too."""
        return bool(self.value.reverse)

    @property
    def style(self) -> Style:
        """The style that Textual draws with."""
        return self.value
