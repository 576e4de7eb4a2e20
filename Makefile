# `make run` screens the sample book; `make test` checks everything; `make bench` measures.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

PAGES := src/tumen/service/pages
BROWSER := tests/service/pages/browser/chromium

.PHONY: run test bench format lock assets screenshots clean

run: $(VENV)/run.done
	$(BIN)/tumen demo

test: $(VENV)/test.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile

bench: $(VENV)/bench.done
	$(BIN)/python -m bench

# The pictures of the guide, taken by the tests that walk through it.
screenshots: $(VENV)/test.done
	TUMEN_SCREENSHOTS=docs/images $(BIN)/pytest tests/service/pages/browser/test_walk.py

format: $(VENV)/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Style and script of the pages, from npm by lock file; it holds no address either.
assets: $(PAGES)/static/manifest.json
$(PAGES)/static/manifest.json: $(wildcard $(PAGES)/assets/src/*) $(PAGES)/assets/build.mjs $(PAGES)/assets/package-lock.json
	cd $(PAGES)/assets && npm ci --silent && npm run --silent build

# Each set adds to the one before; the locks pin versions and hashes, pip's own settings say from where.
$(VENV)/run.done: requirements/run.lock pyproject.toml $(PAGES)/static/manifest.json | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.done: requirements/test.lock $(BROWSER)/package-lock.json $(VENV)/run.done
	$(PIP) install --require-hashes -r requirements/test.lock
	cd $(BROWSER) && npm ci --silent
	touch $@

$(VENV)/bench.done: requirements/bench.lock $(VENV)/test.done
	$(PIP) install --require-hashes -r requirements/bench.lock
	touch $@

# For maintainers: renew the locks. They hold no address.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip --quiet install pip-tools
	tools/lock .venv-lock/bin/pip-compile
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
