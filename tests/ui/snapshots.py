"""The screen as text that a person can read, kept in `snapshots/` and compared by the tests.

Written again, after a change that is meant, with

    python tests/ui/snapshots.py
"""

import json
import math
from pathlib import Path

import msgspec
from fake_engine import BANK, SCHEMA, TAKES, FakeEngine, pattern_of

from chronus_tui.link import SlotLine
from chronus_tui.status import ExaminationStatus, OscStatus, RecordingStatus, Status
from chronus_tui.ui.library_page import Listed
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.cells import to_text
from chronus_tui.ui.schema import decode_schema
from chronus_tui.ui.screens.help import draw_help
from chronus_tui.ui.screens.main import draw_screen
from chronus_tui.verdict import TakeFault, Verdict, Verdicts
from store.documents import RecordingSettings
from store.takes.line import TakeLine

FOLDER = Path(__file__).parent / "snapshots"


def playing_model(tracks: int = 8, length: int = 16) -> Model:
    """A screen in the middle of things: playing, recording, edited, with a load that waits."""
    model = Model()
    model.take_pattern(pattern_of(tracks, length))
    model.slots = {slot: SlotLine(slot, name, genre) for slot, (name, genre) in BANK.items()}
    model.slots[8] = SlotLine(8, "", problem="slot_008.json is no JSON: line 3, column 7")
    model.take_status(
        Status(
            project="/music",
            version="0.1.0",
            playing=True,
            bpm=125.0,
            swing=0.3,
            bar=17,
            beat=3,
            step=9,
            pattern="acid night",
            slot=1,
            queued=42,
            queued_beats=2.0,
            queued_when="bar",
            waiting="rain on tin",
            edited=True,
            device="pulse",
            load=0.04,
            levels=tuple(0.8 / (number + 1) for number in range(tracks)),
            master=(0.7, 0.5),
            playheads=(8,) * (tracks - 1) + (3,),
            recording=RecordingStatus(
                True, "/music/recordings/session_20261121_210000.wav", 192.4, 9_235_200, 0, 27_400_000, 24, 0, 183_600.0
            ),
            clients=2,
            osc=OscStatus("127.0.0.1", 5005),
        ),
        now_s=0.0,
    )
    return model


def silent_model() -> Model:
    """A screen at rest on a machine without a device, with the cursor in the slots and a number being typed."""
    model = playing_model()
    status = Status(
        project="/music",
        version="0.1.0",
        pattern="acid night",
        slot=1,
        silent=True,
        problem="no sound device was found; chronus doctor tells what to do.",
        xruns=3,
        osc=OscStatus("127.0.0.1", 5005),
        recording=RecordingStatus(
            False, "/music/recordings/session_20261121_210000.wav", 192.4, dropped=480, disk_left_s=300
        ),
    )
    model.take_status(status, now_s=1.0)
    model.pane, model.slot = "slots", 42
    model.entry.digit("4", 1.0)
    return model


def polymeter_model() -> Model:
    """Tracks of different lengths, one muted, one soloed, with the cursor on a tie."""
    model = playing_model(16, 48)
    tracks = list(model.pattern.tracks)
    tracks[1] = msgspec.structs.replace(tracks[1], length=12, mute=True)
    tracks[5] = msgspec.structs.replace(tracks[5], length=7, solo=True)
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks)))
    model.track, model.step = 5, 3
    return model


def sound_model() -> Model:
    """The sound of the bass, with the cursor on its filter."""
    model = playing_model()
    model.schema = decode_schema(SCHEMA)
    model.instruments = tuple(module.name for module in model.schema.instruments)
    tracks = list(model.pattern.tracks)
    tracks[6] = msgspec.structs.replace(tracks[6], parameters={"cutoff": 480, "resonance": 0.8, "attack": 0.3})
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks)))
    model.page, model.track, model.control = "sound", 6, ("FILTER", "cutoff")
    return model


def acid_model() -> Model:
    """The sound of the acid line."""
    model = sound_model()
    model.track = 5
    return model


