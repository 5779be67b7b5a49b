"""Everything the screen knows: what the engine last said, where the cursor is, what is being typed.

No input, no output, no clock: times are passed in. Only the screen's thread uses it.
"""

import os
from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from chronus_tui.errors import CommandRefused
from chronus_tui.link import SlotLine
from chronus_tui.status import RecordingStatus, Status
from chronus_tui.ui.library_page import Browser
from chronus_tui.ui.schema import Schema
from chronus_tui.ui.slot_entry import SlotEntry
from chronus_tui.ui.takes_page import TakesPage
from store.documents import Chain, Pattern, RecordingSettings, Step, Track
from store.limits import SLOTS
from store.moments import NO_CHAIN

METER_INTERVAL_S = 0.1
"""Meters are redrawn at most this often: faster tells the eye nothing, and costs bytes on the line."""
METERED_TRACKS = 8
"""With more tracks than these the meters are redrawn less often, so that they cost no more."""
FIGURE_INTERVAL_S = 0.5
"""The same for figures such as the load, which can be read no faster."""
NOTICE_S = 6.0
"""How long a sentence stays, where nothing newer takes its place."""
OCTAVES = range(10)

Pane = Literal["tracks", "slots"]
Page = Literal["main", "sound", "effects", "steps", "library", "chain", "takes", "recorder"]
Connection = Literal["connected", "lost", "ended"]


class Order(msgspec.Struct, frozen=True):
    """A command for the engine."""

    address: str
    arguments: tuple[Any, ...] = ()


class Notice(msgspec.Struct, frozen=True):
    """A sentence on the status line; `failed` where something was refused or went wrong, `seen` once a key was pressed
    since."""

    text: str
    failed: bool
    until_s: float
    seen: bool = False


class HeldSlot(msgspec.Struct, frozen=True):
    """A slot that was noted to be copied elsewhere, or moved where `cut`."""

    bank: int
    slot: int
    cut: bool


