"""The engine itself: what it does, what it can do, who listens, when it ends."""

from concurrent.futures import Future

import msgspec

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.schema import schema
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused


@action("/status", "/engine/status")
def status(studio: Studio, call: Call) -> Results:
    """All about the engine, as JSON."""
    return (msgspec.json.encode(studio.status()).decode(),)


@action("/engine/schema")
def tell_schema(studio: Studio, call: Call) -> Results:
    """Every command and parameter, as JSON."""
    return (msgspec.json.encode(schema()).decode(),)


@action("/engine/quit")
def end(studio: Studio, call: Call) -> None:
    """End the engine."""
    studio.quit()


@action("/notify")
def notify(studio: Studio, call: Call, on: int) -> None:
    """Send events to this sender, or no longer."""
    sender = call.request.sender
    if sender is None:
        raise CommandRefused("/notify is for OSC; a client of the link has events anyway.")
    if on:
        studio.listeners.add(sender, call.now_s)
    else:
        studio.listeners.remove(sender)


@action("/ping")
def ping(studio: Studio, call: Call) -> None:
    """Keep this listener."""
    if call.request.sender is not None:
        studio.listeners.heard(call.request.sender, call.now_s)


@action("/sync")
def sync(studio: Studio, call: Call, number: int) -> Future[Results]:
    """Answer once all that was sent before has taken effect: on disk, and in the sound."""
    return studio.synced(number)
