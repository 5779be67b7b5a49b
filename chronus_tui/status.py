"""What the engine says of itself, twenty times a second at most: the one truth behind the status line,
`chronus status --json`, `/status` over OSC, and every meter on the screen.
"""

import msgspec

from store.documents import RecordingSettings


class RecordingStatus(msgspec.Struct, frozen=True):
    """The running take, or the last one where `active` is false; and what is always measured.

    waiting       "bar" or "level" where a take waits to begin, "end" where it ends by itself with a bar
    settings      how the next one will be made
    bytes_a_second  that it needs on the disk, with all of its taps and its performance; or that the next one will
    disk_free_bytes, disk_left_s  room for takes, and for how long it lasts; None before the disk has said so
    format        that it ends up in, or that the next one will
    taps          where the sound is taken
    lufs          integrated loudness of the take, None where there is none yet
    true_peak_db  the highest place of its wave, in dBTP
    waveform      peaks of the take from its beginning on, linear
    peak_hold     highest peaks of late, left and right, linear
    rms_db        of the last 400 ms
    kept_s        how much of what was heard at the taps is in memory
    kept_bytes    how much memory that takes when it is full
    lost          frames that did not get there
    clipped       samples of the take that were over full scale, and were cut off
    auditioned    name of the take that is being played, or empty, and how far it is
    encoding      name of the take that is being encoded, or empty, and the share that is done
    """

    active: bool = False
    path: str = ""
    seconds: float = 0.0
    frames: int = 0
    dropped: int = 0
    size_bytes: int = 0
    bits: int = 24
    disk_free_bytes: int | None = None
    disk_left_s: float | None = None
    waiting: str = ""
    format: str = "wav24"
    taps: tuple[str, ...] = ("master",)
    lufs: float | None = None
    true_peak_db: float = -120.0
    waveform: tuple[float, ...] = ()
    peak_hold: tuple[float, float] = (0.0, 0.0)
    rms_db: float = -120.0
    kept_s: float = 0.0
    lost: int = 0
    encoding: str = ""
    encoded: float = 0.0
    auditioned: str = ""
    auditioned_s: float = 0.0
    clipped: int = 0
    settings: RecordingSettings = RecordingSettings()
    bytes_a_second: int = 288_000
    kept_bytes: int = 0


class OscStatus(msgspec.Struct, frozen=True):
    """Where OSC is heard, what arrived there that was no OSC, and answers that could not be sent."""

    host: str = ""
    port: int = 0
    malformed: int = 0
    dropped: int = 0


class WorkStatus(msgspec.Struct, frozen=True):
    """Long work on many patterns: what it is, or empty, and how many are done, of how many."""

    what: str = ""
    done: int = 0
    of: int = 0


class ExaminationStatus(msgspec.Struct, frozen=True):
    """The take that is examined beside the sound: "check" or "replay", or empty; its name; and percent done."""

    what: str = ""
    take: str = ""
    percent: int = 0


class Status(msgspec.Struct, frozen=True):
    """One look at the engine.

    bar, beat, step   from 1, where the playhead is; 0 while stopped
    frame             of the engine's clock
    filling           a fill is held
    slot              the one last loaded or saved, or None; `slot_bank` is its bank
    bank              the one whose slots are at hand
    queued            slot that waits to be loaded, or None; `queued_bank` is its bank, `queued_beats` until then,
                      `queued_when` what it waits for: "bar", "beat" or "end" of the pattern
    waiting           the name of the pattern that waits, which may be of no slot, or empty
    edited            the working pattern differs from its slot
    audition          library pattern that is heard instead, or waits for its bar, or empty; `audition_heard`
    work              what is done to many patterns of the library
    examination       a take that is checked or replayed
    changed           slots of the bank at hand whose files were changed by an editor or git
    save_on_switch    an edited slot is saved when another pattern is loaded in its place
    gzip              slots are written as .json.gz
    chain             name of the chain at hand, or empty; `chain_entry` of its `chain_entries` plays, 0 for none
    device            the name of what plays, or "silent clock"
    problem           what is wrong and what to do, in a sentence, or empty
    unplayed          what of the working pattern cannot be played as it is written, in sentences
    load              share of a block's time that making it takes, 0..1
    levels            peak of each track after its fader, linear, falling
    master            peak left and right
    compressed_db     how far the compressor turns the mix down; `limited_db` the limiter
    playheads         index of the step each track sounded last, or -1
    late              commands whose frame had passed when they arrived
    """

    project: str
    version: str
    playing: bool = False
    filling: bool = False
    bpm: float = 120.0
    swing: float = 0.0
    bar: int = 0
    beat: int = 0
    step: int = 0
    frame: int = 0
    pattern: str = ""
    slot: int | None = None
    slot_bank: int = 1
    bank: int = 1
    queued: int | None = None
    queued_bank: int = 1
    queued_beats: float = 0.0
    queued_when: str = ""
    waiting: str = ""
    edited: bool = False
    audition: str = ""
    audition_heard: bool = False
    work: WorkStatus = WorkStatus()
    examination: ExaminationStatus = ExaminationStatus()
    changed: tuple[int, ...] = ()
    save_on_switch: bool = False
    gzip: bool = False
    chain: str = ""
    chain_entry: int = 0
    chain_entries: int = 0
    device: str = ""
    silent: bool = False
    problem: str = ""
    unplayed: tuple[str, ...] = ()
    rate: int = 48_000
    block: int = 256
    xruns: int = 0
    load: float = 0.0
    late: int = 0
    faults: int = 0
    lost: int = 0
    voices: int = 0
    levels: tuple[float, ...] = ()
    master: tuple[float, float] = (0.0, 0.0)
    compressed_db: float = 0.0
    limited_db: float = 0.0
    playheads: tuple[int, ...] = ()
    recording: RecordingStatus = RecordingStatus()
    clients: int = 0
    osc: OscStatus = OscStatus()
