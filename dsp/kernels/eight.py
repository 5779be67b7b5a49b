"""Eight float32 numbers that are computed side by side, as one value: as wide as a vector unit.

A kernel that is written for one number works for eight of them as well, as long as it chooses by `where` and
not by `if`. Voices of one instrument are rendered in eights, each voice in its own place. Every operation does
to each place just what it does to a single number, so a voice has the same bits wherever it stands.

What each of these does is told, and built, in `eight_instructions`.
"""

from typing import Any

from dsp.kernels import Instruction

WIDTH = 8


def _named(name: str) -> Any:
    return Instruction("dsp.kernels.eight_instructions", name)


where = _named("where")
whichever_is_left = _named("whichever_is_left")
load = _named("load")
store = _named("store")
neighbours = _named("neighbours")
scatter = _named("scatter")
transpose = _named("transpose")
hadamard = _named("hadamard")
later_by_1 = _named("later_by_1")
later_by_2 = _named("later_by_2")
later_by_4 = _named("later_by_4")
carried = _named("carried")
place_of = _named("place_of")
total = _named("total")
anywhere = _named("anywhere")
in_all_places = _named("in_all_places")
whole = _named("whole")
floating = _named("floating")
bits_of = _named("bits_of")
from_bits = _named("from_bits")
