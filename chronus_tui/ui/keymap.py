"""The key table: every key of the main screen once, with what it does and its sentence of help.

The screen's dispatch, the help page and the line of hints at the bottom are read from it. Keys are
characters, or Textual's names for those that have none. All of them reach us from a plain xterm over SSH;
none needs to be held, and none needs to be let go.
"""

from dataclasses import dataclass
from typing import Literal

from chronus_tui.ui import (
    actions,
    chain_actions,
    library_actions,
    page_actions,
    piano,
    slot_actions,
    step_actions,
    takes_actions,
)
from chronus_tui.ui.actions import Action
from chronus_tui.ui.browser import LIMIT
from chronus_tui.ui.chain_actions import MORPH_STEP
from store.documents import CHAIN_MAX, STEPS_MAX

Place = Literal[
    "everywhere", "tracks", "slots", "pages", "sound", "effects", "steps", "library", "find", "chain", "takes", "piano"
]
Opens = Literal[
    "help",
    "palette",
    "leave",
    "rename",
    "value",
    "preset",
    "save preset",
    "clip",
    "lock",
    "euclid",
    "rename take",
    "restore take",
    "taps",
    "save to library",
    "empty trash",
    "tag",
    "untag",
    "describe",
    "rename pattern",
    "chain entry",
    "chain bpm",
    "chain mute",
    "save chain",
    "load chain",
    "export",
    "import",
    "many",
]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the table.

    keys    any of these does it
    shown   how people are told of them
    help    one sentence, as a command
    place   where it holds
    action  what it does, or None where it opens a page
    opens   the page it opens
    hint    the word for it in the line of hints, empty where it is not there
    """

    keys: tuple[str, ...]
    shown: str
    help: str
    place: Place = "everywhere"
    action: Action | None = None
    opens: Opens | None = None
    hint: str = ""


DIGITS = tuple("0123456789")

KEYS: tuple[Key, ...] = (
    Key(("space",), "Space", "Play, or stop.", action=actions.toggle_playing, hint="play"),
    Key(("r",), "r", "Record what is heard, or stop recording.", action=actions.toggle_recording, hint="record"),
    Key(("K",), "K", "Keep that: make a take of what was heard lately.", action=actions.grab, hint="keep"),
    Key(("T",), "T", "Show the recorder and the takes, or go back.", action=takes_actions.turn_to_takes, hint="takes"),
    Key(("M",), "M", "Set a mark in the running take.", action=actions.mark),
    Key(DIGITS, "0-9", "Load a slot at the bar: type its number.", action=actions.digit, hint="slot"),
    Key(("!",), "! 0-9", "Load a slot at once: then type its number.", action=actions.begin_entry("load now")),
    Key(("@",), "@ 0-9", "Load a slot at the beat: then type its number.", action=actions.begin_entry("load at beat")),
    Key(
        ("$",),
        "$ 0-9",
        "Load a slot at the pattern's end: then type its number.",
        action=actions.begin_entry("load at end"),
    ),
    Key(("s",), "s 0-9", "Save to a slot: then type its number.", action=actions.begin_entry("save"), hint="save"),
    Key(("B",), "B 0-9", "Go to a bank: then type its number.", action=actions.begin_entry("bank")),
    Key(("g",), "g", "Go back to the slot before, at the bar.", action=slot_actions.back),
    Key(("escape",), "Esc", "Go back; forget the number typed, or the waiting load.", action=actions.escape),
    Key(("u",), "u", "Undo.", action=actions.undo, hint="undo"),
    Key(("U",), "U", "Redo.", action=actions.redo),
    Key(("tab", "shift+tab"), "Tab", "Go to the other pane.", action=actions.other_pane, hint="pane"),
    Key(("b",), "b", "Tap the tempo.", action=actions.tap),
    Key(("(",), "(", "Slow down by one beat a minute.", action=actions.change_bpm(-1.0)),
    Key((")",), ")", "Speed up by one beat a minute.", action=actions.change_bpm(1.0)),
    Key((";",), ";", "Swing less.", action=actions.change_swing(-0.05)),
    Key((":",), ":", "Swing more.", action=actions.change_swing(0.05)),
    Key(("F",), "F", "Hold the fill that steps wait for, or let it go.", action=actions.toggle_fill),
    Key(("p",), "p", "Make the keys a piano.", action=actions.toggle_piano),
    Key(("C",), "C", "Show the chain.", action=page_actions.turn_to("chain")),
    Key(("f",), "f", "Show the effects and the mixer.", action=page_actions.turn_to("effects"), hint="effects"),
    Key(("w",), "w", "Show all that the track's steps have.", action=page_actions.turn_to("steps"), hint="steps"),
    Key(("o",), "o", "Show the library, or go back from it.", action=library_actions.turn_to_library, hint="library"),
    Key(("ctrl+p",), "Ctrl+P", "Find a command, a setting or a preset by its name.", opens="palette"),
    Key(("ctrl+q", "ctrl+c"), "Ctrl+Q", "Leave.", opens="leave", hint="leave"),
    Key(("?",), "?", "Show the keys.", opens="help", hint="keys"),
    Key(("enter",), "Enter", "Set the step, or clear it.", "tracks", actions.enter, hint="step"),
    Key(("left", "h"), "← h", "Go to the step before.", "tracks", actions.move(-1, 0)),
    Key(("right", "l"), "→ l", "Go to the next step.", "tracks", actions.move(1, 0)),
    Key(("up", "k"), "↑ k", "Go to the track above.", "tracks", actions.move(0, -1)),
    Key(("down", "j"), "↓ j", "Go to the track below.", "tracks", actions.move(0, 1)),
    Key(("pageup",), "PgUp", "Go 16 steps back.", "tracks", actions.move_far(-1)),
    Key(("pagedown",), "PgDn", "Go 16 steps on.", "tracks", actions.move_far(1)),
    Key(("home",), "Home", "Go to the first step.", "tracks", actions.move_end(-1)),
    Key(("end",), "End", "Go to the last step.", "tracks", actions.move_end(1)),
    Key(("a",), "a", "Accent the step, or not.", "tracks", actions.toggle_accent),
    Key(("t",), "t", "Tie the step to the note before, or not.", "tracks", actions.toggle_tie),
    Key(("<",), "<", "Lower the step's note.", "tracks", actions.change_note(-1)),
    Key((">",), ">", "Raise the step's note.", "tracks", actions.change_note(1)),
    Key(("-",), "-", "Strike the step softer.", "tracks", actions.change_velocity(-0.05)),
    Key(("+", "="), "+ =", "Strike the step harder.", "tracks", actions.change_velocity(0.05)),
    Key(("m",), "m", "Mute the track, or let it sound.", "tracks", actions.toggle_mute, hint="mute"),
    Key(("O",), "O", "Solo the track, or not.", "tracks", actions.toggle_solo),
    Key(("[",), "[", "Turn the track down by 1 dB.", "tracks", actions.change_gain(-1.0)),
    Key(("]",), "]", "Turn the track up by 1 dB.", "tracks", actions.change_gain(1.0)),
    Key((",",), ",", "Move the track to the left.", "tracks", actions.change_pan(-0.1)),
    Key((".",), ".", "Move the track to the right.", "tracks", actions.change_pan(0.1)),
    Key(("{",), "{", "Make the track one step shorter.", "tracks", actions.change_length(-1)),
    Key(("}",), "}", "Make the track one step longer.", "tracks", actions.change_length(1)),
    Key(("i",), "i", "Give the track the next instrument.", "tracks", actions.change_instrument(1)),
    Key(("I",), "I", "Give the track the instrument before.", "tracks", actions.change_instrument(-1)),
    Key(("X",), "X", "Clear all steps of the track.", "tracks", actions.clear),
    Key(("e",), "e", "Show the track's sound.", "tracks", page_actions.turn_to("sound"), hint="sound"),
    Key(("enter",), "Enter", "Load the slot under the cursor.", "slots", actions.enter, hint="load"),
    Key(("left", "h"), "← h", "Go to the slot before.", "slots", actions.move(-1, 0)),
    Key(("right", "l"), "→ l", "Go to the next slot.", "slots", actions.move(1, 0)),
    Key(("up", "k"), "↑ k", "Go to the slot above.", "slots", actions.move(0, -1)),
    Key(("down", "j"), "↓ j", "Go to the slot below.", "slots", actions.move(0, 1)),
    Key(("pageup",), "PgUp", "Go 16 slots back.", "slots", actions.move_far(-1)),
    Key(("pagedown",), "PgDn", "Go 16 slots on.", "slots", actions.move_far(1)),
    Key(("home",), "Home", "Go to slot 1.", "slots", actions.move_end(-1)),
    Key(("end",), "End", "Go to slot 128.", "slots", actions.move_end(1)),
    Key((",",), ",", "Go to the bank before.", "slots", slot_actions.change_bank(-1)),
    Key((".",), ".", "Go to the next bank.", "slots", slot_actions.change_bank(1)),
    Key(("c",), "c", "Note the slot, to copy it elsewhere.", "slots", slot_actions.hold(cut=False)),
    Key(("x",), "x", "Note the slot, to move it elsewhere.", "slots", slot_actions.hold(cut=True)),
    Key(("v",), "v", "Copy or move the noted slot to the cursor.", "slots", slot_actions.paste),
    Key(("e",), "e", "Let the noted slot and this one change places.", "slots", slot_actions.swap),
    Key(("n",), "n", "Rename the slot.", "slots", opens="rename"),
    Key(("+", "="), "+ =", "Morph from the noted slot to this one.", "slots", chain_actions.change_morph(MORPH_STEP)),
    Key(("-",), "-", "Morph back towards the noted slot.", "slots", chain_actions.change_morph(-MORPH_STEP)),
    Key(("m",), "m", "Morph from the noted slot to this one in 4 bars.", "slots", chain_actions.morph_over),
    Key(("X",), "X", "Empty the slot; a backup is kept.", "slots", actions.clear),
    Key(("R",), "R", "Bring back what the slot held before.", "slots", slot_actions.restore),
    Key(("y",), "y", "Tell what the slot held before.", "slots", slot_actions.backups),
    Key(("d",), "d", "Take what the slot's file holds now.", "slots", slot_actions.reload),
    Key(("A",), "A", "Save edited slots on a switch, or not.", "slots", slot_actions.toggle_save_on_switch),
    Key(("Z",), "Z", "Write slots compressed, or not.", "slots", slot_actions.toggle_gzip),
    Key(
        ("up", "k"),
        "↑ k",
        "Go to the setting above; in the mixer to the track above.",
        "pages",
        page_actions.choose(-1),
    ),
    Key(
        ("down", "j"),
        "↓ j",
        "Go to the setting below; in the mixer to the track below.",
        "pages",
        page_actions.choose(1),
    ),
    Key(
        ("tab",),
        "Tab",
        "Go to the next group, or column of the mixer.",
        "pages",
        page_actions.choose_group(1),
        hint="group",
    ),
    Key(("shift+tab",), "S-Tab", "Go to the group or column before.", "pages", page_actions.choose_group(-1)),
    Key(("left", "h"), "← h", "Turn it down by a step.", "pages", page_actions.turn(-1, "step"), hint="turn"),
    Key(("right", "l"), "→ l", "Turn it up by a step.", "pages", page_actions.turn(1, "step"), hint="turn"),
    Key((",",), ",", "Turn it down a little.", "pages", page_actions.turn(-1, "fine"), hint="fine"),
    Key((".",), ".", "Turn it up a little.", "pages", page_actions.turn(1, "fine"), hint="fine"),
    Key(("<",), "<", "Turn it down a lot.", "pages", page_actions.turn(-1, "coarse"), hint="coarse"),
    Key((">",), ">", "Turn it up a lot.", "pages", page_actions.turn(1, "coarse"), hint="coarse"),
    Key(("d",), "d", "Give it its default.", "pages", page_actions.reset, hint="default"),
    Key(("v",), "v", "Type its value.", "pages", opens="value", hint="value"),
    Key(("enter",), "Enter", "Hear the track; or take the number typed.", "pages", page_actions.enter, hint="hear"),
    Key(("m",), "m", "Mute the track, or let it sound.", "pages", actions.toggle_mute, hint="mute"),
    Key(("O",), "O", "Solo the track, or not.", "pages", actions.toggle_solo),
    Key(("pageup",), "PgUp", "Go to the track before.", "pages", page_actions.other_track(-1)),
    Key(("pagedown",), "PgDn", "Go to the next track.", "pages", page_actions.other_track(1), hint="track"),
    Key(("e",), "e", "Go back to the steps.", "sound", page_actions.turn_to("sound"), hint="back"),
    Key(("i",), "i", "Give the track the next instrument.", "sound", actions.change_instrument(1), hint="instrument"),
    Key(("I",), "I", "Give the track the instrument before.", "sound", actions.change_instrument(-1)),
    Key(("[",), "[", "Take the preset before.", "sound", page_actions.step_preset(-1), hint="preset"),
    Key(("]",), "]", "Take the next preset.", "sound", page_actions.step_preset(1), hint="preset"),
    Key(("n",), "n", "Take a preset by its name.", "sound", opens="preset", hint="by name"),
    Key(("S",), "S", "Save the sound as a preset.", "sound", opens="save preset"),
    Key(("c",), "c", "Take a sound file for the sampler.", "sound", opens="clip", hint="clip"),
    Key(("left", "h"), "← h", "Go to the step before.", "steps", step_actions.move_step(-1)),
    Key(("right", "l"), "→ l", "Go to the next step.", "steps", step_actions.move_step(1)),
    Key(("up", "k"), "↑ k", "Go to the row above.", "steps", step_actions.move_lane(-1)),
    Key(("down", "j"), "↓ j", "Go to the row below.", "steps", step_actions.move_lane(1)),
    Key(("tab",), "Tab", "Go to the next beat.", "steps", step_actions.move_step(step_actions.BEAT)),
    Key(("shift+tab",), "S-Tab", "Go to the beat before.", "steps", step_actions.move_step(-step_actions.BEAT)),
    Key(("home",), "Home", "Go to the first step.", "steps", step_actions.move_step(-STEPS_MAX)),
    Key(("end",), "End", "Go to the last step.", "steps", step_actions.move_step(STEPS_MAX)),
    Key(("pageup",), "PgUp", "Go to the track before.", "steps", page_actions.other_track(-1)),
    Key(("pagedown",), "PgDn", "Go to the next track.", "steps", page_actions.other_track(1), hint="track"),
    Key(("-",), "-", "Turn it down by a step.", "steps", step_actions.turn(-1, "step"), hint="turn"),
    Key(("+", "="), "+ =", "Turn it up by a step.", "steps", step_actions.turn(1, "step"), hint="turn"),
    Key((",",), ",", "Turn it down a little.", "steps", step_actions.turn(-1, "fine"), hint="fine"),
    Key((".",), ".", "Turn it up a little.", "steps", step_actions.turn(1, "fine"), hint="fine"),
    Key(("<",), "<", "Turn it down a lot.", "steps", step_actions.turn(-1, "coarse"), hint="coarse"),
    Key((">",), ">", "Turn it up a lot.", "steps", step_actions.turn(1, "coarse"), hint="coarse"),
    Key(("d",), "d", "Give it its default; take a lock away.", "steps", step_actions.reset, hint="default"),
    Key(("v",), "v", "Type its value.", "steps", opens="value", hint="value"),
    Key(("n",), "n", "Lock a parameter on this step, by its name.", "steps", opens="lock", hint="lock"),
    Key(("enter",), "Enter", "Set or clear the step, or the lock.", "steps", step_actions.enter, hint="step"),
    Key(("a",), "a", "Accent the step, or not.", "steps", actions.toggle_accent, hint="accent"),
    Key(("t",), "t", "Tie the step to the note before, or not.", "steps", actions.toggle_tie, hint="tie"),
    Key(("[",), "[", "Rotate the track's steps to the left.", "steps", step_actions.rotate(-1), hint="rotate"),
    Key(("]",), "]", "Rotate the track's steps to the right.", "steps", step_actions.rotate(1), hint="rotate"),
    Key(("{",), "{", "Make the track one step shorter.", "steps", actions.change_length(-1)),
    Key(("}",), "}", "Make the track one step longer.", "steps", actions.change_length(1)),
    Key(("E",), "E", "Spread hits evenly over the steps: type how many.", "steps", opens="euclid", hint="euclid"),
    Key(("m",), "m", "Mute the track, or let it sound.", "steps", actions.toggle_mute),
    Key(("X",), "X", "Clear all steps of the track.", "steps", actions.clear),
    Key(("w",), "w", "Go back to the tracks.", "steps", page_actions.turn_to("steps"), hint="back"),
    Key(("e",), "e", "Show the track's sound.", "steps", page_actions.turn_to("sound"), hint="sound"),
    Key(("f",), "f", "Go back to the steps.", "effects", page_actions.turn_to("effects"), hint="back"),
    Key(("e",), "e", "Show the track's sound.", "effects", page_actions.turn_to("sound"), hint="sound"),
    Key(
        ("enter",),
        "Enter",
        "Load it at the bar; out of the trash bring it back.",
        "library",
        library_actions.load,
        hint="load",
    ),
    Key(("a",), "a", "Hear it from the next bar on, or come back.", "library", library_actions.audition, hint="hear"),
    Key(("/",), "/", "Type what to look for.", "library", library_actions.find, hint="find"),
    Key(
        ("tab",),
        "Tab",
        "Look among others: favourites, recent ...",
        "library",
        library_actions.other_view(1),
        hint="view",
    ),
    Key(("shift+tab",), "S-Tab", "Look among those before.", "library", library_actions.other_view(-1)),
    Key(("up", "k"), "↑ k", "Go to the pattern above.", "library", library_actions.move(-1)),
    Key(("down", "j"), "↓ j", "Go to the pattern below.", "library", library_actions.move(1)),
    Key(("pageup",), "PgUp", "Go 16 patterns up.", "library", library_actions.move(-16)),
    Key(("pagedown",), "PgDn", "Go 16 patterns down.", "library", library_actions.move(16)),
    Key(("home",), "Home", "Go to the first pattern.", "library", library_actions.move(-LIMIT)),
    Key(("end",), "End", "Go to the last pattern.", "library", library_actions.move(LIMIT)),
    Key(("*",), "*", "Make it a favourite, or not.", "library", library_actions.favour, hint="favourite"),
    Key(("t",), "t", "Give it a tag.", "library", opens="tag", hint="tag"),
    Key(("-",), "-", "Take a tag from it.", "library", opens="untag"),
    Key(("n",), "n", "Rename it.", "library", opens="rename pattern", hint="rename"),
    Key(("e",), "e", "Describe it.", "library", opens="describe"),
    Key(("m",), "m", "Make it a template, or not.", "library", library_actions.make_template),
    Key(("X",), "X", "Move it to the trash.", "library", library_actions.delete, hint="delete"),
    Key(("R",), "R", "Bring back what it was before its last change.", "library", library_actions.restore),
    Key(("E",), "E", "Empty the trash, after a question.", "library", opens="empty trash"),
    Key(("S",), "S", "Save the working pattern to the library.", "library", opens="save to library"),
    Key(
        ("v",),
        "v",
        "Mark it, or no longer; t, - and x then act on all that are marked.",
        "library",
        library_actions.mark,
    ),
    Key(("V",), "V", "Mark all that are listed; where any are marked, none.", "library", library_actions.mark_all),
    Key(
        ("d",),
        "d",
        "Do something to the marked, or else the listed: choose what.",
        "library",
        opens="many",
        hint="many",
    ),
    Key(("x",), "x", "Write those that are marked, or else listed, to an archive.", "library", opens="export"),
    Key(("i",), "i", "Take the patterns of an archive.", "library", opens="import"),
    Key(("space",), "a..z 0..9", "Look for one letter more.", "find", library_actions.type_letter, hint="letters"),
    Key(("backspace",), "Backspace", "Look for one letter less.", "find", library_actions.take_letter_back),
    Key(("enter",), "Enter", "Keep what is looked for.", "find", library_actions.end_typing, hint="keep"),
    Key(("up",), "↑", "Go to the pattern above.", "find", library_actions.move(-1), hint="choose"),
    Key(("down",), "↓", "Go to the pattern below.", "find", library_actions.move(1), hint="choose"),
    Key(("C",), "C", "Go back to the steps.", "chain", page_actions.turn_to("chain"), hint="back"),
    Key(("enter",), "Enter", "Play the chain from here.", "chain", chain_actions.play, hint="play from here"),
    Key(("z",), "z", "Leave the chain; the pattern goes on.", "chain", chain_actions.stop, hint="stop"),
    Key(("up", "k"), "↑ k", "Go to the entry above.", "chain", chain_actions.move(-1)),
    Key(("down", "j"), "↓ j", "Go to the entry below.", "chain", chain_actions.move(1)),
    Key(("home",), "Home", "Go to the first entry.", "chain", chain_actions.move(-CHAIN_MAX)),
    Key(("end",), "End", "Go to the last entry.", "chain", chain_actions.move(CHAIN_MAX)),
    Key(("a",), "a", "Add the slot under the cursor of the slots pane.", "chain", chain_actions.add, hint="add"),
    Key(("n",), "n", "Let the entry be another slot.", "chain", opens="chain entry", hint="slot here"),
    Key(("left", "h"), "← h", "Play one round less.", "chain", chain_actions.change_repeats(-1), hint="rounds"),
    Key(("right", "l"), "→ l", "Play one round more.", "chain", chain_actions.change_repeats(1), hint="rounds"),
    Key(("<",), "<", "Move the entry up.", "chain", chain_actions.carry(-1), hint="move"),
    Key((">",), ">", "Move the entry down.", "chain", chain_actions.carry(1), hint="move"),
    Key(("t",), "t", "Give the entry a tempo of its own, or none.", "chain", opens="chain bpm", hint="tempo"),
    Key(("m",), "m", "Mute a track in the entry, or not.", "chain", opens="chain mute", hint="mute"),
    Key(("x",), "x", "Take the entry out.", "chain", chain_actions.remove, hint="remove"),
    Key(("L",), "L", "Begin again at the end, or stop there.", "chain", chain_actions.loop, hint="loop"),
    Key(("S",), "S", "Save the chain by name.", "chain", opens="save chain", hint="save chain"),
    Key(("v",), "v", "Load a chain by name.", "chain", opens="load chain", hint="load chain"),
    Key(("enter",), "Enter", "Play the take into the mix, or stop it.", "takes", takes_actions.play, hint="hear"),
    Key(("up", "k"), "↑ k", "Go to the take above.", "takes", takes_actions.move(-1)),
    Key(("down", "j"), "↓ j", "Go to the take below.", "takes", takes_actions.move(1)),
    Key(("pageup",), "PgUp", "Go 16 takes up.", "takes", takes_actions.move(-16)),
    Key(("pagedown",), "PgDn", "Go 16 takes down.", "takes", takes_actions.move(16)),
    Key(("home",), "Home", "Go to the newest take.", "takes", takes_actions.move(-100_000)),
    Key(("end",), "End", "Go to the oldest take.", "takes", takes_actions.move(100_000)),
    Key(
        ("b",),
        "b",
        "Record from the next bar on, or until it.",
        "takes",
        takes_actions.record_on_bar,
        hint="on the bar",
    ),
    Key(("c",), "c", "Click through a bar, then record.", "takes", takes_actions.count_in, hint="count in"),
    Key(("F",), "F", "Let takes become the next format.", "takes", takes_actions.other_format, hint="format"),
    Key(("t",), "t", "Choose where the sound is taken.", "takes", opens="taps", hint="taps"),
    Key(("v",), "v", "Draw the take's waveform.", "takes", takes_actions.show_waveform, hint="waveform"),
    Key(("n",), "n", "Rename the take.", "takes", opens="rename take", hint="rename"),
    Key(("X",), "X", "Throw the take away.", "takes", takes_actions.delete, hint="delete"),
    Key(("R",), "R", "Bring back a take that was thrown away.", "takes", opens="restore take", hint="restore"),
    Key(tuple(piano.LOWER + piano.UPPER), "z..m q..u", "Play a note.", "piano", actions.play_note, hint="notes"),
    Key(("left",), "←", "Go an octave down.", "piano", actions.move_octave(-1)),
    Key(("right",), "→", "Go an octave up.", "piano", actions.move_octave(1)),
    Key(("up",), "↑", "Play the track above.", "piano", actions.move_piano_track(-1)),
    Key(("down",), "↓", "Play the track below.", "piano", actions.move_piano_track(1)),
)

_MORE_OF_STEPS = ("euclid", "rotate", "accent", "tie", "value", "track", "coarse")
_MORE = ("coarse", "value", "track", "record")
HINT_ORDER: dict[Place, tuple[str, ...]] = {
    "tracks": ("play", "step", "slot", "save", "record", "mute", "undo", "sound", "steps", "pane", "leave", "keys"),
    "slots": ("play", "load", "slot", "save", "record", "undo", "pane", "leave", "keys"),
    "sound": (
        "turn",
        "fine",
        "default",
        "group",
        "back",
        "hear",
        "preset",
        "play",
        "by name",
        "steps",
        *_MORE,
        "instrument",
        "effects",
        "keys",
    ),
    "effects": ("turn", "fine", "default", "group", "mute", "play", "back", *_MORE, "hear", "sound", "keys"),
    "pages": (),
    "library": (
        "load",
        "hear",
        "find",
        "view",
        "favourite",
        "tag",
        "many",
        "rename",
        "delete",
        "play",
        "library",
        "keys",
    ),
    "chain": (
        "play from here",
        "stop",
        "add",
        "rounds",
        "move",
        "remove",
        "mute",
        "tempo",
        "loop",
        "slot here",
        "save chain",
        "load chain",
        "back",
        "keys",
    ),
    "find": ("letters", "choose", "keep"),
    "takes": (
        "hear",
        "waveform",
        "record",
        "keep",
        "on the bar",
        "count in",
        "rename",
        "delete",
        "takes",
        "format",
        "taps",
        "restore",
        "keys",
    ),
    "steps": ("turn", "fine", "step", "lock", "default", "back", "play", "sound", *_MORE_OF_STEPS, "keys"),
    "piano": ("notes", "play"),
    "everywhere": (),
}
_BEYOND: dict[Place, tuple[Place, ...]] = {"sound": ("pages",), "effects": ("pages",)}
"""Places that hold the keys of another as well, before those of everywhere."""

_BY_PLACE: dict[tuple[Place, str], Key] = {(entry.place, key): entry for entry in KEYS for key in entry.keys}
_HELD_IN_PIANO = frozenset({"space", "escape", "tab", "shift+tab", "ctrl+p", "ctrl+q", "ctrl+c", "?"})
"""Keys of everywhere that stay what they are while the keys are a piano."""

_HELD_IN_FIND = frozenset({"escape", "ctrl+p", "ctrl+q", "ctrl+c"})
"""Keys of everywhere that stay what they are while keys are letters; every other sign is one."""


def find(key: str, place: Place) -> Key | None:
    """What `key` does at `place`, or None where it does nothing."""
    own = _BY_PLACE.get((place, key))
    if own is not None:
        return own
    if place == "find" and key not in _HELD_IN_FIND:
        return _BY_PLACE["find", "space"] if len(key) == 1 else None
    if place == "piano" and key not in _HELD_IN_PIANO:
        return None
    return next((_BY_PLACE[at, key] for at in (*_BEYOND.get(place, ()), "everywhere") if (at, key) in _BY_PLACE), None)


def keys_of(place: Place) -> tuple[Key, ...]:
    """The table's lines for one place."""
    return tuple(entry for entry in KEYS if entry.place == place)


def hints(place: Place) -> tuple[tuple[str, str], ...]:
    """The keys to be told of at `place`, as (how it is shown, word for it), the most needed first.

    Two keys with the same word are told of together, each by its first sign.
    """
    held = {place, *_BEYOND.get(place, ()), "everywhere"}
    words: dict[str, str] = {}
    for entry in KEYS:
        if entry.hint and entry.place in held:
            before = words.get(entry.hint)
            words[entry.hint] = f"{before.split()[0]} {entry.shown.split()[0]}" if before else entry.shown
    return tuple((words[word].removesuffix(" 0-9"), word) for word in HINT_ORDER[place])
