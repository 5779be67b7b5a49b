"""Sound as the samples of a WAV file: 16 bits with triangular dither, 24 bits, or floats of 32."""

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]


def samples_of(frames: Frames, bits: int, dither: "np.random.Generator | None") -> tuple[memoryview, int]:
    """`frames` as the bytes of the file, little-endian, and how many samples were over full scale and are cut off.
    What is no number is written as silence. 16 bits are dithered."""
    if bits == 32:
        return np.ascontiguousarray(frames, "<f4").data.cast("B"), 0
    full_scale = np.float32(2 ** (bits - 1))
    scaled = np.multiply(frames, full_scale, order="C")
    clipped = 0
    if not (scaled.min() >= -full_scale and scaled.max() <= full_scale):  # nor is it where one is no number
        clipped = int(np.count_nonzero(np.abs(frames) > 1.0))
        scaled = np.nan_to_num(scaled, copy=False, nan=0.0, posinf=float(full_scale), neginf=-float(full_scale))
    if dither is not None:
        noise = dither.random(frames.shape, np.float32)
        noise -= dither.random(frames.shape, np.float32)
        scaled += noise
    np.rint(scaled, out=scaled)
    np.clip(scaled, -full_scale, full_scale - 1, out=scaled)
    if bits == 16:
        return scaled.astype("<i2").data.cast("B"), clipped
    return _packed(scaled.astype("<i4").reshape(-1)), clipped


def _packed(whole: npt.NDArray[np.int32]) -> memoryview:
    """The low three bytes of each number: four numbers at a time make three words, which takes a third of the time
    that copying bytes does."""
    count = len(whole)
    fours = np.zeros((-(-count // 4), 4), "<u4")
    fours.reshape(-1)[:count] = whole.view("<u4")
    fours &= np.uint32(0xFFFFFF)
    words = np.empty((len(fours), 3), "<u4")
    np.bitwise_or(fours[:, 0], fours[:, 1] << np.uint32(24), out=words[:, 0])
    np.bitwise_or(fours[:, 1] >> np.uint32(8), fours[:, 2] << np.uint32(16), out=words[:, 1])
    np.bitwise_or(fours[:, 2] >> np.uint32(16), fours[:, 3] << np.uint32(8), out=words[:, 2])
    return words.data.cast("B")[: 3 * count]
