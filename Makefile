# Every verb sets up what it needs first. Nothing but Python 3.11+, make and the package registry is assumed.
# Behind a network that inspects TLS: SSL_CERT_FILE=/path/to/bundle make setup

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
ASSETS := service/api/assets
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-all oracle check mutation format docs texts bench clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## install everything into .venv (only again when a lock file changed)

$(STAMP): pyproject.toml uv.lock $(wildcard $(ASSETS)/package-lock.json) $(wildcard $(ASSETS)/package.json) $(wildcard service/translations/*/LC_MESSAGES/*.po)
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Peil needs Python 3.11 or newer: make setup PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON=$(BIN)/python UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --all-extras --all-groups --no-group mutation --quiet
	$(BIN)/python $(ASSETS)/build.py
	@if ls service/translations/*/LC_MESSAGES/*.po >/dev/null 2>&1; then $(BIN)/pybabel --quiet compile -d service/translations; fi
	@touch $(STAMP)

demo: setup  ## everything, with a year of example data; prints the address and the log-ins
	@$(BIN)/peil demo

run: setup  ## the service, empty; data is kept in .peil
	@$(BIN)/peil run

test: setup  ## the tests (no system package needed)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup -m "not browser and not slow"

test-all: setup  ## every test, with a real Chromium and the slow suites
	@scripts/need-chromium
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup

oracle: setup  ## our statistics beside R's on random data (optional: says what it needs where R is absent)
	$(BIN)/python scripts/oracle.py

check: setup  ## every gate: form, types, imports, sizes, migrations, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/sizes.py
	$(BIN)/python scripts/migrations_match.py
	$(BIN)/python scripts/make_docs.py --check

mutation: setup  ## change the statistics everywhere, one place at a time, and see whether a test notices (an hour)
	UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON=$(BIN)/python UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --group mutation --quiet
	nice -n 19 $(BIN)/python scripts/mutation.py run $(MODULES)
	$(BIN)/python scripts/mutation.py table

format: setup  ## put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup  ## print the generated pages of docs/reference again
	$(BIN)/python scripts/make_docs.py

texts: setup  ## bring the words of the pages into the English catalogue, to translate what is new
	$(BIN)/pybabel -q extract -F service/translations/babel.cfg --no-location --sort-output --omit-header -o $(VENV)/words.pot service
	$(BIN)/pybabel -q update -d service/translations -i $(VENV)/words.pot --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=110
	$(BIN)/pybabel compile -d service/translations --statistics

bench: setup  ## the benchmarks: our figures beside measured floors
	@for file in benchmarks/[a-z]*.py; do case $$file in *wsgi_servers.py) ;; *) echo "== $$file"; $(BIN)/python $$file || exit 1 ;; esac; done
	@echo "benchmarks/wsgi_servers.py needs an environment of its own: see its first lines"

clean:  ## remove what was installed and made (never your data in .peil)
	rm -rf $(VENV) $(ASSETS)/node_modules service/api/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist mutants
