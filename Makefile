# Every command of the project. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
ENV ?= dev
BIN := .venv/bin
# uv comes from the package index: the machine's own, or one of the project's in .venv-uv
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)

.PHONY: help setup engine up down test test-fast check format lint types imports bench reference lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.done ## make the Python environment from uv.lock

.venv/.done: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@command -v $(UV) >/dev/null || { echo "setup    fetching uv from the package index"; \
	  $(PYTHON) -m venv .venv-uv && .venv-uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9'; }
	@echo "setup    making .venv from uv.lock"
	@$(UV) sync --locked --python $(PYTHON)
	@touch $@

engine: setup ## find the Pulumi engine, or build it from source once (about 5 minutes)
	@$(BIN)/slipway engine

up: setup ## bring ENV (default dev) up on this laptop
	@$(BIN)/slipway up $(ENV)

down: setup ## remove ENV from this laptop and stop the sandbox
	@$(BIN)/slipway down $(ENV)

test: setup ## run all tests (the engine's too)
	@$(BIN)/pytest -n 2 --dist loadfile

test-fast: setup ## run the tests that need no engine
	@$(BIN)/pytest -n 2 --dist loadfile -m "not e2e"

check: setup format lint types imports reference-check test ## all that CI runs

format:
	@$(BIN)/ruff format --check .

lint:
	@$(BIN)/ruff check .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-cache

reference: setup ## print docs/reference from the code
	@$(BIN)/slipway reference

reference-check:
	@$(BIN)/slipway reference --check

lock: setup ## resolve the dependencies anew: uv.lock, and the image's from it
	@$(UV) lock
	@$(UV) export --quiet --only-group app --no-emit-project --no-header --no-annotate \
	  --format requirements-txt --output-file app/requirements.lock

bench: setup ## measure, and print ratios
	@$(BIN)/python -m bench

clean: ## remove what the commands made here, but for the engine's cache
	@if [ -x $(BIN)/slipway ]; then $(BIN)/slipway sandbox stop; fi
	@rm -rf .venv .venv-uv .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis
