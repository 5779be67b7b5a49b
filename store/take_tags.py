"""What a file that is no WAV tells of its take: its name, and in its comment when it began, how fast, and its marks.

Libsndfile writes a few texts to such files and no marks; so those stand in the comment, a line each, by their time:

    began 2026-11-21 21:00:00.000
    tempo 125 BPM
    0:00:00.000 slot 007 acid night
    0:01:12.345 here

The exact frames are in the take's note.
"""

from datetime import datetime, timedelta

from store.documents import Take
from store.take_files import marks, start_time

_LAST_LINE_BYTES = 500


def tags_of(take: Take, first: int, frames: int, most_bytes: int) -> dict[str, str]:
    """The texts for a file of `frames` frames that begins at frame `first` of `take`, by libsndfile's names.

    most_bytes  of the comment: where the marks take more, it tells how many are left out
    """
    began = start_time(take) + timedelta(seconds=first / take.rate)
    lines = [f"began {began.isoformat(' ', 'milliseconds')}", f"tempo {float(take.bpm):g} BPM"]
    left = marks(take, first, frames)
    room = most_bytes - _LAST_LINE_BYTES - sum(map(_bytes, lines))
    for number, (frame, name) in enumerate(left):
        line = f"{_time(frame / take.rate)} {name}"
        room -= _bytes(line)
        if room < 0:
            lines.append(f"{len(left) - number} more in {take.name}.json")
            break
        lines.append(line)
    return {"title": take.name, "date": f"{began:%Y-%m-%d}", "comment": "\n".join(lines), "software": "Chronus"}


def _bytes(line: str) -> int:
    return len(line.encode()) + 1


def _time(seconds: float) -> str:
    """Such as 0:01:12.345."""
    return (datetime.min + timedelta(seconds=seconds)).strftime(f"{int(seconds // 3600)}:%M:%S.%f")[:-3]
