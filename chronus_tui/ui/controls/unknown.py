"""What a pattern holds that this engine does not know: it is kept, and the pages name it. Pure, from the model."""

from collections.abc import Iterable, Mapping

from chronus_tui.ui.controls.scales import shown
from chronus_tui.ui.model import Model
from chronus_tui.ui.schema import Setting
from store.documents import Number, Track


def unknown_of_track(model: Model, track: Track) -> str:
    """What of a track's settings is unknown, in a sentence, or nothing."""
    instrument = model.schema.instrument(track.instrument)
    strip = {setting.name for setting in model.schema.strip}
    known = {setting.name for setting in instrument.parameters} if instrument is not None else set()
    found = [*_unknown(track.parameters, known), *_unknown(track.strip, strip), *_unknown(track.sends, strip)]
    return _sentence(found)


def unknown_effects(model: Model) -> str:
    """What of the pattern's effects is unknown, in a sentence, or nothing."""
    known = {effect.name: {setting.name for setting in effect.parameters} for effect in model.schema.effects}
    found = []
    for name, settings in model.pattern.effects.items():
        if name not in known:
            found.append(name)
        else:
            found += [f"{name} {each}" for each in _unknown(settings, known[name])]
    return _sentence(found)


def _unknown(settings: Mapping[str, Number], known: Iterable[str]) -> list[str]:
    return [f"{name} {shown(Setting(name), float(value))}" for name, value in settings.items() if name not in known]


def _sentence(found: list[str]) -> str:
    return f"Unknown to this engine, and kept: {', '.join(found)}." if found else ""
