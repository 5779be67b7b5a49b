"""Where the compiled sound is kept between starts.

Numba's own cache does not notice that a function which another one calls has changed in another file, so
the folder is named after the text of all of them: any change of the sound, of numba or of numpy compiles
into a new folder, and the old ones are removed.
"""

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import shutil
from pathlib import Path

import platformdirs

KEPT = 3
"""Folders kept: this one, and those of a version or two that may still run."""


def use_kernel_cache() -> Path:
    """Let numba keep its compiled code in the user's cache folder, and tell where. Call it before numba is
    imported: numba reads the setting only then. A place that the user has set stays."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    root = platformdirs.user_cache_path("chronus", appauthor=False) / "kernels"
    folder = root / _fingerprint()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _remove_old(root)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


def is_warm(folder: Path) -> bool:
    """Whether the sound was compiled into `folder` before, as a whole."""
    return (folder / "complete").exists()


def mark_warm(folder: Path) -> None:
    """Note that all of the sound is compiled in `folder`."""
    with contextlib.suppress(OSError):
        (folder / "complete").touch()


def _fingerprint() -> str:
    """A name for the text of the sound, and for what compiles it on this machine."""
    package = Path(__file__).parents[2]
    sources = [*sorted((package / "dsp").rglob("*.py")), package / "chronus_tui" / "engine" / "device.py"]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(str(source).encode())
        digest.update(source.read_bytes())
    for made_by in ("numba", "llvmlite", "numpy"):
        digest.update(importlib.metadata.version(made_by).encode())
    digest.update(f"{platform.machine()} {platform.python_version()}".encode())
    return digest.hexdigest()[:16]


def _remove_old(root: Path) -> None:
    folders = sorted(root.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
