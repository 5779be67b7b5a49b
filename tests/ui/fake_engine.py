"""An engine for the screen's tests and its demo: it keeps a pattern and a transport, and makes no sound.

`FakeEngine` is the engine, moved on by hand with `run_for`; `connect` gives the screen a client to it.
Run as a program, it shows the screen with a moving transport:

    python tests/ui/fake_engine.py [TRACKS] [LENGTH]
    python tests/ui/fake_engine.py takes
"""

import itertools
import math
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from chronus_tui.errors import EngineUnreachable
from chronus_tui.link import Event, Message, PatternMessage, Reply, SlotLine, SlotsMessage, StatusMessage
from chronus_tui.status import ExaminationStatus, OscStatus, RecordingStatus, Status
from chronus_tui.verdict import Verdicts
from store.codec import encode_pattern
from store.documents import Pattern, Step, Track
from store.library.entries import Entry
from store.library.filters import query_of
from store.library.search import select
from store.takes.line import TakeLine

NAMES = ("kick", "snare", "clap", "hat", "open hat", "acid", "bass", "pad")
INSTRUMENTS = ("kick", "snare", "clap", "closed_hat", "open_hat", "acid", "poly")
SCHEMA = (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")
"""What the engine tells of these instruments and of its effects; the strip is every track's."""
ASKED_AT_FIRST = ("/engine/schema", "/presets/list")
"""What every screen asks for when it has an engine."""
PRESETS = ("acid/deep bite", "acid/silver squelch", "poly/warm pad")
STEP_FIELDS = {
    "step": "on",
    "step_note": "note",
    "step_velocity": "velocity",
    "probability": "probability",
    "ratchet": "ratchet",
    "micro": "micro",
    "condition": "condition",
}
PATTERNS = (
    "X...X...X...X...",
    "....X.......X..x",
    "............x...",
    "x.x.x.x.x.x.x.xx",
    "..x...x...x...x.",
    "X.x-x.X.x.x-X.xx",
    "x---x-----x-x---",
    "x---------------",
)
BANK = {
    1: ("acid night", "acid"),
    2: ("slow dub", "dub"),
    3: ("warehouse", "techno"),
    4: ("first light", "ambient"),
    7: ("two step", "garage"),
    8: ("amen again", "jungle"),
    17: ("jack", "house"),
    42: ("rain on tin", "electro"),
    64: ("night bus", "dub"),
    113: ("夜の電車", "ambient"),
}


LIBRARY = (
    Entry("acid/silver box", "acid", "silver box", ("acid", "303"), "two lines that answer each other", 134),
    Entry("ambient/夜の電車", "ambient", "夜の電車", ("slow", "night"), "", 72),
    Entry("dub/chord harbour", "dub", "chord harbour", ("favourite", "deep"), "foghorns, and rain on the deck", 118),
    Entry("dub/night bus", "dub", "night bus", ("template",), "", 120),
    Entry("house/broken", "house", "broken", problem="/music/patterns/library/house/broken.json is empty."),
    Entry("techno/acid night", "techno", "acid night", ("acid", "dark"), "", 132, factory=True),
)
TRASHED = ("2026-11-21 20:59:00 dub/old harbour", "2026-11-20 10:00:00 techno/first try")


def pattern_of(tracks: int = 8, length: int = 16) -> Pattern:
    """A pattern with so many tracks, the first eight as their names say."""
    return Pattern(name="acid night", bpm=125.0, swing=0.3, tracks=tuple(_track(n, length) for n in range(tracks)))


def _track(number: int, length: int) -> Track:
    text = itertools.islice(itertools.cycle(PATTERNS[number % len(PATTERNS)]), length)
    steps = tuple(Step(on=c in "Xx", accent=c == "X", tie=c == "-") for c in text)
    name = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else " b")
    return Track(
        name=name,
        instrument=INSTRUMENTS[number % len(INSTRUMENTS)],
        length=length,
        note=36 + 5 * (number % 8),
        gain_db=-1.5 * (number % 8),
        pan=(number % 3 - 1) * 0.3,
        sends={"delay": 0.2, "reverb": 0.1 * (number % 4)},
        steps=steps,
    )


def _with_step(track: Track, place: int, **changes: Any) -> Track:
    steps = list(track.steps)
    steps[place] = msgspec.structs.replace(steps[place], **changes)
    return msgspec.structs.replace(track, steps=tuple(steps))


