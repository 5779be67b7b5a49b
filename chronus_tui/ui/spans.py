"""Sending only the cells that changed.

Textual's compositor knows which spans of a line are dirty, but writes each from the start of its widget:
one step of a track at the right of the screen would cost the whole line. This compositor writes the span
alone, and changes the style only where it changes. It leans on names of Textual that are not public, here
alone; a test counts the bytes.
"""

from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

_COLOR_SYSTEMS: dict[str, ColorSystem] = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class SpanCompositor(Compositor):
    """Textual's compositor, with partial updates as small as they can be."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """The dirty spans, or None where there is none."""
        update = super().render_partial_update()
        return None if update is None else SpanUpdate(update.chops, update.spans, update.chop_ends)


class SpanUpdate(ChopsUpdate):
    """An update that writes the dirty spans, and nothing beside them."""

    def render_segments(self, console: Console) -> str:
        """The spans as what the terminal is sent."""
        color_system = _COLOR_SYSTEMS.get(console.color_system or "")
        sent: list[str] = []
        for y, first, last in self.spans:
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or start >= last or end <= first:
                    continue
                x1, x2 = max(start, first), min(end, last)
                sent.append(f"\x1b[{y + 1};{x1 + 1}H")
                sent.append(_write(strip.crop(x1 - start, x2 - start), color_system))
        return "".join(sent)


def _write(strip: Strip, color_system: ColorSystem | None) -> str:
    sent: list[str] = []
    current = ""
    for text, style, control in strip:
        if control:
            continue
        codes = "" if style is None else _codes(style, color_system)
        if codes != current:
            reset = "0;" if current and codes else ""
            sent.append(f"\x1b[{reset}{codes}m")
            current = codes
        sent.append(text)
    if current:
        sent.append("\x1b[m")
    return "".join(sent)


@lru_cache(maxsize=512)
def _codes(style: Style, color_system: ColorSystem | None) -> str:
    """The numbers that set `style`, without those that set the terminal's own colours."""
    if color_system is None:
        return ""
    written = style.render("x", color_system=color_system)
    if not written.startswith("\x1b["):
        return ""
    codes = written[2 : written.index("m")].split(";")
    return ";".join(_without_defaults(codes))


def _without_defaults(codes: list[str]) -> list[str]:
    kept: list[str] = []
    rest = iter(codes)
    for code in rest:
        if code in ("38", "48"):
            kind = next(rest)
            kept += [code, kind, *(next(rest) for _ in range(1 if kind == "5" else 3))]
        elif code not in ("39", "49"):
            kept.append(code)
    return kept
