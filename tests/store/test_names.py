"""Names that come from outside."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadName
from store.names import made_safe, safe_name


@pytest.mark.parametrize(
    "name", ["acid night", "Näme", "夜", "🎹 take", "2026-11-21", "v1.2", "console", "com", "x" * 100]
)
def test_an_ordinary_name_passes_as_it_is(name: str) -> None:
    assert safe_name(name) == name


def test_spaces_around_a_name_are_dropped_and_letters_composed() -> None:
    assert safe_name("  cafe\u0301\t") == "café"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "../../etc/passwd",
        "..",
        ".hidden",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:evil",
        "a\x00b",
        "a\nb",
        "a\x7fb",
        "a\u202eb",
        "a\u2028b",
        "a\ud800b",
        "a.",
        "a. ",
        "what?",
        "a*",
        "a|b",
        "CON",
        "nul",
        "Nul.wav",
        "com1",
        "LPT9.tar.gz",
        "COM¹",
        "aux .txt",
        "conin$",
        "x" * 101,
        "夜" * 99,
    ],
)
def test_a_name_that_is_a_path_or_a_trap_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(BadName) as caught:
        safe_name(name)
    sentence = str(caught.value)
    assert " cannot be a name: " in sentence
    assert sentence.isprintable()
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("night / two: loud?", "night _ two_ loud"),
        ("../../etc/passwd", "etc_passwd"),
        (" _intro ", "_intro"),
        ("a\nb", "a b"),
        ("NUL.txt", "_NUL.txt"),
        ("x" * 101, "x" * 100),
        ("//", ""),
    ],
)
def test_a_take_is_called_as_much_like_its_name_as_is_safe(name: str, safe: str) -> None:
    assert made_safe(name) == safe


@given(st.text(max_size=110))
def test_what_was_made_safe_is_nothing_or_passes(name: str) -> None:
    safe = made_safe(name)
    assert not safe or safe_name(safe) == safe


@given(st.text(max_size=110))
def test_a_name_that_passes_stays_in_its_folder_and_passes_again(name: str) -> None:
    try:
        safe = safe_name(name)
    except BadName:
        return
    folder = Path("/project/patterns")
    assert (folder / f"{safe}.json").resolve().parent == folder
    assert safe_name(safe) == safe
