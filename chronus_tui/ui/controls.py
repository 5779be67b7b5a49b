"""What can be turned on the sound page and the effects page, in musical groups: pure, from the model.

A page is groups of controls, in reading order. The cursor stands on one control of one page; it is kept by name,
so that a new instrument or another pattern leaves it where there is something of that name.
"""

from dataclasses import dataclass, replace

from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.scales import shown
from chronus_tui.ui.schema import Setting
from store.documents import Track

FILTER_PREFIX = "filter_"
_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "PITCH",
        frozenset(
            [
                "tune",
                "fine",
                "sweep",
                "bend",
                "glide",
                "vibrato",
                "vibrato_rate",
                "interval",
                "detune",
                "unison",
                "unison_detune",
                "octave",
                "pitch",
            ]
        ),
    ),
    (
        "FILTER",
        frozenset(
            [
                "cutoff",
                "resonance",
                "mode",
                "env",
                "follow",
                "keytrack",
                "tone",
                "focus",
                "color",
                "ring",
                "low_cut",
                "high_cut",
                "q",
                "slope",
            ]
        ),
    ),
    (
        "ENVELOPE",
        frozenset(
            [
                "attack",
                "hold",
                "decay",
                "sustain",
                "release",
                "gate",
                "rattle",
                "room",
                "spread",
                "velocity",
                "accent",
                "level",
            ]
        ),
    ),
    ("DRIVE", frozenset(["drive", "dirt", "crush", "punch"])),
)
"""Where a parameter of an instrument belongs, by its name; all others make the sound itself."""
SOURCE, FILTER_ENVELOPE, STRIP = "SOURCE", "FILTER ENVELOPE", "TRACK"
ORDER = (SOURCE, "PITCH", "FILTER", FILTER_ENVELOPE, "ENVELOPE", "DRIVE")


@dataclass(frozen=True, slots=True)
class Control:
    """One setting of one module, as it stands.

    module  what its address names: a track by its number from 1, or an effect
    owner   what people call that: the track's or the effect's name
    label   its name in its group
    own     whether it was set, or has its default
    """

    module: str
    owner: str
    setting: Setting
    value: float
    own: bool
    label: str

    @property
    def address(self) -> str:
        """Where it is set."""
        return f"/mod/{self.module}/{self.setting.name}"

    @property
    def words(self) -> str:
        """Its value in words."""
        return shown(self.setting, self.value)

    def order(self, value: float) -> Order:
        """The command that sets it."""
        return Order(self.address, (value,))


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together; `mixer` where they are one column of the mixer, a control a track."""

    title: str
    controls: tuple[Control, ...]
    mixer: bool = False


def page_groups(model: Model) -> tuple[Group, ...]:
    """The groups of the page that is open; none on the main page."""
    if model.page == "sound":
        return sound_groups(model)
    return effect_groups(model) + mixer_groups(model) if model.page == "effects" else ()


def sound_groups(model: Model) -> tuple[Group, ...]:
    """What the track under the cursor can be set to: its instrument in musical groups, then its strip."""
    track = model.current
    if track is None:
        return ()
    instrument = model.schema.instrument(track.instrument)
    named: dict[str, list[Control]] = {title: [] for title in ORDER}
    for setting in instrument.parameters if instrument is not None else ():
        title = _group_of(setting.name)
        label = setting.name.removeprefix(FILTER_PREFIX) if title == FILTER_ENVELOPE else setting.name
        named[title].append(_of_track(model.track, track, setting, label))
    groups = [Group(title, tuple(controls)) for title, controls in named.items() if controls]
    strip = tuple(_of_strip(model, model.track, track, setting) for setting in model.schema.strip)
    return (*groups, Group(STRIP, strip)) if strip else tuple(groups)


def effect_groups(model: Model) -> tuple[Group, ...]:
    """A group an effect, in the order of the signal path."""
    return tuple(
        Group(
            effect.name.upper(),
            tuple(_of_effect(model, effect.name, setting) for setting in effect.parameters),
        )
        for effect in model.schema.effects
    )


def mixer_groups(model: Model) -> tuple[Group, ...]:
    """A group a column of the mixer, with a control a track."""
    tracks = tuple(enumerate(model.pattern.tracks))
    if not tracks:
        return ()
    return tuple(
        Group(setting.name, tuple(_of_strip(model, index, track, setting) for index, track in tracks), mixer=True)
        for setting in model.schema.strip
    )


def all_controls(model: Model) -> tuple[Control, ...]:
    """Everything that can be set: each track's instrument and strip, then the effects."""
    found: list[Control] = []
    for index, track in enumerate(model.pattern.tracks):
        instrument = model.schema.instrument(track.instrument)
        if instrument is not None:
            found += [_of_track(index, track, setting, setting.name) for setting in instrument.parameters]
        found += [_of_strip(model, index, track, setting) for setting in model.schema.strip]
    for group in effect_groups(model):
        found += group.controls
    return tuple(found)


def cursor(model: Model, groups: tuple[Group, ...]) -> tuple[int, int]:
    """Where the page's cursor stands, as group and place in it; the first control where its own is gone."""
    title, name = model.control
    for number, group in enumerate(groups):
        if group.title != title:
            continue
        if group.mixer:
            return number, model.track
        for place, control in enumerate(group.controls):
            if control.setting.name == name:
                return number, place
    for number, group in enumerate(groups):
        for place, control in enumerate(group.controls):
            if control.setting.name == name and not group.mixer:
                return number, place
    return 0, 0


def under_cursor(model: Model) -> Control | None:
    """The control that the page's cursor stands on."""
    groups = page_groups(model)
    if not groups:
        return None
    group, place = cursor(model, groups)
    control = groups[group].controls[place]
    return replace(control, value=model.turned.get(control.address, control.value))


def place_cursor(model: Model, group: Group, place: int) -> None:
    """Put the cursor on a control; on the mixer that is a track, too."""
    model.control = (group.title, group.controls[place].setting.name)
    if group.mixer:
        model.track = place
        model.step = min(model.step, model.length - 1)


def _group_of(name: str) -> str:
    if name.startswith(FILTER_PREFIX):
        return FILTER_ENVELOPE
    return next((title for title, names in _GROUPS if name in names), SOURCE)


def _of_track(index: int, track: Track, setting: Setting, label: str) -> Control:
    own = setting.name in track.parameters
    value = float(track.parameters.get(setting.name, setting.default))
    return Control(str(index + 1), track.name, setting, value, own, _label(label))


def _of_strip(model: Model, index: int, track: Track, setting: Setting) -> Control:
    if setting.name in model.schema.sends:
        value = float(track.sends.get(setting.name, setting.default))
        return Control(str(index + 1), track.name, setting, value, setting.name in track.sends, f"to {setting.name}")
    fields = {"gain": track.gain_db, "pan": track.pan}
    value = float(fields.get(setting.name, track.strip.get(setting.name, setting.default)))
    return Control(str(index + 1), track.name, setting, value, value != setting.default, _label(setting.name))


def _of_effect(model: Model, effect: str, setting: Setting) -> Control:
    settings = model.pattern.effects.get(effect, {})
    value = float(settings.get(setting.name, setting.default))
    return Control(effect, effect, setting, value, setting.name in settings, _label(setting.name))


def _label(name: str) -> str:
    return name.replace("_", " ")
