"""Rings in the state, by which one thread hands entries to another: one writes, one reads, neither ever waits.

A ring has a `head`, the number of entries ever written, a `tail`, the number ever taken, and room for the `entries`
between them. The writer fills the free place and publishes it; the reader looks at the oldest and gives it up.
"""

from typing import Any

from dsp.kernels import kernel
from dsp.memory import load_acquire, store_release


@kernel
def free_place(ring: Any) -> int:
    """Where the writer's next entry goes, or -1 where the ring is full."""
    head = ring.head[0]
    places = len(ring.entries)
    return head % places if head - load_acquire(ring.tail, 0) < places else -1


@kernel
def publish(ring: Any) -> None:
    """Let the reader see the entry in the free place."""
    store_release(ring.head, 0, ring.head[0] + 1)


@kernel
def oldest_place(ring: Any) -> int:
    """Where the entry lies that was published first and not taken yet, or -1 where there is none."""
    tail = ring.tail[0]
    return tail % len(ring.entries) if tail != load_acquire(ring.head, 0) else -1


@kernel
def give_up(ring: Any) -> None:
    """Let the writer have the place of the oldest entry."""
    store_release(ring.tail, 0, ring.tail[0] + 1)
