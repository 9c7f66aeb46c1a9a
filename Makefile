# Two commands matter: `make run` and `make test`. Both set everything up first, and cost nothing to say again.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

POLICY ?= beijing-2018-press
FILLING ?= middle
SIZE ?= auto
TESTS ?=
ARGS ?=

# PYTHON=... is taken as it is; left out, any supported python3 on the PATH will do.
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do command -v $$p && break; done)
else
ONLY := --only-this-python
endif
BIN := .venv/bin

define bootstrap
@test -n "$(PYTHON)" || { echo "setup: no python3 on the PATH: install Python 3.11 to 3.14, or say make PYTHON=/path/to/python3" >&2; exit 2; }
@"$(PYTHON)" tools/bootstrap.py $(1) $(ONLY)
endef

.PHONY: help
help:  ## what can be asked for
	@sed -n 's/^\([a-z-]*\):.*## /\1  /p' Makefile | awk -F '  ' '{ printf "make %-12s %s\n", $$1, $$2 }'

.PHONY: setup
setup:  ## make .venv and install what is needed to run
	$(call bootstrap,run)

.PHONY: setup-dev
setup-dev:  ## the same, and what is needed to test and lint
	$(call bootstrap,dev)

.PHONY: run
run: setup  ## play the 2018 plan and its twin, as large as this machine can within minutes (SIZE=20k|200k|2M|full forces; RANGES=1 adds ranges)
	@$(BIN)/vitropolis run $(POLICY) --filling $(FILLING) --size $(SIZE) $(if $(RANGES),,--no-ranges) $(ARGS)

.PHONY: open
open: setup  ## look at the runs in `runs/` in the browser, and play further ones there (ARGS=--readonly)
	@$(BIN)/vitropolis open $(ARGS)

.PHONY: test
test: setup-dev  ## all quick tests, with the slowest 20 (TESTS=tests/house for some)
	@$(BIN)/python -m pytest $(TESTS) $(ARGS)

.PHONY: check-long
check-long: setup-dev  ## the tests that take minutes
	@$(BIN)/python -m pytest -m long $(TESTS) $(ARGS)

.PHONY: verify
verify: setup  ## hold the code to every known answer (ARGS=--long at the published sizes, minutes)
	@$(BIN)/vitropolis verify $(ARGS)

.PHONY: bench
bench: setup  ## time a yardstick beside other libraries, and the model beside its kept figures (KEEP=1 keeps new ones)
	@$(BIN)/python -m benchmarks $(if $(KEEP),--keep) $(ARGS)

.PHONY: lint
lint: setup-dev  ## style, types and the import rules of the house, the pages' sources too
	@code=0; for linter in "ruff check ." "ruff format --check ." "mypy" "lint-imports --no-cache" "python tools/build_pages.py --check"; do \
		echo "-- $$linter"; $(BIN)/$$linter || code=1; done; exit $$code

.PHONY: format
format: setup-dev  ## put the code into the house style
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format .; $(BIN)/python tools/build_pages.py --format

.PHONY: pages
pages: setup  ## build the pages of `vitropolis open` again
	@$(BIN)/python tools/build_pages.py --force

.PHONY: pages-dev
pages-dev: setup-dev  ## serve the pages with changes seen at once, before a `vitropolis open --port 8765`
	@$(BIN)/python tools/build_pages.py --dev

COMPILE = UV_NO_CONFIG=1 $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml

.PHONY: lock
lock: setup-dev  ## renew requirements/*.lock: versions and hashes, never addresses
	$(COMPILE) --group build -o requirements/run.lock
	$(COMPILE) --group dev -c requirements/run.lock -o requirements/dev.lock
	$(COMPILE) --group bench -c requirements/run.lock -o requirements/bench.lock
	$(COMPILE:pyproject.toml=) --group pages -o requirements/pages.lock

.PHONY: clean
clean:  ## remove what can be made again; runs stay
	rm -rf .venv web/node_modules src/vitropolis/server/static .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
