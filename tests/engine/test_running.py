"""An engine as a whole, in this process: what those who come and go hear of it."""

from pathlib import Path

import pytest

from chronus_tui.engine.options import EngineOptions
from chronus_tui.engine.running import RunningEngine
from chronus_tui.link import Event, LinkClient, Message
from store.project import open_project


def test_a_client_that_comes_while_the_engine_ends_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options, heard = EngineOptions(device="null", osc_port=0), list[Message]()
    engine = RunningEngine(tmp_path, open_project(tmp_path), options, lambda: None, lambda line: None)
    engine.start()
    monkeypatch.setattr(engine, "_wait_for_silence", lambda: LinkClient(tmp_path, heard.append).close())
    engine.close()
    assert Event("/event/ending") in heard
