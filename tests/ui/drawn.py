"""A screen's model, drawn and pressed with no app around it."""

import msgspec

from chronus_tui.engine.schema import schema
from chronus_tui.ui import keymap
from chronus_tui.ui.actions.action import Press
from chronus_tui.ui.model import Model
from chronus_tui.ui.render.keys import place_of
from chronus_tui.ui.schema import decode_schema
from chronus_tui.ui.screens.main import draw_screen

REAL = decode_schema(msgspec.json.encode(schema()))


def text_of(model: Model, width: int = 80, height: int = 24) -> str:
    return "\n".join(row.text for rows in draw_screen(model, width, height).values() for row in rows)


def pressed(model: Model, *keys: str) -> Model:
    for key in keys:
        entry = keymap.find(key, place_of(model))
        assert entry is not None and entry.action is not None
        entry.action(model, Press(key, 0.0))
    return model
