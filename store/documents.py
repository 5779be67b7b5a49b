"""What a project is made of, as frozen types: an edit makes a new document, and the old one stays
as it was for undo, for a save under way, for anyone who still looks at it.

These types carry no behaviour beyond small edits of themselves. How they lie in a file is the concern
of `codec`; what an older file looked like, that of `migrations`; what they sound like, not ours.

Every type has `extra`: the fields of a file that this version does not know, kept so that a rewrite
gives them back.
"""

from typing import Any

import msgspec

Number = int | float
"""A number as it was written: 125 stays 125, and 125.0 stays 125.0."""


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place in a track's grid.

    on        a note begins here
    note      MIDI note number 0..127, or None for the track's own note
    velocity  0..1
    accent    louder and brighter; the instrument decides how
    tie       the note before is held through this step; where `note` is given too, it slides there
    chord     semitones above `note` that sound with it, at most four

    probability  0..1, how often the step is played
    ratchet      1..8 strikes, spread evenly over the step
    micro        -0.5..0.5 of a step by which it comes early (below 0) or late
    condition    in which rounds of the track it is played: "" always, "A:B" in the Ath of every B,
                 "first", "not first", "fill" while a fill is held, "not fill"
    locks        settings of the track's instrument or strip for this step alone, by parameter name
    """

    on: bool = False
    note: int | None = None
    velocity: Number = 0.8
    accent: bool = False
    tie: bool = False
    chord: tuple[int, ...] = ()
    probability: Number = 1.0
    ratchet: int = 1
    micro: Number = 0.0
    condition: str = ""
    locks: dict[str, Number] = {}
    extra: dict[str, Any] = {}


class Lfo(msgspec.Struct, frozen=True):
    """A slow wave that moves one parameter up and down.

    shape    sine, triangle, saw, square, random (a new level each cycle) or smooth (random levels, joined)
    synced   whether `beats` counts, and not `rate_hz`
    rate_hz  cycles a second
    beats    length of a cycle
    depth    -1..1 of the target's range, on its own scale
    phase    0..1, where in its cycle it begins
    target   of a track's: the name of one of its parameters; of a pattern's: module and parameter, as
             in "acid cutoff" or "delay feedback"; "" for none
    """

    shape: str = "sine"
    synced: bool = True
    rate_hz: Number = 1.0
    beats: Number = 4.0
    depth: Number = 0.0
    phase: Number = 0.0
    target: str = ""
    extra: dict[str, Any] = {}


class Track(msgspec.Struct, frozen=True):
    """One instrument and what it plays.

    length      steps that play before it starts again, 1..64; `steps` may hold more
    note        MIDI note of steps that have none of their own
    gate        share of a step that an untied note is held, 0.05..1
    gain_db     -60 (silent) .. 12
    pan         -1 left .. 1 right
    sends       share of the track that goes to an effect, by the effect's name, 0..1
    strip       other settings of its mixer strip by name, such as its filter; what is missing has its default
    parameters  the instrument's settings by name; what is missing has its default
    preset      name of the preset that the settings came from, "" for none; they may have been changed since
    clip        name of the sound file that a sampler plays
    """

    name: str
    instrument: str
    length: int = 16
    note: int = 60
    gate: Number = 0.5
    gain_db: Number = 0.0
    pan: Number = 0.0
    mute: bool = False
    solo: bool = False
    sends: dict[str, Number] = {}
    strip: dict[str, Number] = {}
    parameters: dict[str, Number] = {}
    preset: str = ""
    clip: str = ""
    lfo: Lfo | None = None
    steps: tuple[Step, ...] = (Step(),) * 16
    extra: dict[str, Any] = {}


class Pattern(msgspec.Struct, frozen=True):
    """What plays and is edited, and what a slot holds.

    about          what its maker says of it, in which the library is searched too
    bpm            20..300
    swing          share of a step by which every second one comes late, 0..0.75
    beats_per_bar  1..16
    root           0..11, the note from C that the scale begins on
    scale          name of a scale
    scale_lock     every note is played as the nearest one of the scale; steps keep what was written
    seed           of all that is left to chance: the same seed, the same choices
    lfos           at most two
    effects        settings by effect and parameter name; what is missing has its default
    """

    name: str = "untitled"
    genre: str = ""
    tags: tuple[str, ...] = ()
    about: str = ""
    bpm: Number = 120.0
    swing: Number = 0.0
    beats_per_bar: int = 4
    root: int = 0
    scale: str = "chromatic"
    scale_lock: bool = False
    seed: int = 1
    lfos: tuple[Lfo, ...] = ()
    tracks: tuple[Track, ...] = ()
    effects: dict[str, dict[str, Number]] = {}
    extra: dict[str, Any] = {}


class Preset(msgspec.Struct, frozen=True):
    """Settings of one instrument that were given a name; what is missing has its default."""

    name: str
    instrument: str
    parameters: dict[str, Number] = {}
    extra: dict[str, Any] = {}


class ChainEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place in a chain: a slot, and how it is played there.

    repeats  rounds of the pattern, each as long as its longest track, 1..99
    mutes    names of tracks that are silent here, besides those that the pattern mutes
    bpm      20..300, or None for the pattern's own
    """

    slot: int
    bank: int = 1
    repeats: int = 1
    mutes: tuple[str, ...] = ()
    bpm: Number | None = None
    extra: dict[str, Any] = {}