TAKES = (
    TakeLine("rain on tin", 192.4, "wav24", "2026-11-21T21:00:00.000", 1, 55_400_000, -14.2),
    TakeLine("session_20261121_200000", 3723.0, "flac", "2026-11-21T20:00:00.000", 22, 690_000_000, -9.6),
    TakeLine("long night", 61.0, "wav32", "2026-11-20T23:12:00.000", 1, 23_400_000, None, 480),
    TakeLine("夜の電車", 12.0, "wav24", "2026-11-19T10:00:00.000", 1, 3_400_000, -23.0, doing="becomes opus"),
    TakeLine("broken", problem="broken.json is empty. It was left as it is."),
)


class FakeClient:
    """What the screen holds of the fake engine."""

    def __init__(self, engine: "FakeEngine", on_message: Callable[[Message], None], on_close: Callable[[], None]):
        self.engine = engine
        self.on_message = on_message
        self.on_close = on_close
        self.numbers = itertools.count(1)

    def post(self, address: str, *arguments: Any) -> int:
        number = next(self.numbers)
        self.engine.carry_out(self, number, address, arguments)
        return number

    def close(self) -> None:
        self.engine.clients.discard(self)


class FakeEngine:
    """An engine without sound. `orders` is all it was told, `told` what it tells each client at first."""

    def __init__(self, tracks: int = 8, length: int = 16, alive: bool = True) -> None:
        self.alive = alive
        self.clients: set[FakeClient] = set()
        self.orders: list[tuple[str, tuple[Any, ...]]] = []
        self.refuse: dict[str, str] = {}
        self.pattern = pattern_of(tracks, length)
        self.slots = {slot: SlotLine(slot, name, genre) for slot, (name, genre) in BANK.items()}
        self.beat = 0.0
        self.told: tuple[Event, ...] = ()
        self.library = list(LIBRARY)
        self.verdicts = Verdicts()
        self.status = Status(
            project="/music",
            version="0.1.0",
            bpm=125.0,
            swing=0.3,
            pattern=self.pattern.name,
            slot=1,
            device="pulse",
            load=0.04,
            levels=(0.0,) * tracks,
            playheads=(-1,) * tracks,
            recording=RecordingStatus(disk_free_bytes=50_000_000_000, disk_left_s=51 * 3600.0),
            clients=1,
            osc=OscStatus("127.0.0.1", 5005),
        )

    def connect(self, on_message: Callable[[Message], None], on_close: Callable[[], None]) -> FakeClient:
        if not self.alive:
            raise EngineUnreachable("No engine runs for /music; start one with: chronus engine")
        client = FakeClient(self, on_message, on_close)
        self.clients.add(client)
        self.send(PatternMessage(encode_pattern(self.pattern)))
        self.send(SlotsMessage(1, tuple(self.slots.values())))
        self.tell_status()
        for event in self.told:
            self.send(event)
        return client

    def die(self) -> None:
        self.alive = False
        for client in list(self.clients):
            self.clients.discard(client)
            client.on_close()

    def end(self) -> None:
        self.send(Event("/event/ending"))
        self.die()

    def send(self, message: Message) -> None:
        for client in list(self.clients):
            client.on_message(message)

    def change(self, **fields: Any) -> None:
        self.status = msgspec.structs.replace(self.status, **fields)

    def tell_status(self) -> None:
        self.send(StatusMessage(self.status))

    def edit(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.change(edited=True)
        self.send(PatternMessage(encode_pattern(pattern)))

    def run_for(self, seconds: float) -> None:
        """Move the transport on, and tell the screen."""
        if self.status.playing:
            self.beat += seconds * self.status.bpm / 60
        step = int(self.beat * 4)
        phase = self.beat * 4 - step
        levels, playheads = [], []
        for track in self.pattern.tracks:
            at = step % track.length
            playheads.append(at)
            struck = track.steps[at].on and not track.mute
            levels.append((0.9 if struck else 0.2) * math.exp(-2.5 * phase) * 10 ** (float(track.gain_db) / 20))
        peak = min(1.0, sum(levels) / 3)
        recording = self.status.recording
        if recording.active:
            taken = recording.seconds + seconds
            recording = msgspec.structs.replace(
                recording,
                seconds=taken,
                size_bytes=int(taken * 288_000),
                peak_hold=(0.5 + 0.4 * math.sin(taken), 0.6),
                rms_db=-18 + 3 * math.sin(taken * 2),
                lufs=-14 + math.sin(taken / 9),
                true_peak_db=-1.2,
                waveform=tuple(abs(math.sin(place / 5)) for place in range(int(taken * 8) % 128)),
            )
        examination = self.status.examination
        if examination.what:
            examination = msgspec.structs.replace(examination, percent=(examination.percent + 1) % 101)
        playing = self.status.playing
        self.change(
            examination=examination,
            bar=step // 16 + 1 if playing else 0,
            beat=step // 4 % 4 + 1 if playing else 0,
            step=step % 16 + 1 if playing else 0,
            levels=tuple(levels) if playing else (0.0,) * len(levels),
            playheads=tuple(playheads) if playing else (-1,) * len(playheads),
            master=(peak, peak * 0.9) if playing else (0.0, 0.0),
            recording=recording,
        )
        self.tell_status()

    def carry_out(self, client: FakeClient, number: int, address: str, arguments: tuple[Any, ...]) -> None:
        self.orders.append((address, arguments))
        if address in self.refuse:
            client.on_message(Reply(number, False, (), self.refuse[address]))
            return
        results: tuple[Any, ...] = ()
        parts = address.split("/")
        match address:
            case "/transport/toggle":
                self.change(playing=not self.status.playing)
            case "/transport/bpm":
                self.change(bpm=arguments[0])
            case "/record/toggle" if not self.status.recording.active and not self.status.recording.waiting:
                self.change(
                    recording=RecordingStatus(
                        True, "/music/recordings/session_20261121_210000.wav", disk_left_s=51 * 3600.0
                    )
                )
            case "/record/toggle" | "/record/stop":
                self.change(recording=msgspec.structs.replace(self.status.recording, active=False, waiting=""))
            case "/record/taps":
                self._set_recorder(taps=tuple(arguments[0].split()))
            case "/record/preroll":
                self._set_recorder(preroll_s=arguments[0])
            case "/pattern/save":
                slot = arguments[0]
                self.slots[slot] = SlotLine(slot, self.pattern.name)
                self.change(slot=slot, edited=False)
                self.send(SlotsMessage(1, tuple(self.slots.values())))
                self.send(Event("/event/slot_saved", (slot, self.pattern.name)))
            case "/pattern/load" if arguments[0] not in self.slots:
                client.on_message(Reply(number, False, (), f"Slot {arguments[0]} is empty."))
                return
            case "/pattern/load" if self.status.playing and arguments[1:] != ("immediate",):
                name = self.slots[arguments[0]].name
                when = arguments[1] if len(arguments) > 1 else "bar"
                self.change(queued=arguments[0], queued_beats=2.0, queued_when=when, waiting=name)
            case "/pattern/load":
                self.change(slot=arguments[0], edited=False, queued=None, queued_when="")
                self.send(Event("/event/slot_loaded", (arguments[0],)))
            case "/pattern/bank":
                self.change(bank=arguments[0])
                self.send(SlotsMessage(arguments[0], tuple(self.slots.values()) if arguments[0] == 1 else ()))
            case "/takes/list":
                results = (msgspec.json.encode(TAKES).decode(),)
            case "/takes/waveform":
                results = tuple(abs(math.sin(place / 9)) for place in range(arguments[1]))
            case "/record/check" | "/record/replay":
                results = arguments
                self.change(examination=ExaminationStatus(parts[-1], arguments[0], 40))
            case "/record/cancel":
                self.change(examination=ExaminationStatus())
            case "/record/verdict":
                results = (msgspec.json.encode(self.verdicts).decode(),)
            case "/takes/trash":
                results = ("old harbour", "old harbour", "rain")
            case "/takes/play":
                recording = msgspec.structs.replace(self.status.recording, auditioned=arguments[0])
                self.change(recording=recording)
            case "/pattern/backups":
                results = ("1 2026-11-21 21:00:00 old dub", "2 2026-11-20 21:00:00 older dub")
            case "/chain/list":
                results = ("dawn", "my night")
            case "/library/files":
                results = ("long.mid", "dub/rain.mid", "bank.zip")
            case "/pattern/import_midi":
                results = (1, "A note is too long.", "Another is too short.")
            case "/library/browse":
                results = (self.browse(arguments),)
            case "/library/trash":
                results = TRASHED
            case "/library/audition":
                self.change(audition=arguments[0] if arguments else "", audition_heard=False)
            case "/library/delete":
                self.library = [entry for entry in self.library if entry.full_name != arguments[0]]
                self.send(Event("/event/file_deleted", arguments))
            case "/pattern/cancel":
                self.change(queued=None, queued_when="")
            case "/engine/schema":
                results = (SCHEMA,)
            case "/clips/list":
                results = ("hum.wav", "rain.flac")
            case "/presets/list":
                results = PRESETS
            case "/engine/quit":
                client.on_message(Reply(number, True))
                self.end()
                return
            case _ if parts[1] == "mod":
                self._set_parameter(parts[2], parts[3], arguments[0])
            case _ if parts[1] == "track":
                self._edit_track(int(parts[2]) - 1, parts[3], arguments)
        client.on_message(Reply(number, True, results))
        self.tell_status()

    def browse(self, filters: tuple[str, ...]) -> str:
        found = select(self.library, query_of(filters), {})
        fields = ("name", "genre", "tags", "about", "bpm", "factory", "problem")
        patterns = [{field: getattr(entry, field) for field in fields} for entry in found]
        told = {"found": len(found), "of": len(self.library), "patterns": patterns}
        return msgspec.json.encode(told).decode()

    def _set_recorder(self, **fields: Any) -> None:
        settings = msgspec.structs.replace(self.status.recording.settings, **fields)
        self.change(recording=msgspec.structs.replace(self.status.recording, settings=settings))

    def _set_parameter(self, module: str, name: str, value: float) -> None:
        if not module.isdigit():
            settings = {**self.pattern.effects.get(module, {}), name: value}
            self.edit(msgspec.structs.replace(self.pattern, effects={**self.pattern.effects, module: settings}))
            return
        index = int(module) - 1
        track = self.pattern.tracks[index]
        if name in ("delay", "reverb"):
            track = msgspec.structs.replace(track, sends={**track.sends, name: value})
        elif name in ("gain", "pan"):
            track = msgspec.structs.replace(track, **{{"gain": "gain_db", "pan": "pan"}[name]: value})
        else:
            track = msgspec.structs.replace(track, parameters={**track.parameters, name: value})
        tracks = (*self.pattern.tracks[:index], track, *self.pattern.tracks[index + 1 :])
        self.edit(msgspec.structs.replace(self.pattern, tracks=tracks))

    def _edit_track(self, index: int, command: str, arguments: tuple[Any, ...]) -> None:
        track = self.pattern.tracks[index]
        if command in ("mute", "solo"):
            track = msgspec.structs.replace(track, **{command: bool(arguments[0])})
        elif command in ("length", "instrument", "pan"):
            track = msgspec.structs.replace(track, **{command: arguments[0]})
        elif command == "gain":
            track = msgspec.structs.replace(track, gain_db=arguments[0])
        elif command in ("toggle", "accent", "tie"):
            steps = list(track.steps)
            field = "on" if command == "toggle" else command
            step = steps[arguments[0] - 1]
            steps[arguments[0] - 1] = msgspec.structs.replace(step, **{field: not getattr(step, field)})
            track = msgspec.structs.replace(track, steps=tuple(steps))
        elif command in STEP_FIELDS:
            place, value = arguments if len(arguments) == 2 else (arguments[0], None)
            track = _with_step(track, place - 1, **{STEP_FIELDS[command]: value})
        elif command == "lock":
            place, name, value = arguments
            track = _with_step(track, place - 1, locks={**track.steps[place - 1].locks, name: value})
        elif command == "unlock":
            place, name = arguments
            locks = {other: value for other, value in track.steps[place - 1].locks.items() if other != name}
            track = _with_step(track, place - 1, locks=locks)
        elif command == "preset":
            track = msgspec.structs.replace(track, preset=arguments[0].rpartition("/")[2])
        else:
            return
        tracks = (*self.pattern.tracks[:index], track, *self.pattern.tracks[index + 1 :])
        self.edit(msgspec.structs.replace(self.pattern, tracks=tracks))


def main() -> None:
    """Show the screen on a fake engine that plays."""
    from chronus_tui.ui.app import ChronusApp

    takes = sys.argv[1:] == ["takes"]
    given = [] if takes else [int(argument) for argument in sys.argv[1:]]
    numbers = given + [8, 16][len(given) :]
    engine = FakeEngine(*numbers)
    engine.change(playing=True)
    app = ChronusApp(engine.connect, own_terminal=True)
    if takes:
        engine.change(recording=msgspec.structs.replace(engine.status.recording, active=True, path="/music/jam.wav"))
        engine.change(examination=ExaminationStatus("check", TAKES[1].name))
        app.model.page, app.model.takes.rows = "takes", TAKES

    def keep_time() -> None:
        before = time.monotonic()
        while True:
            time.sleep(0.05)
            now = time.monotonic()
            engine.run_for(now - before)
            before = now

    threading.Thread(target=keep_time, daemon=True).start()
    app.run(mouse=False)


if __name__ == "__main__":
    main()
