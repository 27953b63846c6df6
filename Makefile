# Two commands: `make chat` (set up, index seeds/, open the REPL) and `make test` (set up for development, run every test). `make discord` runs the Discord bot.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# One worker more than cores: some tests wait for other processes.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: chat discord test quick lint types check wheel clean torture torture-replicas soak
.DEFAULT_GOAL := chat

chat: $(VENV)/.ready
	@$(BIN)/python -m bot ingest --quiet seeds
	@$(BIN)/python -m bot chat

discord: $(VENV)/.ready
	@$(BIN)/python -m bot ingest --quiet seeds
	@$(BIN)/python -m bot discord

test: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

# Everything but the slow tests, for use while editing.
quick: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m 'not slow'

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

# Kills the program at random and aimed moments, at least 200 times, and compares what is left with an undisturbed run.
torture: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.torture --kills 200

# Kills a machine that ingests, one that follows and their Chroma server 50 times, while the replica is asked.
torture-replicas: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.torture --replicas --kills 50

# Sixteen people ask one process while it takes articles in and removes them: no answer may be wrong or missing.
MINUTES ?= 20
soak: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.soak --minutes $(MINUTES)

# Builds the wheel and tries the command line from it in a fresh environment, without downloading anything.
wheel: $(VENV)/.ready-dev
	@$(BIN)/python -m tests.wheel

check: test lint types wheel

# Every version is pinned in constraints.txt: without it, resolving takes minutes and may fetch CUDA builds of torch.
# pip before 23.3 does not find lxml's extra html_clean, and warns of it.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "onrecord needs Python 3.11, 3.12 or 3.13; $$($(PYTHON) --version) was found. Try: make chat PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (about a minute and a half, once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=23.3' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . >&2
	@$(BIN)/python -m compileall -q bot retrieval  # also where PYTHONDONTWRITEBYTECODE is set: it takes half of a start
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "Installing the development tools (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' >&2
	@touch $@

clean:
	rm -rf $(VENV) .onrecord build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
