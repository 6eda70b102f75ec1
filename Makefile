# Everything a fresh clone needs, with nothing set up beforehand but Python 3.11 or newer: `make demo`, `make test`.
# Another Python: make demo PYTHON=/path/to/python3.12
# Some promises only: make show PROMISES="--slice ci"

.DEFAULT_GOAL := help
SHELL := /bin/sh
export PYTHON

.PHONY: help demo test slow show lock types screenshots set-up clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: set-up ## A night of six in three minutes; no hardware, no account
	@.venv/bin/dreamloom demo

test: set-up ## Style, types, floors and tests: about ten minutes on two idle cores
	@sh tools/test_packages.sh
	@sh tools/test.sh

slow: set-up ## The tests that take longer than five seconds each
	@sh tools/test_packages.sh
	@mkdir -p build
	@.venv/bin/python -m pytest -n 3 -m slow --junitxml=build/slow.xml

show: set-up ## Measure what Dreamloom promises and write docs/figures.md
	@.venv/bin/python -m promises $(PROMISES)

lock: set-up ## Resolve the dependencies again into requirements.lock
	@.venv/bin/python tools/lock.py

types: ## Check the types of the pages' scripts; development alone, loads TypeScript where npm is
	@npm ci --prefix tools/types --no-audit --no-fund --loglevel=error
	@node tools/types/node_modules/typescript/bin/tsc -p tools/types

screenshots: set-up ## Every page in every theme, into build/screenshots
	@.venv/bin/python -m dreamloom.testing.screenshots build/screenshots

set-up: ## Make .venv from requirements.lock; does nothing if it is there (the others call it)
	@sh tools/set_up.sh

clean: ## Remove .venv, build/ and every tool's cache; nights are never touched
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
