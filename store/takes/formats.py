"""What a take may become: the formats by the names that people give them.

Sound is always captured as WAV. What does not survive a crash while it is written is made of that afterwards.
"""

import msgspec

from store.errors import StoreError


class TakeFormat(msgspec.Struct, frozen=True):
    """One format.

    bits       that the WAV it is captured in has: 32 are floats
    ending     of the finished file
    container  and `subtype`, as libsndfile names them; empty where the captured WAV is the finished file
    lossless   the finished file holds the very samples that were captured
    rates      frames a second that it can hold, empty for any
    """

    name: str
    bits: int
    ending: str = ".wav"
    container: str = ""
    subtype: str = ""
    lossless: bool = True
    rates: tuple[int, ...] = ()

    @property
    def captured(self) -> str:
        """The name of the WAV format that it is captured in."""
        return f"wav{self.bits}"

    @property
    def plain(self) -> bool:
        """Whether the samples lie in the finished file as they are, in whatever order of bytes."""
        return self.container in ("", "AIFF")


_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)

FORMATS: dict[str, TakeFormat] = {
    format_.name: format_
    for format_ in (
        TakeFormat("wav16", 16),
        TakeFormat("wav24", 24),
        TakeFormat("wav32", 32),
        TakeFormat("aiff", 24, ".aiff", "AIFF", "PCM_24"),
        TakeFormat("flac", 24, ".flac", "FLAC", "PCM_24"),
        TakeFormat("ogg", 24, ".ogg", "OGG", "VORBIS", lossless=False),
        TakeFormat("opus", 24, ".opus", "OGG", "OPUS", lossless=False, rates=_OPUS_RATES),
    )
}
OTHER_NAMES = {"wav": "wav24", "16": "wav16", "24": "wav24", "32": "wav32", "aif": "aiff", "vorbis": "ogg"}


def format_named(name: str, rate: int) -> TakeFormat:
    """The format that a person means, for takes of `rate` frames a second.

    Raises StoreError where there is none, or it cannot hold such takes.
    """
    found = FORMATS.get(OTHER_NAMES.get(name.lower(), name.lower()))
    if found is None:
        raise StoreError(f"There is no recording format {name!r}; there are {', '.join(FORMATS)}.")
    if found.container and not _writes(found):
        raise StoreError(f"The libsndfile on this machine writes no {found.name}; record as flac or wav24.")
    if found.rates and rate not in found.rates:
        rates = ", ".join(map(str, found.rates))
        raise StoreError(f"A take of {rate} Hz cannot be {found.name}, which is of {rates} Hz; record as flac or ogg.")
    return found


def _writes(wanted: TakeFormat) -> bool:
    """Whether the libsndfile of this machine does."""
    import soundfile  # it takes long to load, and most of who knows formats need it not

    return bool(soundfile.check_format(wanted.container, wanted.subtype))
