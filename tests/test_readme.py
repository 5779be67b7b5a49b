"""README and reference say what the program does: their tables are the program's own."""

import re
from pathlib import Path

import pytest
from reference import REFERENCE, TABLES

from chronus_tui.subcommands import SUBCOMMANDS

README = Path(__file__).parents[1] / "README.md"
ARCHITECTURE = README.with_name("ARCHITECTURE.md")
PARTS = ("chronus_tui", "dsp", "store", "scripts", "tests")
TEXT = README.read_text(encoding="utf-8")
REFERENCE_TEXT = REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_table_is_that_of_the_program(name: str) -> None:
    missing = [row for row in TABLES[name]() if row not in REFERENCE_TEXT.splitlines()]
    assert not missing, "python scripts/reference.py writes them"


def test_every_address_that_the_readme_names_with_arguments_is_one_of_the_commands() -> None:
    from chronus_tui.commands import match

    for address in re.findall(r"(?:oscsend 127\.0\.0\.1 5005|chronus send) (/\S+)", TEXT):
        match(address)


def test_every_subcommand_is_there() -> None:
    assert [name for name in SUBCOMMANDS if f"`chronus {name}" not in TEXT] == []


def test_every_file_that_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert [link for link in links if "//" not in link and not (README.parent / Path(link)).exists()] == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    root = README.parent
    files = [f"/{file.relative_to(root)}" for part in PARTS for file in (root / part).rglob("*")]
    named = re.findall(r"`([\w/]+(?:\.py|/))`", ARCHITECTURE.read_text(encoding="utf-8"))
    assert len(named) > 50
    assert [name for name in named if not any(f"/{name}" in file for file in files)] == []


def test_every_event_that_the_engine_sends_is_there() -> None:
    engine = README.parent / "chronus_tui" / "engine"
    sent = {event for file in engine.rglob("*.py") for event in re.findall(r'"(/event/\w+)"', file.read_text("utf-8"))}
    assert sent
    assert [event for event in sorted(sent) if f"`{event}`" not in REFERENCE_TEXT] == []
