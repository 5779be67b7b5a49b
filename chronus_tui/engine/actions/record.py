"""Recording."""

from concurrent.futures import Future

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused

BITS_OF_FORMAT = {"wav": 24, "wav24": 24, "wav16": 16, "wav32": 32, "24": 24, "16": 16, "32": 32}


@action("/record/start", "/engine/record/start")
def start(studio: Studio, call: Call, name: str | None, form: str | None) -> Future[Results]:
    """Start a take."""
    bits = BITS_OF_FORMAT.get(form or "wav")
    if bits is None:
        raise CommandRefused(f"There is no recording format {form!r}; there are {', '.join(BITS_OF_FORMAT)}.")
    session = studio.session
    return studio.recorder.start(name, bits, float(session.pattern.bpm), session.slot, session.pattern.name)


@action("/record/stop", "/engine/record/stop")
def stop(studio: Studio, call: Call) -> Future[Results]:
    """Close the take."""
    return studio.recorder.stop()


@action("/record/status", "/engine/record/status")
def status(studio: Studio, call: Call) -> Results:
    """The running take, or the last one."""
    now = studio.recorder.status()
    return int(now.active), now.path, now.seconds, now.frames, now.dropped