class Model(msgspec.Struct):
    """What is known and where one is.

    status      the engine's newest status, or None before the first
    levels      peaks as the meters show them, linear: each track's
    master      and the master's, left and right
    peak        the highest master peak of the last figure interval, linear
    load        share of a block's time, as shown
    bank        whose slots are at hand
    slots       the occupied slots of the bank by number
    held        the slot that was noted, or None
    browser     what the library page shows
    takes       what the takes page shows
    record_figures the recorder's status, as its figures show it
    track       index of the track the cursor is on
    step        index of the step the cursor is on
    slot        number of the slot the cursor is on, 1..128
    slot_columns how many slots the screen shows in a row
    octave      of the piano's lower row
    instruments names that a track may be given, once the engine has told them
    schema      what can be set, once the engine has told it
    page        what fills the screen between the transport and the status
    control     what the cursor of the sound, effects and recorder pages stands on: its group's title and its name
    lane        the row of the step page that the cursor is on, by its name
    presets     those of every instrument that has some, once the engine has told them
    chain       the one that is edited and played
    chain_place of the entry that the cursor is on, from 0
    morph       how far the way from one slot to another has gone, 0..1, and which two they are, with their banks where
                those differ
    turned      what was ordered by address since the pattern, or how takes are made, last came: keys that arrive
                together all count
    """

    status: Status | None = None
    pattern: Pattern = msgspec.field(default_factory=Pattern)
    bank: int = 1
    slots: dict[int, SlotLine] = msgspec.field(default_factory=dict)
    chain: Chain = NO_CHAIN
    chain_place: int = 0
    morph: float = 0.0
    morph_pair: tuple[int, ...] = ()
    held: HeldSlot | None = None
    browser: Browser = msgspec.field(default_factory=Browser)
    takes: TakesPage = msgspec.field(default_factory=TakesPage)
    record_figures: RecordingStatus = msgspec.field(default_factory=RecordingStatus)
    instruments: tuple[str, ...] = ()
    schema: Schema = msgspec.field(default_factory=Schema)
    page: Page = "main"
    control: tuple[str, str] = ("", "")
    lane: str = "step"
    presets: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    turned: dict[str, float] = msgspec.field(default_factory=dict)
    connection: Connection = "connected"
    connection_text: str = ""
    pane: Pane = "tracks"
    track: int = 0
    step: int = 0
    slot: int = 1
    slot_columns: int = 16
    piano: bool = False
    octave: int = 4
    entry: SlotEntry = msgspec.field(default_factory=SlotEntry)
    notice: Notice | None = None
    levels: tuple[float, ...] = ()
    master: tuple[float, float] = (0.0, 0.0)
    peak: float = 0.0
    load: float = 0.0
    _meters_due_s: float = 0.0
    _figures_due_s: float = 0.0
    _peak_since: float = 0.0

    def take_status(self, status: Status, now_s: float) -> None:
        """Take the engine's newest status; meters and figures follow at a pace that can be read."""
        first = self.status is None
        if status.recording.settings != self.recording_settings:
            self.turned.clear()
        self.status = status
        self._peak_since = max(self._peak_since, *status.master)
        if now_s >= self._meters_due_s or not status.playing:
            self._meters_due_s = now_s + METER_INTERVAL_S * max(1.0, len(status.levels) / METERED_TRACKS)
            self.levels, self.master = status.levels, status.master
        if now_s >= self._figures_due_s or first:
            self._figures_due_s = now_s + FIGURE_INTERVAL_S
            self.load, self.peak, self._peak_since = status.load, self._peak_since, 0.0
            self.record_figures = status.recording
        if first and status.slot is not None:
            self.slot = status.slot
        if self.notice is not None and now_s >= self.notice.until_s:
            self.notice = None

    def take_pattern(self, pattern: Pattern) -> None:
        """Take the working pattern; the cursor stays where it can."""
        self.pattern = pattern
        self.turned.clear()
        self.track = min(self.track, max(0, len(pattern.tracks) - 1))
        self.step = min(self.step, self.length - 1)

    def take_presets(self, names: Iterable[str]) -> None:
        """Take the names of all presets, each as "instrument/name"."""
        found: dict[str, list[str]] = {}
        for full in names:
            instrument, _, name = str(full).partition("/")
            found.setdefault(instrument, []).append(name)
        self.presets = {instrument: tuple(each) for instrument, each in found.items()}

    def lose(self, connection: Connection, text: str) -> None:
        """Show that there is no engine to hear from; what it last said stays, what moved stands still."""
        self.connection, self.connection_text = connection, text
        self.notice = None
        self.levels, self.master, self.peak, self.load = (), (0.0, 0.0), 0.0, 0.0

    def tell(self, text: str, now_s: float, failed: bool = False, behind: bool = False) -> None:
        """Show a sentence for a while, with paths as they are in the project; `behind` what happened before it, where
        that is still to be seen.

        What went wrong is not pushed away by what merely happened, until a key was pressed: a take that a full disk
        ends is closed, too.
        """
        last = self.notice
        if last is not None and last.failed and not last.seen and not failed and now_s < last.until_s:
            return
        if behind and last is not None and not last.seen and now_s < last.until_s:
            text = f"{last.text}; {text}"
        self.notice = Notice(self.in_project(text), failed, now_s + NOTICE_S)

    def see_notice(self) -> None:
        """A key was pressed: what it does may be told in place of what went wrong before."""
        if self.notice is not None:
            self.notice = replace(self.notice, seen=True)

    def in_project(self, text: str) -> str:
        """`text` with its paths as they are in the project, short enough that one sees what is said of them."""
        return text if self.status is None else text.replace(f"{self.status.project}{os.sep}", "")

    @property
    def current(self) -> Track | None:
        """The track the cursor is on."""
        return self.pattern.tracks[self.track] if self.track < len(self.pattern.tracks) else None

    @property
    def length(self) -> int:
        """Steps of the track the cursor is on, at least 1."""
        return self.current.length if self.current is not None else 1

    @property
    def step_under_cursor(self) -> Step:
        """The step the cursor is on; an empty one where the track is shorter."""
        track = self.current
        return track.steps[self.step] if track is not None and self.step < len(track.steps) else Step()

    @property
    def loaded(self) -> int | None:
        """The slot of this bank that was last loaded or saved, or None."""
        return self.status.slot if self.status is not None and self.status.slot_bank == self.bank else None

    @property
    def queued(self) -> int | None:
        """The slot of this bank that waits to be loaded, or None."""
        return self.status.queued if self.status is not None and self.status.queued_bank == self.bank else None

    @property
    def playing(self) -> bool:
        """Whether the transport runs, as far as anyone can tell."""
        return self.connection == "connected" and self.status is not None and self.status.playing

    @property
    def recording(self) -> bool:
        """Whether a take is being written, as far as anyone can tell."""
        return self.connection == "connected" and self.status is not None and self.status.recording.active

    @property
    def recording_settings(self) -> RecordingSettings:
        """How takes are made, as far as anyone can tell."""
        return self.status.recording.settings if self.status is not None else RecordingSettings()

    @property
    def record_waits(self) -> bool:
        """Whether a take waits to begin, as far as anyone can tell."""
        waiting = self.status.recording.waiting if self.status is not None else ""
        return self.connection == "connected" and waiting in ("bar", "level")

    def require_track(self) -> Track:
        """The track the cursor is on.

        Raises CommandRefused where the pattern has none.
        """
        if self.current is None:
            raise CommandRefused("The pattern has no track; add one with Ctrl+P, /tracks/add.")
        return self.current

    def move_track(self, by: int) -> None:
        """Go `by` tracks down, as far as there are any."""
        self.track = min(max(0, self.track + by), max(0, len(self.pattern.tracks) - 1))
        self.step = min(self.step, self.length - 1)

    def move_step(self, by: int) -> None:
        """Go `by` steps to the right, as far as the track goes."""
        self.step = min(max(0, self.step + by), self.length - 1)

    def move_slot(self, by: int) -> None:
        """Go `by` slots on; a move that would leave the bank is not made."""
        if 1 <= self.slot + by <= SLOTS:
            self.slot += by
