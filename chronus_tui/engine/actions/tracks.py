"""Tracks and their steps."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from chronus_tui.engine import edits
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.compile.patterns import played_note
from chronus_tui.engine.parameters import instrument_called
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from dsp import messages
from dsp.sizes import CLIP_FRAMES
from store.clips import Clip, clip_names, read_clip
from store.documents import Pattern, Step

NOTE_SECONDS = 0.25
NOTE_VELOCITY = 0.8


def edit_track(studio: Studio, call: Call, change: Callable[[Pattern, int], Pattern], key: str = "") -> None:
    """Edit the track that the address names; where a load comes in between, the track so named there."""
    name = call.places["track"]
    studio.edit(call, lambda pattern: change(pattern, edits.track_index(pattern, name)), f"{name} {key}" if key else "")


def edit_step(studio: Studio, call: Call, step: int, key: str = "", **changes: Any) -> None:
    """Change some fields of one step, numbered from 1, of the track that the address names."""
    edit_track(studio, call, lambda p, t: edits.with_step(p, t, step - 1, **changes), key)


def _step_now(studio: Studio, call: Call, step: int) -> Step:
    pattern = studio.session.pattern
    return edits.step_of(pattern.tracks[edits.track_index(pattern, call.places["track"])], step - 1)


@action("/track/{track}/step")
def set_step(studio: Studio, call: Call, step: int, on: int, velocity: float | None, note: int | None) -> None:
    """Set or clear one step."""
    changes: dict[str, Any] = {"on": bool(on), "tie": False}
    if velocity is not None:
        changes["velocity"] = velocity
    if note is not None:
        changes["note"] = note
    edit_step(studio, call, step, **changes)


@action("/track/{track}/toggle")
def toggle_step(studio: Studio, call: Call, step: int) -> Results:
    """Turn one step on or off."""
    now = _step_now(studio, call, step)
    on = not (now.on or now.tie)
    edit_step(studio, call, step, on=on, tie=False)
    return (int(on),)


@action("/track/{track}/accent")
def toggle_accent(studio: Studio, call: Call, step: int) -> Results:
    """Turn the accent of one step on, with the step, or off."""
    now = _step_now(studio, call, step)
    accent = not now.accent
    edit_step(studio, call, step, accent=accent, on=now.on or (accent and not now.tie))
    return (int(accent),)


@action("/track/{track}/tie")
def toggle_tie(studio: Studio, call: Call, step: int) -> Results:
    """Turn the tie of one step on or off."""
    now = _step_now(studio, call, step)
    edit_step(studio, call, step, tie=not now.tie)
    return (int(not now.tie),)


@action("/track/{track}/step_note")
def set_step_note(studio: Studio, call: Call, step: int, note: int | None) -> None:
    """Give one step a note of its own, or the track's."""
    edit_step(studio, call, step, f"note {step}", note=note)


@action("/track/{track}/step_velocity")
def set_step_velocity(studio: Studio, call: Call, step: int, velocity: float) -> None:
    """Set how hard one step is struck."""
    edit_step(studio, call, step, f"velocity {step}", velocity=velocity)


@action("/track/{track}/pattern")
def write_steps(studio: Studio, call: Call, text: str) -> None:
    """Write the steps as text."""
    edit_track(studio, call, lambda p, t: edits.with_step_text(p, t, text))


@action("/track/{track}/length")
def set_length(studio: Studio, call: Call, length: int) -> None:
    """Set how many steps play."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, length=length), "length")


@action("/track/{track}/gate")
def set_gate(studio: Studio, call: Call, gate: float) -> None:
    """Set how long an untied note is held."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, gate=gate), "gate")


@action("/track/{track}/mute")
def mute(studio: Studio, call: Call, on: int) -> None:
    """Silence the track or let it sound."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, mute=bool(on)))


@action("/track/{track}/solo")
def solo(studio: Studio, call: Call, on: int) -> None:
    """Hear only the tracks that are soloed."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, solo=bool(on)))


@action("/track/{track}/gain")
def set_gain(studio: Studio, call: Call, gain_db: float) -> None:
    """Set the level."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, gain_db=gain_db), "gain")


@action("/track/{track}/pan")
def set_pan(studio: Studio, call: Call, pan: float) -> None:
    """Place the track between left and right."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, pan=pan), "pan")


@action("/track/{track}/instrument")
def set_instrument(studio: Studio, call: Call, name: str) -> None:
    """Give the track another instrument."""
    edit_track(studio, call, lambda p, t: edits.with_instrument(p, t, name))


@action("/track/{track}/clip")
def set_clip(studio: Studio, call: Call, name: str | None) -> Results | Future[Results]:
    """Let the track play a sound file, read anew."""
    edits.track_index(studio.session.pattern, call.places["track"])
    if not name:
        edit_track(studio, call, lambda p, t: edits.with_track(p, t, clip=""))
        return ("", 0.0)

    def take_up(clip: Clip) -> Results:
        studio.player.clips.put(name, clip)
        edit_track(studio, call, lambda p, t: edits.with_clip(p, t, name))
        return (name, clip.seconds)

    return studio.from_disk(lambda: read_clip(studio.project, name, CLIP_FRAMES), take_up)


@action("/clips/list")
def list_clips(studio: Studio, call: Call) -> Future[Results]:
    """The sound files that a sampler may play."""
    return studio.from_disk(lambda: tuple(clip_names(studio.project)), lambda names: names)


@action("/track/{track}/name")
def rename(studio: Studio, call: Call, name: str) -> None:
    """Rename the track."""
    edit_track(studio, call, lambda p, t: edits.with_track_name(p, t, name))


@action("/track/{track}/clear")
def clear(studio: Studio, call: Call) -> None:
    """Clear all steps."""
    edit_track(studio, call, lambda p, t: edits.with_track(p, t, steps=(Step(),) * p.tracks[t].length))


@action("/track/{track}/note")
def sound_note(studio: Studio, call: Call, note: int, velocity: float | None, seconds: float | None) -> None:
    """Sound a note now."""
    pattern = studio.session.pattern
    track = edits.track_index(pattern, call.places["track"])
    if instrument_called(pattern.tracks[track].instrument) is None:
        raise CommandRefused(f"Track {pattern.tracks[track].name} has no instrument that can sound.")
    studio.session.publish()
    length_s = NOTE_SECONDS if seconds is None else seconds
    studio.player.push(
        messages.NOTE,
        frame=call.frame,
        a=track,
        x=played_note(pattern, pattern.tracks[track], note),
        y=NOTE_VELOCITY if velocity is None else velocity,
        ticket=max(1, round(length_s * studio.player.rate)),
    )


@action("/tracks/add")
def add_track(studio: Studio, call: Call, instrument: str, name: str | None) -> Results:
    """Add a track."""
    studio.edit(call, lambda pattern: edits.with_new_track(pattern, instrument, name))
    return (studio.session.pattern.tracks[-1].name,)


@action("/tracks/remove")
def remove_track(studio: Studio, call: Call, name: str) -> None:
    """Remove a track."""
    studio.edit(call, lambda pattern: edits.without_track(pattern, edits.track_index(pattern, name)))
