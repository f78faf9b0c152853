# `make` lists the targets. Needs Python 3.11+, make and git; everything else is installed into .venv and web/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null) schema/schema.graphql
PYTHON_PACKAGES := app schema resolvers sql tests

.DEFAULT_GOAL := help
.PHONY: help run test check check-python check-audit check-web containers soak bench fuzz clean web dictionary schema lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(STAMPS)/runtime web/dist/index.html ## Install what is missing and run everything on http://127.0.0.1:8000
	@exec $(BIN)/python -m app run

test: $(STAMPS)/tests $(STAMPS)/node-clients web/dist/index.html ## Run all tests, including browser tests
	@cd web && npm run --silent test
	@$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

check: check-python check-audit check-web ## Check format, lint, import rules, types and the exported SDL

check-python: $(STAMPS)/tests
	@echo "· ruff" && $(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@echo "· import-linter" && $(BIN)/lint-imports --no-logo > $(STAMPS)/lint-imports.txt 2>&1 || { cat $(STAMPS)/lint-imports.txt; exit 1; }
	@echo "· mypy" && $(BIN)/mypy --no-error-summary $(addprefix -p ,$(PYTHON_PACKAGES))
	@echo "· exported SDL" && $(BIN)/python -m app schema --check
	@echo "· generated settings" && $(BIN)/python -m app settings --check
	@echo "· wording" && $(BIN)/python -m tests.prose

check-audit: $(STAMPS)/tests
	@echo "· known vulnerabilities" && $(BIN)/python -m tests.audit

check-web: $(STAMPS)/web
	@echo "· web client" && cd web && npm run --silent check

containers: $(STAMPS)/tests ## Build the images and run compose on a Docker engine; skipped where none can run
	@$(BIN)/python -m pytest -q -n 0 -rs -s tests/containers

soak: $(STAMPS)/tests ## Run a ten-minute load test with a rolling restart, and the long form of the repeated tests
	@SOAK_SECONDS=$${SOAK_SECONDS:-600} $(BIN)/python -m pytest -q -n 0 -s tests/operations/test_rolling.py -k rolling
	@REPLY_KILLS=$${REPLY_KILLS:-100} $(BIN)/python -m pytest -q -n 0 -s tests/workers/acting/test_killed.py
	@RESONANT_KILLS=$${RESONANT_KILLS:-200} RESONANT_LEAK_CYCLES=$${RESONANT_LEAK_CYCLES:-4000} \
		RESONANT_GENERATED_DOCUMENTS=$${RESONANT_GENERATED_DOCUMENTS:-2000} \
		$(BIN)/python -m pytest -q -n 0 tests/workers/test_doomed.py tests/live/test_leaks.py tests/graphql/test_compiled.py

bench: $(STAMPS)/tests $(STAMPS)/node-clients web/dist/index.html ## Run the benchmarks, or those named in ARGS
	@$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(STAMPS)/tests $(STAMPS)/web ## Send hostile input to every parser for five minutes
	@$(BIN)/python -m tests.fuzz $(ARGS)

web: web/dist/index.html ## Build the web client

dictionary: $(STAMPS)/runtime ## Install the Japanese-English dictionary for search (a download of 54 MB, 325 MB on disk)
	@$(BIN)/pip install -qq --require-hashes -r app/language/dictionary/requirements.lock

schema: $(STAMPS)/runtime ## Generate the SDL, sql/schema.sql, docs/settings.md and .env.example
	@$(BIN)/python -m app schema
	@$(BIN)/python -m app schema --sql
	@$(BIN)/python -m app settings

lock: ## Regenerate the lock files from pyproject.toml (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --extra backup --extra tracing -c requirements.lock pyproject.toml -o app/requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --group pyproject.toml:web -o web/requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --group pyproject.toml:dictionary -o app/language/dictionary/requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group pyproject.toml:dev --all-extras -c requirements.lock -o tests/requirements.lock

clean: ## Remove installed and built files, but not the data in .resonant/
	@rm -rf $(VENV) web/node_modules web/dist tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@echo "· creating a virtual environment"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)."; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.lock | $(STAMPS)/venv
	@echo "· installing the server's packages"
	@$(BIN)/pip install -qq --require-hashes -r requirements.lock
	@touch $@

$(STAMPS)/tests: tests/requirements.lock | $(STAMPS)/runtime $(STAMPS)/node
	@echo "· installing the packages of the tests"
	@$(BIN)/pip install -qq --require-hashes -r tests/requirements.lock
	@touch $@

# One pip at a time: each waits for the one before, also with `make -j`.
$(STAMPS)/node: web/requirements.lock | $(STAMPS)/runtime
	@echo "· installing Node.js from PyPI"
	@$(BIN)/pip install -qq --require-hashes -r web/requirements.lock
	@touch $@

$(STAMPS)/web: web/package-lock.json | $(STAMPS)/node
	@echo "· installing the web client's packages"
	@cd web && npm ci --silent || npm ci --loglevel=error
	@touch $@

$(STAMPS)/node-clients: tests/node/package-lock.json | $(STAMPS)/node
	@echo "· installing the protocol clients"
	@cd tests/node && npm ci --silent || npm ci --loglevel=error
	@touch $@

web/dist/index.html: $(WEB_SOURCES) | $(STAMPS)/web
	@echo "· building the web client"
	@cd web && npm run --silent build
	@touch $@
