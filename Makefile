# Two commands to know: `make demo` shows the system, `make test` guards a merge.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --link-mode copy

# Checks leave the database of a running demo alone.
test test-full test-database: export OMS_HOME := $(CURDIR)/var/test

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-full test-database lint format types lock

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/.dev .venv/.system-dev  ## Prepare everything; quick when nothing changed

demo: .venv/.base .venv/.system-base  ## Show the system with a demo shop
	@$(MANAGE) demo

run: .venv/.base .venv/.system-base  ## Serve what is there
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) serve

test: setup lint types test-database  ## Every check that guards a merge
	$(BIN)/lint-imports --no-cache
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=20 --durations-min=3 --hypothesis-seed=1 -m "not full" || [ $$? -eq 5 ]

test-full: setup test-database  ## The long checks at their stated counts
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder || [ $$? -eq 5 ]

# Tests need a database of their own, and one that need not survive a power cut is quicker.
test-database: .venv/.dev
	@[ -n "$$DATABASE_URL" ] || $(BIN)/python -c 'import pathlib, sys; \
	from oms.core.embedded_postgres import ensure_running; \
	ensure_running(pathlib.Path(sys.argv[1]), durable=False)' "$$OMS_HOME"

lint: .venv/.dev  ## Style, without changing anything
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@if [ -d templates ]; then $(BIN)/djlint templates --lint --quiet; fi

format: .venv/.dev  ## Put the style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: .venv/.dev  ## Types
	$(BIN)/mypy

lock: .venv/bin/uv  ## Pin what requirements/*.in ask for
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) requirements/dev.in -c requirements/base.txt -o requirements/dev.txt

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv || { echo "Please install the venv module of Python (Debian: python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt

.venv/.base: requirements/base.txt | .venv/bin/uv
	@$(INSTALL) -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/uv
	@$(INSTALL) -r requirements/dev.txt
	@touch $@ .venv/.base

.venv/.system-base: | .venv/bin/uv
	@if .ci/system-packages pango; then touch $@; fi

.venv/.system-dev: | .venv/bin/uv
	@if .ci/system-packages pango chromium; then touch $@ .venv/.system-base; fi
