"""A WAV file that is there when it is whole, and not before."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from store.errors import disk_failure
from store.wav.writer import WavWriter

Made = TypeVar("Made")

CHANNELS = 2


def write_whole(out: Path, rate: int, bits: int, fill: Callable[[WavWriter], Made], durable: bool = True) -> Made:
    """Let `fill` write the WAV file `out`, whole or not at all: it bears another name until it is done. What
    was there is replaced. `durable` as WavWriter takes it. Raises StoreError."""
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with WavWriter(partial, rate, CHANNELS, bits, durable=durable) as wav:
            made = fill(wav)
        partial.replace(out)
    except OSError as error:
        raise disk_failure("write", out, error) from error
    finally:
        partial.unlink(missing_ok=True)
    return made
