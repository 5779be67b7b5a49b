"""What a step can do besides sounding, and what is done to all steps of a track."""

from chronus_tui.engine import step_edits
from chronus_tui.engine.actions.registry import action
from chronus_tui.engine.actions.tracks import edit_step, edit_track
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.conditions import PLAIN_CONDITIONS, ROUNDS_MAX, parse_condition
from store.limits import CHORD_MAX


@action("/track/{track}/chord")
def set_chord(studio: Studio, call: Call, step: int, text: str) -> None:
    """Let one step sound more notes."""
    try:
        chord = tuple(int(word) for word in text.split())
    except ValueError:
        raise CommandRefused(f"The chord is {text[:40]!r}; write semitones above the note, such as 4 7.") from None
    if len(chord) > CHORD_MAX:
        raise CommandRefused(f"The chord has {len(chord)} notes above the step's own; {CHORD_MAX} fit.")
    if any(abs(semitones) > 127 for semitones in chord):
        raise CommandRefused(f"The chord is {text!r}; semitones go from -127 to 127.")
    edit_step(studio, call, step, chord=chord)


@action("/track/{track}/probability")
def set_probability(studio: Studio, call: Call, step: int, share: float) -> None:
    """Set how often one step is played."""
    edit_step(studio, call, step, f"probability {step}", probability=share)


@action("/track/{track}/ratchet")
def set_ratchet(studio: Studio, call: Call, step: int, strikes: int) -> None:
    """Strike one step several times."""
    edit_step(studio, call, step, f"ratchet {step}", ratchet=strikes)


@action("/track/{track}/micro")
def set_micro(studio: Studio, call: Call, step: int, share: float) -> None:
    """Let one step come early or late."""
    edit_step(studio, call, step, f"micro {step}", micro=share)


@action("/track/{track}/condition")
def set_condition(studio: Studio, call: Call, step: int, text: str) -> None:
    """Play one step in some rounds only."""
    if parse_condition(text) is None:
        plain = ", ".join(PLAIN_CONDITIONS)
        raise CommandRefused(f"The condition is {text[:40]!r}; it is one of {plain}, or A:B up to {ROUNDS_MAX} rounds.")
    edit_step(studio, call, step, condition=text)


@action("/track/{track}/lock")
def lock(studio: Studio, call: Call, step: int, parameter: str, value: float) -> None:
    """Give a parameter another value for one step."""
    key = f"lock {step} {parameter}"
    edit_track(studio, call, lambda p, t: step_edits.with_lock(p, t, step - 1, parameter, value), key)


@action("/track/{track}/unlock")
def unlock(studio: Studio, call: Call, step: int, parameter: str | None) -> None:
    """Let one step have the track's values again."""
    edit_track(studio, call, lambda p, t: step_edits.without_lock(p, t, step - 1, parameter))


@action("/track/{track}/euclid")
def euclid(studio: Studio, call: Call, hits: int, steps: int | None, rotation: int | None) -> None:
    """Spread hits evenly over the steps."""
    edit_track(studio, call, lambda p, t: step_edits.with_euclid(p, t, hits, steps, rotation or 0))


@action("/track/{track}/rotate")
def rotate(studio: Studio, call: Call, steps: int) -> None:
    """Move all steps later or earlier."""
    edit_track(studio, call, lambda p, t: step_edits.with_rotation(p, t, steps))


@action("/track/{track}/lfo")
def set_lfo_target(studio: Studio, call: Call, parameter: str) -> None:
    """Let the track's LFO move one of its parameters."""
    edit_track(studio, call, lambda p, t: step_edits.with_track_lfo_target(p, t, parameter))
