"""Presets: give a track the sound of one, save the sound of a track as one."""

from concurrent.futures import Future
from pathlib import Path

from chronus_tui.engine import edits
from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.documents import Preset, Track
from store.names import safe_name


@action("/track/{track}/preset")
def load_preset(studio: Studio, call: Call, text: str) -> Future[Results]:
    """Give the track the sound of a preset."""
    instrument, _, name = text.rpartition("/")
    instrument = instrument or _track(studio, call).instrument
    return studio.from_disk(
        lambda: studio.presets.read(instrument, name), lambda preset: _take_up(studio, call, preset)
    )


@action("/track/{track}/preset_step")
def step_preset(studio: Studio, call: Call, by: int) -> Future[Results]:
    """Give the track the next preset of its instrument, or the one before; round and round."""
    track = _track(studio, call)

    def read() -> Preset:
        names = studio.presets.names(track.instrument)
        if not names:
            raise CommandRefused(f"{track.instrument} has no presets yet; /track/{track.name}/save_preset saves one.")
        place = names.index(track.preset) + by if track.preset in names else min(by, 0)
        return studio.presets.read(track.instrument, names[place % len(names)])

    return studio.from_disk(read, lambda preset: _take_up(studio, call, preset))


@action("/track/{track}/save_preset")
def save_preset(studio: Studio, call: Call, text: str) -> Future[Results]:
    """Save the track's sound as a preset; the track is one of it from then on."""
    track = _track(studio, call)
    preset = Preset(safe_name(text), safe_name(track.instrument), dict(track.parameters))

    def take_up(path: Path) -> Results:
        studio.edit(call, lambda p: edits.with_track(p, edits.track_index(p, call.places["track"]), preset=preset.name))
        studio.tell("/event/preset_saved", preset.instrument, preset.name)
        return (str(path.relative_to(studio.project)),)

    return studio.from_disk(lambda: studio.presets.write(preset), take_up)


@action("/presets/list")
def list_presets(studio: Studio, call: Call, instrument: str | None) -> Future[Results]:
    """The presets as "instrument/name"."""

    def read() -> Results:
        instruments = studio.presets.instruments() if instrument is None else [instrument]
        return tuple(f"{each}/{name}" for each in instruments for name in studio.presets.names(each))

    return studio.from_disk(read, lambda names: names)


def _track(studio: Studio, call: Call) -> Track:
    pattern = studio.session.pattern
    return pattern.tracks[edits.track_index(pattern, call.places["track"])]


def _take_up(studio: Studio, call: Call, preset: Preset) -> Results:
    """Make the edit; where a load came in between, it is made on the track so named there."""
    studio.edit(call, lambda p: edits.with_preset(p, edits.track_index(p, call.places["track"]), preset))
    return (f"{preset.instrument}/{preset.name}",)
