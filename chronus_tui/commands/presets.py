"""Presets: settings of an instrument under a name."""

from chronus_tui.commands.command import Command, text, whole

PRESETS: tuple[Command, ...] = (
    Command(
        "/track/{track}/preset",
        "Give the track the sound of a preset of its instrument, or of another as instrument/name.",
        (text("name"),),
        "preset",
    ),
    Command(
        "/track/{track}/preset_step",
        "Give the track the next preset of its instrument (1), or the one before (-1).",
        (whole("by", -1, 1),),
        "preset",
    ),
    Command("/track/{track}/save_preset", "Save the track's sound as a preset.", (text("name"),), "file"),
    Command("/presets/list", "Tell the presets, of one instrument or of all.", (text("instrument", True),), "presets"),
)
