"""Tracks and their steps."""

from chronus_tui.commands.command import NOTE, STEP, Command, number, switch, text, whole
from store.limits import STEPS_MAX

TRACKS: tuple[Command, ...] = (
    Command(
        "/track/{track}/step",
        "Set or clear one step.",
        (STEP, switch("on"), number("velocity", 0, 1, optional=True), whole("note", 0, 127, optional=True)),
    ),
    Command("/track/{track}/toggle", "Turn one step on where it is off, off where it is on.", (STEP,), "on"),
    Command("/track/{track}/accent", "Turn the accent of one step on or off.", (STEP,), "accent"),
    Command(
        "/track/{track}/tie", "Turn the tie of one step on or off: the note before is held through it.", (STEP,), "tie"
    ),
    Command(
        "/track/{track}/step_note",
        "Give one step a note of its own; without one it has the track's.",
        (STEP, whole("note", 0, 127, optional=True)),
    ),
    Command("/track/{track}/step_velocity", "Set how hard one step is struck.", (STEP, number("velocity", 0, 1))),
    Command("/track/{track}/pattern", "Write the steps as text: X accent, x hit, . rest, - tie.", (text("steps"),)),
    Command(
        "/track/{track}/length",
        "Set how many steps play before the track starts again.",
        (whole("length", 1, STEPS_MAX),),
    ),
    Command(
        "/track/{track}/gate",
        "Set how long a note is held that no tie holds, as a share of a step.",
        (number("gate", 0.05, 1),),
    ),
    Command("/track/{track}/mute", "Silence the track, or let it sound.", (switch("mute"),)),
    Command("/track/{track}/solo", "Hear only the tracks that are soloed.", (switch("solo"),)),
    Command("/track/{track}/gain", "Set the level of the track.", (number("gain", -60, 12, "dB"),)),
    Command("/track/{track}/pan", "Place the track between left (-1) and right (1).", (number("pan", -1, 1),)),
    Command("/track/{track}/instrument", "Give the track another instrument.", (text("instrument"),)),
    Command(
        "/track/{track}/clip",
        "Let the track play a sound file of clips/ or recordings/: it becomes a sampler. Without a name it has none.",
        (text("clip", optional=True),),
        "clip seconds",
    ),
    Command("/clips/list", "Tell the sound files that a sampler may play.", (), "clips"),
    Command("/track/{track}/name", "Rename the track.", (text("name"),)),
    Command("/track/{track}/clear", "Clear all steps of the track."),
    Command(
        "/track/{track}/note",
        "Sound a note now.",
        (NOTE, number("velocity", 0, 1, optional=True), number("seconds", 0.001, 60, "s", optional=True)),
    ),
    Command("/tracks/add", "Add a track.", (text("instrument"), text("name", True)), "track"),
    Command("/tracks/remove", "Remove a track.", (text("track"),)),
)
