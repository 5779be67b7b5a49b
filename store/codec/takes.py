"""The note beside a recording, an event and a proof a line."""

from store.codec import reading
from store.codec.format import Format, one_line
from store.codec.json_text import list_block
from store.documents import FileProof, Take, TakeEvent

_COUNT = reading.whole(0, 2**63 - 1)
_event_fields = reading.fields(
    {
        "frame": _COUNT,
        "what": reading.text,
        "name": reading.text,
        "slot": reading.maybe(_COUNT),
        "bank": _COUNT,
        "count": _COUNT,
        "bpm": reading.maybe(reading.number),
    },
    required=("frame", "what"),
)
_proof_fields = reading.fields(
    {"tap": reading.text, "part": reading.whole(1, 2**31 - 1), "sound": reading.text, "file": reading.text},
    required=("tap", "part", "sound", "file"),
)


def _read_event(value: object) -> TakeEvent:
    return TakeEvent(**_event_fields(value))


def _read_proof(value: object) -> FileProof:
    return FileProof(**_proof_fields(value))


def _lines(parts: tuple[TakeEvent, ...] | tuple[FileProof, ...]) -> str:
    return list_block(map(one_line, parts))


_TAKE = Format(
    "chronus-take",
    1,
    Take,
    reading.fields(
        {
            "name": reading.text,
            "started": reading.text,
            "rate": reading.whole(1, 2**32 - 1),
            "channels": reading.whole(1, 2**16 - 1),
            "bits": reading.whole(8, 64),
            "frames": _COUNT,
            "dropped": _COUNT,
            "xruns": _COUNT,
            "clipped": _COUNT,
            "coding": reading.text,
            "encode_to": reading.text,
            "taps": reading.items(reading.text),
            "in_folder": reading.switch,
            "split": reading.switch,
            "parts": reading.items(_COUNT),
            "bpm": reading.number,
            "slot": reading.maybe(_COUNT),
            "pattern": reading.text,
            "device": reading.text,
            "lufs": reading.maybe(reading.number),
            "true_peak": reading.maybe(reading.number),
            "continues": reading.text,
            "proofs": reading.items(_read_proof),
            "replayable": reading.maybe(_COUNT),
            "events": reading.items(_read_event),
            "complete": reading.switch,
        },
        required=("name", "started", "rate", "channels", "bits"),
    ),
    {"proofs": _lines, "events": _lines},
    optional=("proofs", "replayable"),
)
decode_take, encode_take = _TAKE.decode, _TAKE.encode