class Chain(msgspec.Struct, frozen=True):
    """Slots that play one after another.

    loop     begins again after its last entry; without it, the playing stops there
    entries  at most 256
    """

    name: str = "untitled"
    loop: bool = False
    entries: tuple[ChainEntry, ...] = ()
    extra: dict[str, Any] = {}


class RecordingSettings(msgspec.Struct, frozen=True):
    """How takes are made.

    format     as `/record/format` names it
    taps       where the sound is taken: "master", "dry", "mix", "stems"
    keep_s     how much of what was heard is always in memory
    preroll_s  how much of it a take begins with
    split_s    length of the files that a take is cut into, 0 for one
    split_mb   their size in millions of bytes at most, 0 for any
    folder     where takes go, empty for the project's own
    when       when a take begins that is not told when: "now", on the "bar", after a "count_in", at a "level"
    bars       that a take lasts which begins on the bar, 0 for until it is stopped
    clicks     bars of clicks before a take
    level_db   over which a sound begins one
    silence_s  with which such a take ends, 0 for never
    """

    format: str = "wav24"
    taps: tuple[str, ...] = ("master",)
    keep_s: Number = 120
    preroll_s: Number = 0
    split_s: Number = 0
    split_mb: Number = 0
    folder: str = ""
    when: str = "now"
    bars: Number = 0
    clicks: Number = 1
    level_db: Number = -40
    silence_s: Number = 0
    extra: dict[str, Any] = {}


class Project(msgspec.Struct, frozen=True):
    """`project.json`: what belongs to the project as a whole.

    bank            the one that is opened
    save_on_switch  a slot that was edited is saved when another pattern is loaded in its place
    gzip            slots are written as `.json.gz`
    """

    name: str = "untitled"
    bank: int = 1
    save_on_switch: bool = False
    gzip: bool = False
    recording: RecordingSettings = RecordingSettings()
    extra: dict[str, Any] = {}


class TakeEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened during a take.

    frame  of the take
    what   a "pattern" began to play, its "tempo" changed, a "mark" was set, frames before it were "dropped", the
           device had an "xrun", the sound broke and was "silenced", a "command" was carried out
    name   of the pattern or the mark, or the tempo, or the command with its arguments, or what played where the device
           asked for no sound
    slot   that the pattern lies in, and `bank`
    count  of frames or xruns
    bpm    of what plays from then on, for a pattern or a tempo
    """

    frame: int
    what: str
    name: str = ""
    slot: int | None = None
    bank: int = 0
    count: int = 0
    bpm: Number | None = None
    extra: dict[str, Any] = {}


class FileProof(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an encoded file was made of, and what it was when it was made.

    tap    and `part`, from 1, that the file holds
    sound  digest of the captured sound, see `store.proofs`
    file   digest of the file
    """

    tap: str
    part: int
    sound: str
    file: str
    extra: dict[str, Any] = {}


class Take(msgspec.Struct, frozen=True):
    """The note beside a recording.

    started      local time of the first frame, ISO 8601
    frames       how many each tap holds
    dropped      frames that could not be written, of which the files hold none
    xruns        of the device meanwhile
    clipped      samples that went over full scale, and were cut off
    coding       what the files are, as `/record/format` names it; empty in notes that are older than formats
    encode_to    what they are to become, empty where nothing is left to be done
    taps         one or more files each
    in_folder    they lie in a folder of the take's name
    split        they are numbered parts
    parts        frames of each part that is finished
    lufs         integrated loudness of the first tap, None where there is none
    true_peak    of the first tap, in dBTP
    continues    name of the take that could not go on
    proofs       of its files, where the samples do not lie in them as they are; notes that are older than these have
                 none
    replayable   how many frames can be made again, where a crash took what was told later; None for all
    """

    name: str
    started: str
    rate: int
    channels: int
    bits: int
    frames: int = 0
    dropped: int = 0
    xruns: int = 0
    clipped: int = 0
    coding: str = ""
    encode_to: str = ""
    taps: tuple[str, ...] = ("master",)
    in_folder: bool = False
    split: bool = False
    parts: tuple[int, ...] = ()
    bpm: Number = 120.0
    slot: int | None = None
    pattern: str = ""
    device: str = ""
    lufs: Number | None = None
    true_peak: Number | None = None
    continues: str = ""
    proofs: tuple[FileProof, ...] = ()
    replayable: int | None = None
    events: tuple[TakeEvent, ...] = ()
    complete: bool = False
    extra: dict[str, Any] = {}
