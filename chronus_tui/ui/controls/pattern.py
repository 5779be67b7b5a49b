"""What can be turned beside instruments, strips and effects: the LFOs of tracks and pattern, the scale, the seed.

Pure, from the model. A target, a scale and a root are chosen by name, so their commands take a name.
"""

from msgspec.structs import replace

from chronus_tui.ui.controls.control import Control
from chronus_tui.ui.controls.lanes import lockable_of
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.schema import Setting
from store.documents import Lfo, Track
from store.limits import LFOS_MAX
from store.scales import ROOTS, SCALES

NOTHING = "nothing"
"""The choice of a target that stands for none."""
LFO_PREFIX = "lfo_"
"""Before the parameters of a track's LFO, which stand among the track's."""


def track_lfo_controls(model: Model, index: int, track: Track) -> tuple[Control, ...]:
    """The LFO of a track: what it moves, then how."""
    names = tuple(setting.name for setting in lockable_of(model, track))
    lfo = track.lfo or Lfo()
    target = _by_name(
        f"{LFO_PREFIX}target",
        "What of the track the LFO moves.",
        (NOTHING, *names),
        lfo.target,
        Order(f"/track/{index + 1}/lfo"),
        track.name,
        "target",
    )
    return (target, *_lfo_controls(model, str(index + 1), track.name, lfo, LFO_PREFIX))


def pattern_lfo_controls(model: Model, number: int) -> tuple[Control, ...]:
    """The LFO `number`, from 0, of the pattern: what it moves, then how."""
    lfo = model.pattern.lfos[number] if number < len(model.pattern.lfos) else Lfo()
    owner = f"lfo{number + 1}"
    target = _by_name(
        "target",
        "What of the tracks and effects the LFO moves.",
        (NOTHING, *_targets(model)),
        lfo.target,
        Order("/pattern/lfo", (number + 1,)),
        owner,
        "target",
    )
    return (target, *_lfo_controls(model, owner, owner, lfo))


def scale_controls(model: Model) -> tuple[Control, ...]:
    """The pattern's scale and what is left to chance."""
    pattern = model.pattern
    lock = Setting("scale_lock", 0.0, 0.0, 1.0, help="Whether every note is played as the nearest of the scale.")
    lock = replace(lock, choices=("free", "locked"))
    seed = Setting("seed", 1.0, 0.0, 2.0**31 - 1, help="The same seed, the same chances.", whole=True)
    root_now = ROOTS[pattern.root % len(ROOTS)]
    root = _by_name("root", "The note that the scale begins on.", ROOTS, root_now, Order("/pattern/root"))
    scale = _by_name("scale", "Which notes belong.", tuple(SCALES), pattern.scale, Order("/pattern/scale"))
    locked = Control(
        "", "pattern", lock, float(pattern.scale_lock), pattern.scale_lock, "notes", Order("/pattern/scale_lock")
    )
    chance = Control("", "pattern", seed, float(pattern.seed), pattern.seed != 1, "seed", Order("/pattern/seed"))
    return (root, scale, locked, chance)


def pattern_lfos(model: Model) -> tuple[tuple[Control, ...], ...]:
    """Both LFOs of the pattern; none where the engine has told of none."""
    return tuple(pattern_lfo_controls(model, number) for number in range(LFOS_MAX)) if model.schema.lfo else ()


def _targets(model: Model) -> tuple[str, ...]:
    """Everything that an LFO of the pattern may move, as it is called."""
    of_tracks = (
        f"{track.name} {setting.name}" for track in model.pattern.tracks for setting in lockable_of(model, track)
    )
    of_effects = (f"{effect.name} {setting.name}" for effect in model.schema.effects for setting in effect.parameters)
    return (*of_tracks, *of_effects)


def _lfo_controls(model: Model, module: str, owner: str, lfo: Lfo, prefix: str = "") -> tuple[Control, ...]:
    """How an LFO moves; of its two rates the one that counts."""
    unheard = "rate_hz" if lfo.synced else "beats"
    found = []
    for setting in model.schema.lfo:
        if setting.name == unheard:
            continue
        told = getattr(lfo, setting.name, setting.default)
        value = float(setting.choices.index(told)) if told in setting.choices else float(told)
        label = setting.name.removesuffix("_hz")
        named = replace(setting, name=f"{prefix}{setting.name}")
        found.append(Control(module, owner, named, value, value != setting.default, label))
    return tuple(found)


def _by_name(
    name: str,
    told: str,
    choices: tuple[str, ...],
    current: str,
    command: Order,
    owner: str = "pattern",
    label: str = "",
) -> Control:
    """A choice whose command takes its name; what is set and not known stands as one more choice."""
    known = choices if not current or current in choices else (*choices, current)
    setting = Setting(name, 0.0, 0.0, len(known) - 1.0, help=told, choices=known)
    value = float(known.index(current)) if current else 0.0
    taken = tuple("" if choice == NOTHING else choice for choice in known)
    return Control("", owner, setting, value, value != 0.0, label or name, command, taken)
