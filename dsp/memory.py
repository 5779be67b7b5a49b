"""The memory operations that let one thread hand data, or the right to make sound, to another without a lock.

A writer fills a place in a ring, then publishes its new head with `store_release`; a reader takes
the head with `load_acquire` before it looks at the place. On x86 plain loads and stores would do; on
ARM boards they may be seen out of order, so the ordering is spelled out in the machine code.

What each of these does is told, and built, in `memory_instructions`.
"""

from typing import Any

from dsp.kernels import Instruction


def _named(name: str) -> Any:
    return Instruction("dsp.memory_instructions", name)


load_acquire = _named("load_acquire")
load_in_order = _named("load_in_order")
store_release = _named("store_release")
exchange = _named("exchange")
sound_at = _named("sound_at")
number_at = _named("number_at")
