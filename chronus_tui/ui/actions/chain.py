"""What the keys of the chain page do, and those of the slots pane that morph."""

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.actions.action import Action, Press
from chronus_tui.ui.actions.panes import enter as take_or_toggle
from chronus_tui.ui.model import Model, Order
from store.documents import ChainEntry
from store.limits import REPEATS_MAX

ASKED: dict[str, tuple[str, bool]] = {
    "chain entry": ("/chain/set", True),
    "chain bpm": ("/chain/bpm", True),
    "chain mute": ("/chain/mute", True),
    "save chain": ("/chain/save", False),
}
"""The command of each question, and whether it begins with the entry under the cursor."""
CHAINS = "/chain/list"
MORPH_STEP = 0.05
MORPH_BARS = 4


def move(by: int) -> Action:
    """An action that goes up or down the chain."""

    def act(model: Model, press: Press) -> None:
        model.chain_place = min(max(0, model.chain_place + by), max(0, len(model.chain.entries) - 1))

    return act


def remove(model: Model, press: Press) -> Order:
    """Take the entry out."""
    _require(model)
    return Order("/chain/remove", (model.chain_place + 1,))


def carry(by: int) -> Action:
    """An action that moves the entry up or down; at the ends it stays."""

    def act(model: Model, press: Press) -> Order | None:
        _require(model)
        to = model.chain_place + by
        if not 0 <= to < len(model.chain.entries):
            return None
        order = Order("/chain/move", (model.chain_place + 1, to + 1))
        model.chain_place = to
        return order

    return act


def change_repeats(by: int) -> Action:
    """An action that lets the entry play more rounds, or fewer."""

    def act(model: Model, press: Press) -> Order:
        repeats = min(max(1, _require(model).repeats + by), REPEATS_MAX)
        return Order("/chain/repeats", (model.chain_place + 1, repeats))

    return act


def play(model: Model, press: Press) -> Order | None:
    """Take the slot number that is being typed; else play from the entry on."""
    if model.entry.pending:
        return take_or_toggle(model, press)
    _require(model)
    return Order("/chain/play", (model.chain_place + 1,))


def stop(model: Model, press: Press) -> Order:
    """Leave the chain."""
    return Order("/chain/stop")


def loop(model: Model, press: Press) -> Order:
    """Begin again at the end, or stop there."""
    return Order("/chain/loop", (int(not model.chain.loop),))


def change_morph(by: float) -> Action:
    """An action that morphs from the noted slot towards the one under the cursor, or back."""

    def act(model: Model, press: Press) -> Order:
        pair = _pair(model)
        at = model.morph if model.morph_pair == pair else 0.0
        model.morph_pair, model.morph = pair, round(min(max(at + by, 0.0), 1.0), 2)
        one, other, *banks = pair
        model.tell(f"{model.morph:.0%} of the way from slot {one:03} to {other:03}", press.now_s)
        return Order("/pattern/morph", (one, other, model.morph, *banks))

    return act


def morph_over(model: Model, press: Press) -> Order:
    """Morph all the way over some bars."""
    pair = _pair(model)
    model.morph_pair, model.morph = pair, 1.0
    one, other, *banks = pair
    model.tell(f"goes from slot {one:03} to {other:03} in {MORPH_BARS} bars", press.now_s)
    return Order("/pattern/morph_over", (one, other, MORPH_BARS, *banks))


def _pair(model: Model) -> tuple[int, ...]:
    """The noted slot and the one under the cursor, and their banks where those differ."""
    held = model.held
    if held is None or (held.bank, held.slot) == (model.bank, model.slot):
        raise CommandRefused("Note the slot to morph from with c first, then go to the other one.")
    return (held.slot, model.slot) if held.bank == model.bank else (held.slot, model.slot, held.bank, model.bank)


def _require(model: Model) -> ChainEntry:
    if not model.chain.entries:
        raise CommandRefused("The chain has no entries yet; a adds one.")
    model.chain_place = min(model.chain_place, len(model.chain.entries) - 1)
    return model.chain.entries[model.chain_place]
