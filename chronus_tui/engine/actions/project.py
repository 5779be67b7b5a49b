"""What a project chooses for itself: it stays in `project.json`."""

from concurrent.futures import Future

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.studio import Call, Studio
from store.project import change_project


@action("/project/save_on_switch")
def save_on_switch(studio: Studio, call: Call, on: int | None) -> Results | Future[Results]:
    """Save an edited slot when another pattern is loaded in its place, or not."""
    return _choose(studio, "save_on_switch", on)


@action("/project/gzip")
def gzip(studio: Studio, call: Call, on: int | None) -> Results | Future[Results]:
    """Write slots as `.json.gz`, or as `.json`."""
    return _choose(studio, "gzip", on)


def _choose(studio: Studio, name: str, on: int | None) -> Results | Future[Results]:
    now = int(getattr(studio.settings, name))
    if on is None or on == now:
        return (now,)
    _take_up(studio, name, bool(on))

    def write() -> Results:
        change_project(studio.project, **{name: bool(on)})
        studio.slots.gzip = studio.settings.gzip
        return (on,)

    return studio.on_disk(write, lambda: _take_up(studio, name, not on), "/event/project_changed", name, on)


def _take_up(studio: Studio, name: str, on: bool) -> None:
    studio.settings = replace(studio.settings, **{name: on})
