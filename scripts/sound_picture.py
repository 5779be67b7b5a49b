"""A picture of a sound: its waveform above its spectrogram, the bottom at 30 Hz and the top at 20 kHz, by octaves.

Drawn here rather than by ffmpeg, whose spectrogram of half a minute takes half a minute.
"""

import struct
import zlib
from pathlib import Path

import numpy as np

LOWEST_HZ, HIGHEST_HZ = 30.0, 20_000.0
DARKEST_DB, BRIGHTEST_DB = -84.0, -6.0
"""Of a sine as loud as full scale."""
WINDOW = 4096
COLOURS = np.array([(0, 0, 4), (59, 15, 112), (140, 41, 129), (222, 73, 104), (254, 159, 109), (252, 253, 191)])
PAPER, INK, CORE = (16, 18, 24), (79, 195, 247), (179, 229, 252)


def draw(sound: np.ndarray, rate: int, path: Path, width: int = 1200, height: int = 480) -> None:
    """Write the picture of `sound`, (frames, channels) float32, as a PNG of `width` by `height` points."""
    mono = sound.mean(axis=1)
    top = height // 4
    _write_png(path, np.vstack([_waveform(sound, width, top), _spectrogram(mono, rate, width, height - top)]))


def _waveform(sound: np.ndarray, width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8: from the lowest to the highest sample of all channels, and the power within."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = PAPER
    rows = np.linspace(1.0, -1.0, height)[:, None]
    pieces = [piece for piece in np.array_split(sound, width) if len(piece)]
    reach = np.array([(piece.min(), piece.max(), np.sqrt(np.mean(piece**2))) for piece in pieces]).T
    inked = (rows >= reach[0] - 1.0 / height) & (rows <= reach[1] + 1.0 / height)
    picture[:, : len(pieces)][inked] = INK
    picture[:, : len(pieces)][inked & (abs(rows) <= reach[2])] = CORE
    return picture


def _spectrogram(mono: np.ndarray, rate: int, width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8, of (frames,) float32."""
    padded = np.pad(mono, WINDOW // 2)
    starts = np.linspace(0, len(mono) - 1, width).astype(int)
    window = np.hanning(WINDOW)
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, height + 1) * WINDOW / rate
    lowest = np.minimum(edges[:-1].astype(int), WINDOW // 2 - 1)
    highest = np.maximum(lowest + 1, np.ceil(edges[1:]).astype(int))
    levels = np.empty((height, width))
    for column, start in enumerate(starts):
        power = np.abs(np.fft.rfft(padded[start : start + WINDOW] * window) * 2.0 / window.sum()) ** 2
        levels[:, column] = [power[low:high].max() for low, high in zip(lowest, highest, strict=True)]
    bright = (10.0 * np.log10(levels + 1e-12) - DARKEST_DB) / (BRIGHTEST_DB - DARKEST_DB)
    place = np.clip(bright[::-1], 0.0, 1.0) * (len(COLOURS) - 1)
    # 48 shades look smooth, and make the file a third as large.
    place = np.round(place * 48 / len(COLOURS)) * len(COLOURS) / 48
    shades = [np.interp(place, np.arange(len(COLOURS)), COLOURS[:, part]) for part in range(3)]
    return np.stack(shades, axis=2).astype(np.uint8)


def _write_png(path: Path, picture: np.ndarray) -> None:
    """Write (height, width, 3) uint8."""
    height, width, _ = picture.shape
    lines = np.zeros((height, 1 + 3 * width), np.uint8)
    lines[:, 1:] = picture.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    content = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
