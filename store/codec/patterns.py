"""Patterns, of the current version and of older ones."""

from collections.abc import Mapping
from typing import Any

from store.codec import reading
from store.codec.format import Format, checked, entries_text
from store.codec.json_text import entries_block, list_block, parsed
from store.codec.lfos import lfo_text, read_lfo
from store.codec.migrations import is_pattern_version_1, pattern_version_1_to_2
from store.codec.tracks import read_track, track_text
from store.documents import Lfo, Pattern, Track
from store.limits import LFOS_MAX, TRACKS_MAX

_BEATS_MAX = 16


def _lfos_text(lfos: tuple[Lfo, ...]) -> str:
    return list_block(map(lfo_text, lfos))


def _tracks_text(tracks: tuple[Track, ...]) -> str:
    return list_block(map(track_text, tracks))


def _effects_text(effects: Mapping[str, Mapping[str, Any]]) -> str:
    return entries_block((name, entries_text(settings)) for name, settings in effects.items())


PATTERN = Format(
    "chronus-pattern",
    2,
    Pattern,
    reading.fields(
        {
            "name": reading.text,
            "genre": reading.text,
            "tags": reading.items(reading.text),
            "about": reading.text,
            "bpm": reading.number,
            "swing": reading.number,
            "beats_per_bar": reading.whole(1, _BEATS_MAX),
            "root": reading.whole(-(2**31), 2**31 - 1),
            "scale": reading.text,
            "scale_lock": reading.switch,
            "seed": reading.whole(0, 2**32 - 1),
            "lfos": reading.items(read_lfo, LFOS_MAX, "LFOs"),
            "tracks": reading.items(read_track, TRACKS_MAX, "tracks"),
            "effects": reading.entries(reading.entries(reading.number)),
        }
    ),
    {"lfos": _lfos_text, "tracks": _tracks_text, "effects": _effects_text},
    optional=("about", "root", "scale", "scale_lock", "seed", "lfos"),
    oldest=2,
)
encode_pattern = PATTERN.encode


def decode_pattern(data: bytes, source: str) -> Pattern:
    """The pattern that a file's bytes hold, brought from an older version to the current one.

    source  the path that errors name

    A track with fewer steps than its length is filled up with rests. Raises DamagedFile with the place of
    what is wrong, or NewerVersion.
    """
    raw = parsed(data, source)
    if is_pattern_version_1(raw):
        return PATTERN.take(checked(pattern_version_1_to_2, raw, source), source)
    return PATTERN.read(raw, source)
