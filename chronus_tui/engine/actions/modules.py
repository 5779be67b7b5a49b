"""Parameters by name: of a track's instrument and strip, and of the effects."""

from chronus_tui.engine import edits
from chronus_tui.engine.actions.registry import action
from chronus_tui.engine.parameters import SENDS, effect_called, instrument_called, parameter_called
from chronus_tui.engine.session import Edit
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from dsp.mixer import STRIP
from dsp.parameters import Parameter
from store.documents import Pattern


@action("/mod/{module}/{parameter}")
def set_parameter(studio: Studio, call: Call, value: float) -> None:
    """Set one parameter of a track or an effect."""
    module, name = call.places["module"], call.places["parameter"]
    studio.edit(call, lambda pattern: _edit(pattern, module, name, value)(pattern), f"mod {module} {name}")


def _edit(pattern: Pattern, module: str, name: str, value: float) -> Edit:
    """The edit that sets parameter `name` of `module`, which is an effect or one of the pattern's tracks."""
    effect = effect_called(module)
    if effect is not None and all(track.name != module for track in pattern.tracks):
        _check(parameter_called(name, effect.parameters), effect.parameters, module, name, value)
        return lambda p: edits.with_effect(p, module, name, value)
    index = edits.track_index(pattern, module)
    track = pattern.tracks[index]
    instrument = instrument_called(track.instrument)
    own = instrument.parameters if instrument else ()
    _check(parameter_called(name, own, STRIP), (*own, *STRIP), module, name, value)
    if parameter_called(name, own):
        return lambda p: edits.with_parameter(p, index, name, value)
    if name in SENDS:
        return lambda p: edits.with_send(p, index, name, value)
    field = {"gain": "gain_db", "pan": "pan"}[name]
    return lambda p: edits.with_track(p, index, **{field: value})


def _check(found: Parameter | None, table: tuple[Parameter, ...], module: str, name: str, value: float) -> None:
    if found is None:
        names = ", ".join(parameter.name for parameter in table)
        raise CommandRefused(f"There is no parameter {name!r} on {module}; there are {names}.")
    if not found.low <= value <= found.high:
        unit = f" {found.unit}" if found.unit else ""
        raise CommandRefused(
            f"{name} of {module} is {value:g}{unit}; it goes from {found.low:g} to {found.high:g}{unit}."
        )
