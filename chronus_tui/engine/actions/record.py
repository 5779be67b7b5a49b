"""Recording."""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Action, Results, action
from chronus_tui.engine.recording.listening import linear
from chronus_tui.engine.recording.rules import Wish
from chronus_tui.engine.recording.taps import chosen
from chronus_tui.engine.studio import Call, Studio
from chronus_tui.errors import CommandRefused
from store.atomic import try_folder
from store.documents import RecordingSettings
from store.names import made_plain, made_safe
from store.project import remember_recording
from store.takes.files import without_ending
from store.takes.formats import format_named

DEFAULT_FOLDER = "default"
PLAIN_MARK = "mark"
SHORTEST_S = 0.1
SMALLEST_MB = 0.1
"""Of a take that is split: a disk makes a few files a second of all taps, and not hundreds."""
BRIEFEST_S = 0.1
"""Of the silence that ends a take: less is between any two waves of a low note."""


def recorded(name: str) -> Callable[[Action], Action]:
    """Let the function below carry out `/record/name`, and the same among the engine's addresses."""
    return action(f"/record/{name}", f"/engine/record/{name}")


PLAIN = {"keep": "keep_s", "preroll": "preroll_s", "when": "when", "bars": "bars", "clicks": "clicks"}
"""Commands that set one field of the recording's settings, as it is, or tell it."""


def _setting(field: str) -> Action:
    def change(studio: Studio, call: Call, value: float | str | None) -> Results | Future[Results]:
        settings = studio.recorder.settings
        if value is None:
            return (getattr(settings, field),)
        fields: dict[str, Any] = {field: value}
        return _change(studio, replace(settings, **fields), (value,))

    return change


for _name, _field in PLAIN.items():
    recorded(_name)(_setting(_field))


@recorded("start")
def start(studio: Studio, call: Call, name: str | None, form: str | None, preroll_s: float | None) -> Future[Results]:
    """Start a take."""
    return studio.recorder.start(Wish(_safe(name), form, preroll_s), studio.session.moment)


@recorded("stop")
def stop(studio: Studio, call: Call) -> Future[Results]:
    """Close the take."""
    return studio.recorder.stop()


@recorded("toggle")
def toggle(studio: Studio, call: Call) -> Results | Future[Results] | None:
    """Start a take as is set, or close the one that runs."""
    if studio.recorder.wanted:
        return stop(studio, call)
    match studio.recorder.settings.when:
        case "bar":
            return start_on_bar(studio, call, None, None)
        case "count_in":
            return count_in(studio, call, None, None, None)
        case "level":
            return start_on_level(studio, call, None, None, None)
    return start(studio, call, None, None, None)


@recorded("on_bar")
def start_on_bar(studio: Studio, call: Call, bars: int | None, name: str | None) -> Future[Results]:
    """Start a take on the bar."""
    wish = Wish(_safe(name), at_bar=True, bars=_bars(studio, bars))
    return studio.recorder.start(wish, studio.session.moment)


@recorded("stop_on_bar")
def stop_on_bar(studio: Studio, call: Call) -> Future[Results]:
    """Close the take on the bar."""
    return studio.recorder.stop(at_bar=True)


@recorded("count_in")
def count_in(studio: Studio, call: Call, clicked: int | None, bars: int | None, name: str | None) -> Future[Results]:
    """Click, then start a take on the bar."""
    recorder, session = studio.recorder, studio.session
    clicked = int(recorder.settings.clicks) if clicked is None else clicked
    wish = Wish(_safe(name), at_bar=True, skip=clicked if session.playing else 0, bars=_bars(studio, bars))
    started = recorder.start(wish, session.moment)
    if session.playing:
        recorder.count_in.along(clicked)
    else:
        recorder.count_in.before_play(clicked, float(session.pattern.bpm), session.pattern.beats_per_bar)
    return started


@recorded("on_level")
def start_on_level(
    studio: Studio, call: Call, level_db: float | None, silence_s: float | None, name: str | None
) -> Future[Results]:
    """Start a take when something is heard."""
    settings = studio.recorder.settings
    level_db = float(settings.level_db) if level_db is None else level_db
    silence_s = float(settings.silence_s) if silence_s is None else silence_s
    _refuse_brief(silence_s)
    wish = Wish(_safe(name), level=linear(level_db), silence_s=silence_s or None)
    return studio.recorder.start(wish, studio.session.moment)


@recorded("grab")
def grab(studio: Studio, call: Call, seconds: float | None, name: str | None) -> Future[Results]:
    """Make a take of what was heard."""
    return studio.recorder.grab(seconds, _safe(name))


