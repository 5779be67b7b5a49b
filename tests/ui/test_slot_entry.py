import pytest

from chronus_tui.errors import CommandRefused
from chronus_tui.ui.slot_entry import WAIT_S, Choice, SlotEntry

TOUCHES_MAX = 3


def typed(digits: str) -> tuple[Choice | None, SlotEntry]:
    entry = SlotEntry()
    choice = None
    for place, digit in enumerate(digits):
        assert choice is None, f"{digits} fired after {digits[:place]}"
        choice = entry.digit(digit, float(place))
    return choice, entry


@pytest.mark.parametrize("slot", range(1, 129))
def test_every_slot_is_reached_in_at_most_three_touches(slot: int) -> None:
    choice, entry = typed(str(slot))
    touches = len(str(slot))
    if choice is None:
        choice = entry.enter(None)
        touches += 1
    assert choice == Choice("load", slot)
    assert touches <= TOUCHES_MAX
    assert not entry.pending


@pytest.mark.parametrize("slot", range(1, 129))
def test_a_number_fires_by_itself_exactly_where_no_longer_one_could_be_meant(slot: int) -> None:
    fired = typed(str(slot))[0] is not None
    assert fired == (slot >= 13)


@pytest.mark.parametrize("slot", range(1, 129))
def test_three_digits_always_fire_so_that_a_padded_number_works(slot: int) -> None:
    padded = f"{slot:03}"
    choice, entry = typed(padded[:2])
    if choice is None:
        choice = entry.digit(padded[2], 2.0)
        assert choice == Choice("load", slot)


def test_a_short_number_fires_after_the_wait_and_not_before() -> None:
    entry = SlotEntry()
    entry.digit("7", 10.0)
    assert entry.tick(10.0 + WAIT_S - 0.01) is None
    assert entry.tick(10.0 + WAIT_S) == Choice("load", 7)
    assert entry.tick(99.0) is None


def test_each_digit_begins_the_wait_anew() -> None:
    entry = SlotEntry()
    entry.digit("1", 0.0)
    entry.digit("2", 0.5)
    assert entry.tick(0.5 + WAIT_S - 0.01) is None
    assert entry.tick(0.5 + WAIT_S) == Choice("load", 12)


@pytest.mark.parametrize("digits", ["000", "129"])
def test_a_number_that_is_no_slot_is_refused_with_a_sentence_and_forgotten(digits: str) -> None:
    entry = SlotEntry()
    entry.digit(digits[0], 0.0)
    entry.digit(digits[1], 0.0)
    with pytest.raises(CommandRefused, match=r"slots go from 1 to 128"):
        entry.digit(digits[2], 0.0)
    assert not entry.pending


def test_a_single_zero_is_refused_after_the_wait() -> None:
    entry = SlotEntry()
    entry.digit("0", 0.0)
    with pytest.raises(CommandRefused, match="no slot 0"):
        entry.tick(WAIT_S)


def test_a_purpose_waits_for_its_digits_without_an_end() -> None:
    entry = SlotEntry()
    entry.begin("save")
    assert entry.tick(1e9) is None
    assert entry.pending
    assert entry.digit("4", 1e9) is None
    assert entry.digit("2", 1e9) == Choice("save", 42)


def test_enter_without_digits_takes_the_slot_that_is_offered() -> None:
    entry = SlotEntry()
    entry.begin("save")
    assert entry.enter(9) == Choice("save", 9)


def test_enter_without_digits_and_without_a_slot_says_what_to_do() -> None:
    entry = SlotEntry()
    entry.begin("save")
    with pytest.raises(CommandRefused, match="type the slot's number"):
        entry.enter(None)
    assert not entry.pending


def test_cancel_forgets_the_digits_and_the_purpose() -> None:
    entry = SlotEntry()
    entry.begin("load now")
    entry.digit("1", 0.0)
    entry.cancel()
    entry.digit("9", 1.0)
    assert entry.enter(None) == Choice("load", 9)
