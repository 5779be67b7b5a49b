"""What the terminal would be sent, and how much of it a slow line takes."""

from textual._compositor import ChopsUpdate
from textual.screen import Screen

from chronus_tui.ui.app import ChronusApp
from chronus_tui.ui.spans import SpanUpdate

LIMIT = 12_000
STATUS_S = 0.05


class Recording(ChronusApp):
    """Keeps what the terminal would have been sent."""

    sent: str = ""

    def _display(self, screen: Screen, renderable: object) -> None:
        if isinstance(renderable, ChopsUpdate):
            assert not self.running_main() or isinstance(renderable, SpanUpdate)
            self.sent += renderable.render_segments(self.console)
        super()._display(screen, renderable)

    def running_main(self) -> bool:
        return self.screen is self.main