@recorded("mark")
def mark(studio: Studio, call: Call, name: str | None) -> None:
    """Set a mark."""
    take = studio.recorder.status()
    if not take.active:
        raise CommandRefused("No take is being recorded.")
    called = made_plain(name or "") or PLAIN_MARK
    studio.recorder.mark(called)
    studio.tell("/event/take_marked", called, take.seconds)


@recorded("format")
def set_format(studio: Studio, call: Call, name: str | None) -> Results | Future[Results]:
    """What takes become."""
    settings = studio.recorder.settings
    if name is None:
        return (settings.format,)
    found = format_named(name, studio.player.rate).name
    return _change(studio, replace(settings, format=found), (found,))


@recorded("taps")
def set_taps(studio: Studio, call: Call, words: str | None) -> Results | Future[Results]:
    """Where the sound is taken."""
    settings = studio.recorder.settings
    if words is None:
        return (" ".join(settings.taps),)
    if studio.recorder.wanted:
        raise CommandRefused("A take is being recorded; stop it first.")
    taps = chosen(words)
    return _change(studio, replace(settings, taps=taps), (" ".join(taps),))


@recorded("level")
def set_level(studio: Studio, call: Call, level_db: float | None, silence_s: float | None) -> Results | Future[Results]:
    """What begins and ends a take that waits for a sound; what is left out stays."""
    settings = studio.recorder.settings
    if level_db is None:
        return settings.level_db, settings.silence_s
    silence = settings.silence_s if silence_s is None else silence_s
    _refuse_brief(silence)
    return _change(studio, replace(settings, level_db=level_db, silence_s=silence), (level_db, silence))


@recorded("split")
def split(studio: Studio, call: Call, seconds: float | None, megabytes: float | None) -> Results | Future[Results]:
    """Where a take goes on in another file; what is left out stays."""
    settings = studio.recorder.settings
    if seconds is None:
        return settings.split_s, settings.split_mb
    size = settings.split_mb if megabytes is None else megabytes
    for length, least, unit in ((seconds, SHORTEST_S, "s"), (size, SMALLEST_MB, "MB")):
        if 0 < length < least:
            raise CommandRefused(
                f"Files of {length:g} {unit} are too small; at least {least:g}, or 0 for no such limit."
            )
    return _change(studio, replace(settings, split_s=seconds, split_mb=size), (seconds, size))


@recorded("folder")
def folder(studio: Studio, call: Call, path: str | None) -> Results | Future[Results]:
    """Where takes go."""
    recorder = studio.recorder
    if path is None:
        return (str(recorder.folder),)
    chosen = "" if path == DEFAULT_FOLDER else str(_whole(path))
    settings = replace(recorder.settings, folder=chosen)

    def look() -> None:
        if chosen:
            try_folder(Path(chosen))

    return _change(studio, settings, (chosen or DEFAULT_FOLDER,), look)


@recorded("status")
def status(studio: Studio, call: Call) -> Results:
    """The running take, or the last one."""
    now = studio.recorder.status()
    return int(now.active), now.path, now.seconds, now.frames, now.dropped, now.clipped


def _bars(studio: Studio, bars: int | None) -> int | None:
    """How many bars a take lasts: as is told, or else set; None where it lasts until it is stopped."""
    return (int(studio.recorder.settings.bars) if bars is None else bars) or None


def _refuse_brief(silence_s: float) -> None:
    if 0 < silence_s < BRIEFEST_S:
        raise CommandRefused(f"A silence of {silence_s:g} s is too short; at least {BRIEFEST_S:g}, or 0 for never.")


def _whole(path: str) -> Path:
    """A folder that was named. Raises CommandRefused where it could be anywhere."""
    with contextlib.suppress(RuntimeError):  # ~somebody, who is not known
        whole = Path(path).expanduser()
        if whole.is_absolute():
            return whole
    raise CommandRefused(f"{path!r} is not a whole path; give one such as /mnt/disk/takes, or {DEFAULT_FOLDER}.")


def _change(
    studio: Studio, settings: RecordingSettings, results: Results, look: Callable[[], None] = lambda: None
) -> Future[Results]:
    """Make takes like that from now on, and after the next start; taken back where it cannot be written.

    look  what is done first on the disk's thread; it raises StoreError where that is no way to make takes
    """
    before = studio.recorder.settings
    studio.recorder.follow_settings(settings)

    def write() -> Results:
        look()
        remember_recording(studio.project, settings)
        return results

    return studio.on_disk(write, lambda: studio.recorder.follow_settings(before), "/event/recording_set")


def _safe(name: str | None) -> str | None:
    """The name that a take gets; None where none is said, or nothing of it may be in a name."""
    return made_safe(without_ending(name or "")) or None
