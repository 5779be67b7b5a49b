"""What can be turned on the sound, effects and recorder pages, in groups that belong together: pure, from the model.

A page is groups of controls, in reading order. The cursor stands on one control of one page; it is kept by name,
so that a new instrument or another pattern leaves it where there is something of that name.
"""

from collections.abc import Container

from msgspec.structs import replace

from chronus_tui.ui.controls.control import Control, Group
from chronus_tui.ui.controls.pattern import pattern_lfos, scale_controls, track_lfo_controls
from chronus_tui.ui.controls.recorder import recorder_groups
from chronus_tui.ui.model import Model, Order
from chronus_tui.ui.schema import Setting
from store.documents import Track

_GROUPS: tuple[tuple[str, str], ...] = (
    ("CLIP", "start end reverse loop loop_start crossfade gated"),
    (
        "PITCH",
        "tune fine sweep bend glide vibrato vibrato_rate interval interval_env detune unison octave pitch",
    ),
    ("FILTER", "cutoff resonance mode env follow keytrack tone focus color ring low_cut high_cut q slope damping pick"),
    (
        "ENVELOPE",
        "attack hold decay sustain release gate rattle room spread velocity accent level fade_in fade_out hiss_decay "
        "bow touch",
    ),
    ("DRIVE", "drive dirt crush punch"),
)
"""Where a parameter of an instrument belongs, by its name; all others make the sound itself."""
_PREFIXES = ("filter_", "bend_", "")
SOURCE, LFO, STRIP, SCALE = "SOURCE", "LFO", "TRACK", "SCALE"
ENVELOPE = "ENVELOPE"
SIDE_CHAIN = "source"
"""The setting of an effect that chooses one of the tracks."""
GATE = Setting("gate", 0.5, 0.05, 1.0, help="How long a note is held that no tie holds, as a share of a step.")
_ORDER = ("CLIP", SOURCE, "PITCH", "FILTER")


def page_groups(model: Model) -> tuple[Group, ...]:
    """The groups of the page that is open; none on the main page."""
    if model.page == "sound":
        return sound_groups(model)
    if model.page == "effects":
        return effect_groups(model) + pattern_groups(model) + mixer_groups(model)
    if model.page == "recorder":
        return recorder_groups(model)
    return ()


def sound_groups(model: Model) -> tuple[Group, ...]:
    """What the track under the cursor can be set to: its instrument in musical groups, then its strip."""
    track = model.current
    if track is None:
        return ()
    instrument = model.schema.instrument(track.instrument)
    parameters = instrument.parameters if instrument is not None else ()
    prefixes = tuple(prefix for prefix in envelope_prefixes({setting.name for setting in parameters}) if prefix)
    of_envelopes = (envelope_title(prefix) for prefix in (*prefixes, ""))
    named: dict[str, list[Control]] = {title: [] for title in (*_ORDER, *of_envelopes, "DRIVE")}
    for setting in parameters:
        prefix = next((prefix for prefix in prefixes if setting.name.startswith(prefix)), "")
        title = envelope_title(prefix) if prefix else _group_of(setting)
        named[title].append(_of_track(model.track, track, setting, setting.name.removeprefix(prefix)))
    groups = [Group(title, tuple(controls)) for title, controls in named.items() if controls]
    if model.schema.lfo:
        groups.append(Group(LFO, track_lfo_controls(model, model.track, track)))
    strip = tuple(_of_strip(model, model.track, track, setting) for setting in model.schema.strip)
    return (*groups, Group(STRIP, (*strip, _gate(model.track, track)))) if strip else tuple(groups)


def envelope_prefixes(names: Container[str]) -> tuple[str, ...]:
    """The envelopes among parameters of these names, as what stands before their stages' names."""
    stages = ("decay", "release", "fade_out")
    return tuple(prefix for prefix in _PREFIXES if any(prefix + stage in names for stage in stages))