def steps_model() -> Model:
    """The steps of the acid line: one locks, some are left to chance, one comes late, the cursor on a lock."""
    model = sound_model()
    track = model.pattern.tracks[5]
    steps = list(track.steps)
    steps[2] = msgspec.structs.replace(steps[2], note=58, tie=True)
    steps[4] = msgspec.structs.replace(steps[4], probability=0.5, velocity=0.6, locks={"cutoff": 2200.0})
    steps[6] = msgspec.structs.replace(steps[6], condition="3:4", micro=0.12, note=63)
    steps[8] = msgspec.structs.replace(steps[8], ratchet=3, locks={"cutoff": 90.0, "delay": 0.75, "wobble": 0.5})
    steps[14] = msgspec.structs.replace(steps[14], condition="not first", micro=-0.25)
    tracks = list(model.pattern.tracks)
    tracks[5] = msgspec.structs.replace(track, steps=tuple(steps))
    model.take_pattern(msgspec.structs.replace(model.pattern, tracks=tuple(tracks), root=9, scale="minor"))
    model.page, model.track, model.step, model.lane = "steps", 5, 4, "cutoff"
    return model


def effects_model() -> Model:
    """The effects, with the cursor on the delay."""
    model = sound_model()
    model.page, model.control = "effects", ("DELAY", "feedback")
    return model


def mixer_model() -> Model:
    """The mixer, with the cursor on a track's place."""
    model = effects_model()
    model.control = ("pan", "pan")
    return model


def library_model() -> Model:
    """The library, one pattern of it heard, one a favourite, one that cannot be read."""
    model = playing_model()
    assert model.status is not None
    status = msgspec.structs.replace(
        model.status, queued=None, queued_when="", audition="acid/silver box", audition_heard=True
    )
    model.take_status(status, now_s=1.0)
    model.page = "library"
    rows = json.loads(FakeEngine().browse(()))["patterns"]
    model.browser.rows = tuple(msgspec.convert(row, Listed) for row in rows)
    model.browser.found = model.browser.of = len(rows)
    model.browser.place = 2
    return model


def finding_model() -> Model:
    """The library while one types."""
    model = library_model()
    model.browser.typing, model.browser.typed = True, "harb"
    model.browser.rows, model.browser.found, model.browser.place = model.browser.rows[2:3], 1, 0
    return model


def takes_model() -> Model:
    """The recorder at work, over the takes that there are."""
    model = playing_model()
    assert model.status is not None
    recording = msgspec.structs.replace(
        model.status.recording,
        format="flac",
        taps=("master", "stems"),
        lufs=-14.2,
        true_peak_db=-0.6,
        rms_db=-18.3,
        peak_hold=(0.8, 0.6),
        waveform=tuple(0.9 * abs(math.sin(place / 7)) ** 3 for place in range(100)),
        auditioned="session_20261121_200000",
        auditioned_s=61.0,
    )
    model.status = msgspec.structs.replace(model.status, recording=recording)
    model.record_figures = recording
    grows = TakeLine("session_20261121_210000", 191.5, "wav24", "2026-11-21T21:10:00", 1, doing="recording")
    model.takes.rows = (grows, *TAKES)
    model.page, model.takes.place = "takes", 3
    return model


def takes_at_rest_model() -> Model:
    """The same with no take, waiting for the bar, with a waveform that was asked for."""
    model = takes_model()
    assert model.status is not None
    recording = msgspec.structs.replace(model.status.recording, active=False, waiting="bar", auditioned="")
    model.status = msgspec.structs.replace(model.status, recording=recording)
    model.record_figures = msgspec.structs.replace(recording, lufs=None, true_peak_db=-120.0, rms_db=-120.0, dropped=7)
    model.takes.take_waveform("rain on tin", tuple(abs(math.sin(place / 9)) for place in range(240)))
    return model


FAULTS = (
    TakeFault("dropout", "master", 12.0, 0.0107, "both", 0.93, "512 frames of zeros"),
    TakeFault("click", "master", 63.5, 1 / 48_000, "left", 0.97, "a jump of 0.412"),
    TakeFault("clipping", "03 clap", 100.25, 4.5, "right", 0.95, "12 peaks cut flat at -0.0 dB"),
    TakeFault("silence", "master", 180.0, 12.4, "both", 0.8, "silence for 12.4 s"),
)


