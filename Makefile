# Each target sets up what it needs first; a second time that costs nothing.
# PYTHON=… picks another interpreter, ARGS=… goes to pytest: make test ARGS="tests/services -k adoption"

PYTHON ?=
ARGS ?=
UPGRADE ?=
export PYTHON ARGS UPGRADE
MAKEFLAGS += --no-print-directory
PACELINE = @scripts/python.sh -m

.DEFAULT_GOAL := help
.PHONY: help setup run test check messages lock benchmarks

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: ## Install everything on a fresh machine, and nothing else
	$(PACELINE) scripts.bootstrap

run: ## Set up, migrate, load the demo, start web and worker
	$(PACELINE) scripts.run

test: ## Set up and run every test, on SQLite and PostgreSQL, in a real browser
	$(PACELINE) scripts.test

check: ## Format, lint, types, templates, layers
	$(PACELINE) scripts.check

messages: ## Collect the messages of the code into the catalogues and compile them
	$(PACELINE) scripts.messages

lock: ## Resolve pyproject.toml into requirements.lock (UPGRADE=1: newest versions)
	$(PACELINE) scripts.lock

benchmarks: ## Measure; prints a line of figures
	$(PACELINE) scripts.benchmarks
