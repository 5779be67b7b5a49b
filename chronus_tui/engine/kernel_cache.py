"""Where the compiled sound is kept between starts, and how a start takes it up.

The folder is named after the text of the whole sound, what compiles it, and the processor: any change compiles into
a new folder, and the old ones are removed.
"""

import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

from chronus_tui.progress import progress_bar
from dsp.doors import DOORS
from dsp.kernels.machine import open_doors, processor

KEPT = 3
"""Folders kept: this one, and those of a version or two that may still run."""

CODE_NAME = "sound.o"
"""The machine code of the whole sound, behind the digest that tells whether it is whole."""


def use_kernel_cache() -> Path:
    """The folder of this very sound, made where it is missing. Where a single kernel is compiled by itself, as tests
    do, numba keeps that beside it: call this before numba is imported. A place that the user has set stays."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else platformdirs.user_cache_path("chronus", appauthor=False) / "kernels"
    name = _fingerprint()
    folder = root if root.name == name else root / name  # as a process finds it that this one has started
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        if not chosen:
            _remove_old(root)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


def open_sound(progress: Callable[[str], None]) -> None:
    """Make the sound ready to be called: from the cache in a moment, or by compiling it, which takes long.

    progress  hears in a line how far the compiling has come, where there is any
    """
    if all(door.address for door in DOORS):
        return
    folder = use_kernel_cache()
    code = _read(folder)
    if code is None:
        with _alone_in(folder, progress):
            code = _read(folder) or _compile_into(folder, progress)
    open_doors(code, DOORS)


def sound_name() -> str:
    """What this very sound is called: the same name, the same bits."""
    return _fingerprint()


def is_warm(folder: Path) -> bool:
    """Whether the sound was compiled into `folder` before, as a whole."""
    return _read(folder) is not None


@contextlib.contextmanager
def _alone_in(folder: Path, progress: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other process compiles into `folder`: two would take twice as long, each. Where the folder can
    hold no lock, it can hold no sound either, and each compiles for itself."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "lock")
    with contextlib.suppress(OSError):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress("Another Chronus compiles the sound; this one waits for it.")
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _compile_into(folder: Path, progress: Callable[[str], None]) -> bytes:
    """Compile, and keep what came of it. Where it cannot be kept, the next start compiles again."""
    code = _compile(progress)
    with contextlib.suppress(OSError):
        _write(folder, code)
    return code


def _compile(progress: Callable[[str], None]) -> bytes:
    told = ""

    def tell(share: float) -> None:
        nonlocal told
        line = f"{progress_bar(share)} Compiling the sound, on the first start only."
        if line != told:
            progress(line)
            told = line

    from dsp.kernels.compiler import compile_doors

    code: bytes = compile_doors(DOORS, tell)
    return code


def _read(folder: Path) -> bytes | None:
    """The machine code in `folder`; None where there is none, or it is damaged."""
    try:
        kept = (folder / CODE_NAME).read_bytes()
    except OSError:
        return None
    digest, code = kept[:32], kept[32:]
    return code if hashlib.sha256(code).digest() == digest else None


def _write(folder: Path, code: bytes) -> None:
    partial = folder / f".{CODE_NAME}.{os.getpid()}"
    partial.write_bytes(hashlib.sha256(code).digest() + code)
    partial.replace(folder / CODE_NAME)


@functools.cache
def _fingerprint() -> str:
    """A name for the text of the sound, for what compiles it, and for the processor. Where all of that lies makes no
    difference."""
    package = Path(__file__).parents[2]
    # As text: to sort paths takes longer than to read what they lead to.
    sources = sorted(
        f"{folder}/{name}" for folder, _, names in os.walk(package / "dsp") for name in names if name.endswith(".py")
    )
    digest = hashlib.sha256(processor().encode())
    for source in sources:
        digest.update(source.removeprefix(str(package)).encode())
        digest.update(Path(source).read_bytes())
    for told in _versions():
        digest.update(told.read_bytes())
    return digest.hexdigest()[:16]


def _versions() -> list[Path]:
    """The files in which what compiles the sound tells its version: to ask them by import would take too long."""
    found = (importlib.util.find_spec(name) for name in ("numba", "llvmlite"))
    return [Path(spec.origin).with_name("_version.py") for spec in found if spec and spec.origin]


def _remove_old(root: Path) -> None:
    folders = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
