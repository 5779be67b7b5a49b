"""Writes a picture of the screen as Textual exports it, from the fake engine, the same each time.

python tests/ui/picture.py OUT.svg [120x40]
"""

import asyncio
import sys
from pathlib import Path

from fake_engine import FakeEngine

from chronus_tui.ui.app import ChronusApp

STATUS_S = 0.05


async def picture(columns: int, rows: int) -> str:
    """The screen while it plays and records, with a load that waits, as SVG."""
    engine = FakeEngine()
    now_s = [0.0]
    app = ChronusApp(engine.connect, clock=lambda: now_s[0])
    async with app.run_test(size=(columns, rows)) as pilot:
        await pilot.press("down", "right", "right", "space", "r")
        for _ in range(660):
            now_s[0] += STATUS_S
            engine.run_for(STATUS_S)
        await pilot.press("enter", "4", "2")
        await pilot.pause()
        return app.export_screenshot(title="Chronus", simplify=True)


def main() -> None:
    """Write the picture."""
    columns, rows = (int(part) for part in (sys.argv[2] if len(sys.argv) > 2 else "100x30").split("x"))
    Path(sys.argv[1]).write_text(asyncio.run(picture(columns, rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
