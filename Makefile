# make run    plays: sets up what is missing, then opens the screen on the project in this folder
# make test   sets up what the tests need, and runs them
# make check  format, lint, types, import rules, then the tests
# make bench  prints how long things take; FIGURES="hour replays" the long ones too
# make listen renders the patterns that come along to build/listen, with a picture of each
# make clean  removes what the others made

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PROJECT ?=
FIGURES ?=
OLDEST := 11
NEWEST := 14

# The first interpreter that is new enough; the plain name first, as that is the one a person expects.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, $(OLDEST)) <= sys.version_info[:2] <= (3, $(NEWEST)))' 2>/dev/null \
	&& { echo $$name; break; }; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check lint sound bench listen clean

run: $(VENV)/.installed
	@$(BIN)/chronus $(PROJECT)

# What needs the machine to itself goes first and alone, all else beside each other.
test: $(VENV)/.tested sound
	@scripts/system-packages test
	$(BIN)/python -m pytest -m alone
	$(BIN)/python -m pytest -m "not alone" --numprocesses auto --dist worksteal

# The compiler and the types take a processor each.
check: $(VENV)/.tested
	@$(MAKE) --no-print-directory --jobs 2 lint sound
	@$(MAKE) --no-print-directory test

sound: $(VENV)/.installed
	@echo "Compiling the sound, where it is not compiled yet..."
	@$(BIN)/python -c "from chronus_tui.engine.kernel_cache import open_sound; open_sound(lambda line: None)"

lint: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed
	$(BIN)/python tests/bench/all.py $(FIGURES)

listen: $(VENV)/.installed
	$(BIN)/python scripts/listen.py

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Chronus needs Python 3.$(OLDEST) to 3.$(NEWEST)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing Chronus into $(VENV)..."
	@$(PIP) install --constraint constraints.txt --upgrade pip
	@$(PIP) install --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q chronus_tui dsp store
	@scripts/system-packages run
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what the tests need..."
	@$(PIP) install --constraint constraints.txt --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