def takes_examined_model() -> Model:
    """What a check and a replay found out about a take, with the second fault looked at, while another is checked."""
    model = takes_at_rest_model()
    assert model.status is not None
    told = "Faults found in rain on tin: 1 dropout, 1 click, 1 clipping, 1 silence; the first is at 0:12.000 in master."
    other = TakeFault("differs", "master", 150.125, detail="is another sound from here on")
    model.takes.verdicts = Verdicts(
        Verdict("rain on tin", "check", "faulty", told, 192.4, len(FAULTS), FAULTS),
        Verdict(
            "rain on tin",
            "replay",
            "differs",
            "It differs from the take: master from 150.125 s on.",
            192.4,
            1,
            (other,),
        ),
    )
    model.takes.fault = 1
    examination = ExaminationStatus("check", "session_20261121_200000", 40)
    model.status = msgspec.structs.replace(model.status, examination=examination)
    return model


def recorder_model() -> Model:
    """How takes are made: all stems, on the bar, for eight bars, with the cursor on how a take begins."""
    model = takes_at_rest_model()
    assert model.status is not None
    settings = RecordingSettings(
        "flac", ("master", "stems"), preroll_s=5, split_s=600, folder="/mnt/disk/takes", when="level", silence_s=2
    )
    recording = msgspec.structs.replace(
        model.status.recording,
        waiting="",
        settings=settings,
        bytes_a_second=21 * 288_000,
        disk_free_bytes=530_000_000_000,
        kept_s=33.5,
        kept_bytes=314_500_000,
    )
    model.status = msgspec.structs.replace(model.status, recording=recording, queued=None, queued_when="")
    model.record_figures = recording
    model.page, model.control = "recorder", ("TAPS", "stems")
    return model


def pictures() -> dict[str, str]:
    """Every picture by its file's name."""
    piano = playing_model()
    piano.piano = True
    assert piano.status is not None
    piano.status = msgspec.structs.replace(piano.status, queued=None, queued_when="")
    return {
        "playing_80x24.txt": _text(playing_model(), 80, 24),
        "playing_120x40.txt": _text(playing_model(), 120, 40),
        "silent_80x24.txt": _text(silent_model(), 80, 24),
        "silent_120x40.txt": _text(silent_model(), 120, 40),
        "polymeter_80x24.txt": _text(polymeter_model(), 80, 24),
        "polymeter_160x50.txt": _text(polymeter_model(), 160, 50),
        "smallest_60x16.txt": _text(playing_model(), 60, 16),
        "piano_60x16.txt": _text(piano, 60, 16),
        "too_small_40x10.txt": _text(playing_model(), 40, 10),
        "sound_80x24.txt": _text(sound_model(), 80, 24),
        "sound_120x40.txt": _text(sound_model(), 120, 40),
        "sound_60x16.txt": _text(sound_model(), 60, 16),
        "sound_acid_80x24.txt": _text(acid_model(), 80, 24),
        "steps_80x24.txt": _text(steps_model(), 80, 24),
        "steps_120x40.txt": _text(steps_model(), 120, 40),
        "steps_60x16.txt": _text(steps_model(), 60, 16),
        "effects_80x24.txt": _text(effects_model(), 80, 24),
        "effects_120x40.txt": _text(effects_model(), 120, 40),
        "mixer_80x24.txt": _text(mixer_model(), 80, 24),
        "mixer_60x16.txt": _text(mixer_model(), 60, 16),
        "library_80x24.txt": _text(library_model(), 80, 24),
        "library_120x40.txt": _text(library_model(), 120, 40),
        "library_60x16.txt": _text(library_model(), 60, 16),
        "library_find_80x24.txt": _text(finding_model(), 80, 24),
        "takes_80x24.txt": _text(takes_model(), 80, 24),
        "takes_120x40.txt": _text(takes_model(), 120, 40),
        "takes_60x16.txt": _text(takes_at_rest_model(), 60, 16),
        "takes_examined_80x24.txt": _text(takes_examined_model(), 80, 24),
        "takes_examined_120x40.txt": _text(takes_examined_model(), 120, 40),
        "takes_examined_60x16.txt": _text(takes_examined_model(), 60, 16),
        "recorder_80x24.txt": _text(recorder_model(), 80, 24),
        "recorder_120x40.txt": _text(recorder_model(), 120, 40),
        "recorder_60x16.txt": _text(recorder_model(), 60, 16),
        "help_sound_80.txt": to_text(draw_help("sound", 80)),
        "help_120.txt": to_text(draw_help("tracks", 120)),
    }


def _text(model: Model, width: int, height: int) -> str:
    return "".join(to_text(rows) for rows in draw_screen(model, width, height).values())


def main() -> None:
    """Write every picture again."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
