"""Where the sound is taken: as it is heard, before the effects, before the limiter, or in all its parts.

The parts are each track behind its fader, what comes back from each effect that tracks send to, and what the effects
on the whole mix change. Their sum is the mix before the limiter.
"""

from collections.abc import Sequence

import msgspec

from chronus_tui.commands.record import TAPS
from chronus_tui.errors import CommandRefused
from dsp.sizes import TRACKS
from dsp.stems import CHORUS_STEM, DELAY_STEM, DRY_STEM, INSERTS_STEM, MIX_STEM, REVERB_STEM
from store.documents import Track
from store.names import made_safe

MASTER = "master"
_RETURNS = (
    ("chorus", CHORUS_STEM),
    ("delay", DELAY_STEM),
    ("reverb", REVERB_STEM),
    ("inserts", INSERTS_STEM),
)


class Tap(msgspec.Struct, frozen=True):
    """One of them: the name of its file, and its row among the stems, None for the master."""

    name: str
    row: int | None


def chosen(words: str) -> tuple[str, ...]:
    """The taps that a person means, such as "master stems", in their order. Raises CommandRefused."""
    asked = words.replace(",", " ").split()
    for word in asked:
        if word not in TAPS:
            raise CommandRefused(f"There is no tap {word!r}; there are {', '.join(TAPS)}, any of them at once.")
    if not asked:
        raise CommandRefused(f"Name where to take the sound: {', '.join(TAPS)}, any of them at once.")
    return tuple(word for word in TAPS if word in asked)


def taps_of(words: Sequence[str]) -> tuple[Tap, ...]:
    """A tap for each file of a take; the stems of tracks are called by their numbers."""
    taps: list[Tap] = []
    for word in words:
        match word:
            case "dry":
                taps.append(Tap("dry", DRY_STEM))
            case "mix":
                taps.append(Tap("mix", MIX_STEM))
            case "stems":
                taps += [Tap(f"{row + 1:02d}", row) for row in range(TRACKS)]
                taps += [Tap(name, row) for name, row in _RETURNS]
            case _:
                taps.append(Tap(MASTER, None))
    return tuple(taps)


def row_of(name: str) -> int | None:
    """The row among the stems of the tap whose file is called `name`, None for the master. Raises CommandRefused."""
    rows = {tap.name: tap.row for tap in taps_of(TAPS)}
    known = name if name in rows else name.partition(" ")[0]
    if known not in rows:
        raise CommandRefused(f"There is no tap {name!r}.")
    return rows[known]


def is_stem(name: str) -> bool:
    """Whether the tap whose file is called `name` is one part of the mix. Raises CommandRefused."""
    return row_of(name) not in (None, DRY_STEM, MIX_STEM)


def called(taps: Sequence[Tap], tracks: Sequence[Track]) -> tuple[str, ...]:
    """The names of their files, with those of the tracks that there are."""
    return tuple(
        made_safe(f"{tap.name} {tracks[tap.row].name}") if tap.row is not None and tap.row < len(tracks) else tap.name
        for tap in taps
    )
