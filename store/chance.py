"""Chance that can be repeated: the same numbers that the sound draws, for a file that shall hold what it plays."""

_FIRST, _SECOND, _BITS = 0x7FEB352D, 0x846CA68B, 0xFFFFFFFF


def chance(seed: int, who: int, number: int) -> float:
    """A number 0..1, without 1, that belongs to `number` of `who`: the same for the same seed.

    who     a track, from 0
    number  that of a step of the song
    """
    x = ((who + 1) * _FIRST & _BITS) ^ _mixed(number & _BITS)
    return _mixed(x ^ (seed & _BITS)) / 2.0**32


def _mixed(x: int) -> int:
    """`x`, of 32 bits, with every bit spread over all.

    Source: Wellons, "Prospecting for Hash Functions", 2018, lowbias32.
    """
    x ^= x >> 16
    x = x * _FIRST & _BITS
    x ^= x >> 15
    x = x * _SECOND & _BITS
    return x ^ (x >> 16)
