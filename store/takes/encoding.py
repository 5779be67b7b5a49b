"""Making of a captured WAV what was asked for: AIFF, FLAC, Vorbis, Opus.

The new file grows under a name of its own, is read back and compared with the WAV, and only then gets its name.
Until then the WAV stands. Runs on the encoder's thread.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from store.atomic import sync_folder
from store.errors import StoreError, disk_failure
from store.takes.formats import TakeFormat
from store.takes.marks import append_markers, comment_fields, comment_for, put_fields
from store.takes.tags import Tags

PARTIAL_SUFFIX = ".encoding"
AIFF_MAX_BYTES = 2**32 - 2**24
"""Of the WAV: it leaves room for the markers."""
BLOCK = 16_384
"""Frames at a time. libsndfile's Vorbis overflows its stack on some 64k at once."""


class Stopped(Exception):
    """Encoding was given up because the engine ends; it is begun again at the next start."""


@contextlib.contextmanager
def claimed(first: Path) -> Iterator[bool]:
    """Whether the take whose first WAV is given is nobody else's to finish, while this goes on: engines of other
    projects may record to the same folder. A claim ends with its process."""
    try:
        import fcntl

        descriptor = os.open(first, os.O_RDONLY)
    except (ImportError, OSError):  # such a system has no claims; or it is gone, and what is left to do is the same
        yield True
        return
    ours = True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        ours = False
    except OSError:
        pass  # some network file systems know none
    try:
        yield ours
    finally:
        os.close(descriptor)


def encode(
    wav: Path,
    target: Path,
    wanted: TakeFormat,
    tags: Tags,
    progress: Callable[[float], None],
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Make `target` of `wav`; how many frames it has.

    progress  called with the share that is done, 0..1
    stopped   asked before each block of BLOCK frames is read; Stopped is raised where it says so

    A `target` that is there already is taken for the work of an engine that was killed where it holds the same sound.
    Raises StoreError where it holds another, or the disk refuses; then all stands as it did.
    """
    if target.exists():
        return _accept(wav, target, wanted, stopped)
    _refuse_too_long(wav, target, wanted)
    partial = target.with_name(target.name + PARTIAL_SUFFIX)
    try:
        frames = _write(wav, partial, wanted, tags, lambda done: progress(done * 0.6), stopped)
        _verify(wav, partial, wanted, lambda done: progress(0.6 + done * 0.4), stopped)
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _name(partial, target)
        sync_folder(target.parent)
    except OSError as error:
        raise disk_failure("encode", target, error) from error
    except soundfile.LibsndfileError as error:
        raise StoreError(f"Could not encode {target}: {str(error.error_string).strip().rstrip('.')}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return frames


def _accept(wav: Path, target: Path, wanted: TakeFormat, stopped: Callable[[], bool]) -> int:
    try:
        _verify(wav, target, wanted, lambda _: None, stopped)
        return int(soundfile.info(str(target)).frames)
    except (StoreError, soundfile.LibsndfileError) as error:
        raise StoreError(f"Could not encode {target}: another file has that name; move it away.") from error


def _refuse_too_long(wav: Path, target: Path, wanted: TakeFormat) -> None:
    if wanted.container == "AIFF" and wav.stat().st_size > AIFF_MAX_BYTES:
        raise StoreError(f"Could not encode {target}: an AIFF file holds 4 GiB at most; record in parts, or as flac.")


def _name(partial: Path, target: Path) -> None:
    """Give the finished file its name, which nobody must have. Raises OSError."""
    try:
        target.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError:  # this file system knows no second names
        if target.exists():
            raise FileExistsError(errno.EEXIST, "it is there already") from None
        partial.rename(target)


def _write(
    wav: Path,
    partial: Path,
    wanted: TakeFormat,
    tags: Tags,
    progress: Callable[[float], None],
    stopped: Callable[[], bool],
) -> int:
    partial.unlink(missing_ok=True)
    texts, fields = dict(tags.texts), None
    kind = "int32" if wanted.lossless else "float32"
    with (
        soundfile.SoundFile(wav) as source,
        soundfile.SoundFile(
            partial, "x", source.samplerate, source.channels, wanted.subtype, format=wanted.container
        ) as made,
    ):
        if tags.marks and wanted.container != "AIFF":
            fields = comment_fields(texts.get("comment", ""), tags.marks, source.samplerate)
            texts["comment"] = comment_for(fields)
        for tag, text in texts.items():
            setattr(made, tag, text)
        done = 0
        for block in _blocks(source, kind, stopped):
            made.write(block)
            done += len(block)
            progress(done / source.frames)
    if fields is not None:
        put_fields(partial, fields)
    elif tags.marks:
        append_markers(partial, tags.marks)
    return done


def _blocks(source: soundfile.SoundFile, kind: str, stopped: Callable[[], bool]) -> Iterator[Any]:
    """A file's sound from its beginning on. Raises Stopped."""
    while True:
        if stopped():
            raise Stopped
        block = source.read(BLOCK, kind, always_2d=True)
        if not len(block):
            return
        yield block


def _verify(
    wav: Path, partial: Path, wanted: TakeFormat, progress: Callable[[float], None], stopped: Callable[[], bool]
) -> None:
    """Read back what was made. Raises StoreError where it is not the WAV, or, of a lossy one, not as long.

    ffmpeg 5.1 plays a Vorbis file with a single page of sound, a quarter of a second or less, up to 128 frames too
    short or a block too long. The granule position that ends the page is right, and libvorbis and sox go by it.
    """
    with soundfile.SoundFile(wav) as source, soundfile.SoundFile(partial) as made:
        done = 0
        for block in _blocks(made, "int32", stopped):
            if wanted.lossless and not np.array_equal(block, source.read(BLOCK, "int32", always_2d=True)):
                raise StoreError(f"Could not encode {wav}: what was made differs from it near frame {done}.")
            done += len(block)
            progress(done / max(1, source.frames))
        if done != source.frames:
            raise StoreError(f"Could not encode {wav}: what was made has {done} of its {source.frames} frames.")
