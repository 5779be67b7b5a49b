"""Takes the picture in the README: the screen of an engine that runs, as Textual exports it.

python tests/ui/picture.py PROJECT OUT.svg [120x40] [KEY...]    the keys are pressed at the beginning of a bar
"""

import asyncio
import re
import sys
from functools import partial
from pathlib import Path

from chronus_tui.link import LinkClient
from chronus_tui.ui.app import ChronusApp

SETTLE_S = 0.4
"""Time for what the engine tells to arrive, and for a load to be announced."""
LOOK_S = 0.02
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


async def picture(project: Path, columns: int, rows: int, keys: list[str]) -> str:
    """The screen of `project`'s engine after `keys`, as SVG. Raises EngineUnreachable where none runs."""
    app = ChronusApp(partial(LinkClient, project))
    async with app.run_test(size=(columns, rows)) as pilot:
        await pilot.pause(SETTLE_S)
        while app.model.status is not None and app.model.status.playing and app.model.status.beat != 1:
            await pilot.pause(LOOK_S)
        await pilot.press(*keys)
        await pilot.pause(SETTLE_S)
        return self_contained(app.export_screenshot(title="Chronus", simplify=True))


def self_contained(svg: str) -> str:
    """`svg` with the reader's own fonts, none fetched from elsewhere, and with its blanks kept by every renderer."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("font-family: Fira Code, monospace", f"font-family: {FONTS}")
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE).replace("<svg ", '<svg xml:space="preserve" ', 1)


def main() -> None:
    """Take the picture."""
    project, out, *rest = sys.argv[1:]
    size, *keys = rest or ["120x40"]
    columns, rows = (int(part) for part in size.split("x"))
    Path(out).write_text(asyncio.run(picture(Path(project), columns, rows, keys)), encoding="utf-8")


if __name__ == "__main__":
    main()
