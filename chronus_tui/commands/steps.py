"""What a step can do besides sounding, and what is done to all steps of a track."""

from chronus_tui.commands.command import STEP, Command, number, text, whole
from store.limits import RATCHET_MAX, STEPS_MAX

STEPS: tuple[Command, ...] = (
    Command(
        "/track/{track}/chord",
        'Let one step sound more notes, as semitones above its own, such as "4 7"; "" lets them go.',
        (STEP, text("semitones")),
    ),
    Command(
        "/track/{track}/probability", "Set how often one step is played: 1 is always.", (STEP, number("share", 0, 1))
    ),
    Command(
        "/track/{track}/ratchet",
        "Strike one step several times, evenly over its length.",
        (STEP, whole("strikes", 1, RATCHET_MAX)),
    ),
    Command(
        "/track/{track}/micro",
        "Let one step come early (below 0) or late, by a share of a step.",
        (STEP, number("share", -0.5, 0.5)),
    ),
    Command(
        "/track/{track}/condition",
        'Play one step in some rounds of its track only: "1:4" (the first of every 4), "first", "not first", '
        '"fill", "not fill", or in all: "".',
        (STEP, text("condition")),
    ),
    Command(
        "/track/{track}/lock",
        "Give a parameter of the track's instrument or strip another value for one step.",
        (STEP, text("parameter"), number("value")),
    ),
    Command(
        "/track/{track}/unlock",
        "Let one step have the track's value of a parameter again, or of all.",
        (STEP, text("parameter", True)),
    ),
    Command(
        "/track/{track}/euclid",
        "Spread hits as evenly as can be over the track's steps, or over so many; rotation moves them later.",
        (
            whole("hits", 0, STEPS_MAX),
            whole("steps", 1, STEPS_MAX, optional=True),
            whole("rotation", -STEPS_MAX, STEPS_MAX, optional=True),
        ),
    ),
    Command(
        "/track/{track}/rotate",
        "Move all steps of the track later, or earlier (below 0); what falls out comes in at the other end.",
        (whole("steps", -STEPS_MAX, STEPS_MAX),),
    ),
    Command(
        "/track/{track}/lfo",
        'Let the track\'s LFO move one of its parameters, or nothing: "".',
        (text("parameter"),),
    ),
)