def envelope_title(prefix: str) -> str:
    """What the group of an envelope's stages is called."""
    return f"{prefix.replace('_', ' ').upper()}{ENVELOPE}"


def effect_groups(model: Model) -> tuple[Group, ...]:
    """A group an effect, in the order of the signal path."""
    return tuple(
        Group(
            effect.name.upper(),
            tuple(_of_effect(model, effect.name, setting) for setting in effect.parameters),
        )
        for effect in model.schema.effects
    )


def pattern_groups(model: Model) -> tuple[Group, ...]:
    """The pattern's LFOs, and its scale."""
    lfos = tuple(Group(f"{LFO} {n}", controls) for n, controls in enumerate(pattern_lfos(model), 1))
    return (*lfos, Group(SCALE, scale_controls(model))) if lfos else ()


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
    """Everything that can be set: each track's instrument, strip and LFO, then effects, pattern and recorder."""
    found: list[Control] = []
    for index, track in enumerate(model.pattern.tracks):
        instrument = model.schema.instrument(track.instrument)
        if instrument is not None:
            found += [_of_track(index, track, setting, setting.name) for setting in instrument.parameters]
        found += [_of_strip(model, index, track, setting) for setting in model.schema.strip]
        found.append(_gate(index, track))
        found += track_lfo_controls(model, index, track) if model.schema.lfo else ()
    for group in (*effect_groups(model), *pattern_groups(model), *recorder_groups(model)):
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
    return replace(control, value=model.turned.get(control.key, control.value))


def place_cursor(model: Model, group: Group, place: int) -> None:
    """Put the cursor on a control; on the mixer that is a track, too."""
    model.control = (group.title, group.controls[place].setting.name)
    if group.mixer:
        model.track = place
        model.step = min(model.step, model.length - 1)


def _group_of(setting: Setting) -> str:
    if setting.name == "spread" and setting.unit == "st":  # of voices in pitch, not of hands in time
        return "PITCH"
    return next((title for title, names in _GROUPS if setting.name in names.split()), SOURCE)


def _of_track(index: int, track: Track, setting: Setting, label: str) -> Control:
    own = setting.name in track.parameters
    value = _played(setting, track.parameters.get(setting.name, setting.default))
    return Control(str(index + 1), track.name, setting, value, own, _label(label))


def _of_strip(model: Model, index: int, track: Track, setting: Setting) -> Control:
    if setting.name in model.schema.sends:
        value = _played(setting, track.sends.get(setting.name, setting.default))
        return Control(str(index + 1), track.name, setting, value, setting.name in track.sends, f"to {setting.name}")
    fields = {"gain": track.gain_db, "pan": track.pan}
    value = _played(setting, fields.get(setting.name, track.strip.get(setting.name, setting.default)))
    return Control(str(index + 1), track.name, setting, value, value != setting.default, _label(setting.name))


def _gate(index: int, track: Track) -> Control:
    command = Order(f"/track/{index + 1}/gate")
    return Control("", track.name, GATE, float(track.gate), float(track.gate) != GATE.default, "gate", command)


def _of_effect(model: Model, effect: str, setting: Setting) -> Control:
    if setting.name == SIDE_CHAIN:
        setting = replace(setting, choices=_sources(model, setting))
    settings = model.pattern.effects.get(effect, {})
    value = _played(setting, settings.get(setting.name, setting.default))
    return Control(effect, effect, setting, value, setting.name in settings, _label(setting.name))


def _sources(model: Model, setting: Setting) -> tuple[str, ...]:
    """The choices of a side-chain's source, the tracks by their names."""
    names = [track.name for track in model.pattern.tracks]
    return tuple(
        names[number - 1] if 1 <= number <= len(names) else choice for number, choice in enumerate(setting.choices)
    )


def _played(setting: Setting, written: float) -> float:
    """What is played of what a pattern's file holds: the nearest in range."""
    return min(max(float(written), setting.low), setting.high)


def _label(name: str) -> str:
    return name.replace("_", " ")
