"""The sound page: one track's instrument, strip and LFOs."""

from chronus_tui.ui.actions import pages, tracks
from chronus_tui.ui.keymap.key import Key, Table

SOUND = Table(
    "sound",
    keys=(
        Key(("e",), "e", "Go back to the steps.", pages.turn_to("sound"), hint="back"),
        Key(("i",), "i", "Give the track the next instrument.", tracks.change_instrument(1), hint="instrument"),
        Key(("I",), "I", "Give the track the instrument before.", tracks.change_instrument(-1)),
        Key(("[",), "[", "Take the preset before.", pages.step_preset(-1), hint="preset"),
        Key(("]",), "]", "Take the next preset.", pages.step_preset(1), hint="preset"),
        Key(("n",), "n", "Take a preset by its name.", opens="preset", hint="by name"),
        Key(("S",), "S", "Save the sound as a preset.", opens="save preset"),
        Key(("c",), "c", "Take a sound file for the sampler.", opens="clip", hint="clip"),
    ),
    hints="turn, fine, default, group, back, hear, preset, play, by name, "
    "steps, coarse, value, track, record, instrument, effects, keys",
    beyond="pages",
)
