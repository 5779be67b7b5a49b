"""Parameters by name: of a track's instrument, strip and LFO, of the effects, and of the pattern's LFOs."""

from chronus_tui.engine import edits, step_edits
from chronus_tui.engine.actions.registry import action
from chronus_tui.engine.parameters import check, effect_called, instrument_called, parameter_called, tables_of
from chronus_tui.engine.session import Edit
from chronus_tui.engine.studio import Call, Studio
from dsp import lfos
from store.documents import Pattern
from store.limits import LFOS_MAX

LFOS = {f"lfo{number + 1}": number for number in range(LFOS_MAX)}
LFO_PREFIX = "lfo_"
"""Before the parameters of a track's LFO, which stand among the track's."""


@action("/mod/{module}/{parameter}")
def set_parameter(studio: Studio, call: Call, value: float) -> None:
    """Set one parameter of a track, an effect or an LFO."""
    module, name = call.places["module"], call.places["parameter"]
    studio.edit(call, lambda pattern: _edit(pattern, module, name, value)(pattern), f"mod {module} {name}")


def _edit(pattern: Pattern, module: str, name: str, value: float) -> Edit:
    """The edit that sets parameter `name` of `module`: one of the pattern's tracks, an effect or an LFO."""
    if all(track.name != module for track in pattern.tracks):
        effect = effect_called(module)
        if effect is not None:
            check(name, effect.parameters, module, value)
            return lambda p: edits.with_effect(p, module, name, value)
        if module in LFOS:
            check(name, lfos.PARAMETERS, module, value)
            return lambda p: step_edits.with_lfo(p, LFOS[module], name, value)
    return _edit_of_track(pattern, edits.track_index(pattern, module), name, value)


def _edit_of_track(pattern: Pattern, index: int, name: str, value: float) -> Edit:
    track = pattern.tracks[index]
    instrument = instrument_called(track.instrument)
    if instrument is not None and parameter_called(name, instrument.parameters):
        check(name, instrument.parameters, track.name, value)
        return lambda p: edits.with_parameter(p, index, name, value)
    if name.startswith(LFO_PREFIX):
        own = name.removeprefix(LFO_PREFIX)
        check(own, lfos.PARAMETERS, f"the LFO of {track.name}", value)
        return lambda p: step_edits.with_track_lfo(p, index, own, value)
    check(name, tables_of(track), track.name, value)
    return lambda p: edits.with_strip(p, index, name, value)
