"""What a file that is no WAV tells of its take: its name, when it began, how fast it is, and its marks.

The exact frames are in the take's note, and so are the marks that a file had no room for.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from store.documents import Take
from store.takes.files import marks, start_time
from store.takes.formats import TakeFormat
from store.takes.marks import Mark, fitting


class Tags(msgspec.Struct, frozen=True):
    """What stands in a file beside its sound.

    texts  "title", "date", "comment" and "software", where the format has a place for them
    marks  in the order of their frames, no more than are `fitting`
    """

    texts: Mapping[str, str] = msgspec.field(default_factory=dict)
    marks: Sequence[Mark] = ()


def tags_of(take: Take, first: int, frames: int, wanted: TakeFormat) -> Tags:
    """The tags for a file of `frames` frames that begins at frame `first` of `take`."""
    began = start_time(take) + timedelta(seconds=first / take.rate)
    lines = [f"began {began.isoformat(' ', 'milliseconds')}", f"tempo {float(take.bpm):g} BPM"]
    there = marks(take, first, frames)
    told = fitting(wanted, there, take.rate)
    if len(told) < len(there):
        lines.append(f"{len(there) - len(told)} more marks in {take.name}.json")
    texts = {"title": take.name, "date": f"{began:%Y-%m-%d}", "comment": "\n".join(lines), "software": "Chronus"}
    return Tags(texts, told)
