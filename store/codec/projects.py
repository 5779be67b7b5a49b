"""`project.json`: a project's settings, those of recording among them."""

from store.codec import reading
from store.codec.format import Format, field_texts
from store.codec.json_text import entries_block
from store.documents import Project, RecordingSettings
from store.limits import BANKS

_recording_fields = reading.fields(
    {
        "format": reading.text,
        "taps": reading.items(reading.text),
        "keep_s": reading.number,
        "preroll_s": reading.number,
        "split_s": reading.number,
        "split_mb": reading.number,
        "folder": reading.text,
        "when": reading.text,
        "bars": reading.number,
        "clicks": reading.number,
        "level_db": reading.number,
        "silence_s": reading.number,
    }
)


def _read_recording(value: object) -> RecordingSettings:
    return RecordingSettings(**_recording_fields(value))


def _recording_text(recording: RecordingSettings) -> str:
    return entries_block(field_texts(recording, {}))


_PROJECT = Format(
    "chronus-project",
    1,
    Project,
    reading.fields(
        {
            "name": reading.text,
            "bank": reading.whole(1, BANKS),
            "save_on_switch": reading.switch,
            "gzip": reading.switch,
            "recording": _read_recording,
        }
    ),
    {"recording": _recording_text},
)
decode_project, encode_project = _PROJECT.decode, _PROJECT.encode
