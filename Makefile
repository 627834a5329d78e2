# The commands of wagtail-medborgare. All need Python 3.11 or later; nothing else.
PYTHON ?= python3
PORT ?= 8000
# A file with services to import into the demo: make demo IMPORT=feed.json
IMPORT ?=
PYTEST_ARGS ?=
# What make bench measures: make bench BENCH_ARGS="--quick --json bench.json"
BENCH_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
MANAGE := DEMO_PORT=$(PORT) $(BIN)/python example_site/manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-all bench drills clean

help:
	@echo "make demo      start the example municipality on this machine (PORT=8000)"
	@echo "make test      run the tests on SQLite and local memory"
	@echo "make test-all  run everything, as the build server does"
	@echo "make bench     measure the package beside plain Wagtail and its peers"
	@echo "make drills    let 200 visitors try to see each other's pages, 100,000 times"
	@echo "make clean     remove what these have made, the demo's database too"

# Each stamp is made anew only when what is installed may have changed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name it: make demo PYTHON=python3.12"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "Installing wagtail-medborgare (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "Installing wagtail-medborgare and what its tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.bench: pyproject.toml | $(BIN)/python
	@echo "Installing wagtail-medborgare and what it is measured with ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . \
		'gunicorn>=23' 'wagtail-cache>=3.0' 'psutil>=6' 'psycopg[binary]>=3.2'
	@touch $@

$(VENV)/.drills: pyproject.toml | $(BIN)/python
	@echo "Installing wagtail-medborgare and what the drills need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' \
		'gunicorn>=23' 'uvicorn>=0.34' 'wagtail-cache>=3.0'
	@touch $@

demo: $(VENV)/.demo
	@echo "Preparing the database ..."
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) municipality_load_demo
ifneq ($(strip $(IMPORT)),)
	@$(MANAGE) medborgare_import_services "$(IMPORT)"
endif
	@echo ""
	@echo "Open    http://localhost:$(PORT)/                 the start page"
	@echo "        http://localhost:$(PORT)/mina-tjanster/   My services"
	@echo "        http://localhost:$(PORT)/admin/           the admin (log in as above)"
	@echo "Stop    with Ctrl+C. Start again with: make demo"
	@echo ""
	@$(MANAGE) runserver 127.0.0.1:$(PORT) --noreload

test: $(VENV)/.test
	@$(BIN)/pytest -m "not browser and not drill" $(PYTEST_ARGS)
	@echo "Not run: what needs PostgreSQL, Redis, nginx or a browser, and the drills. make test-all runs it."

test-all:
	bash .ci/run

# Under load it uses wrk where that is installed (Debian: apt install wrk).
bench: $(VENV)/.bench
	@PYTHONPATH="$(CURDIR)/tests" $(BIN)/python -W ignore -m benchmarks $(BENCH_ARGS)

drills: $(VENV)/.drills
	@PYTHONPATH="$(CURDIR)/tests" $(BIN)/python -W ignore -m drills

clean:
	rm -rf $(VENV) example_site/var .pytest_cache .ruff_cache .mypy_cache build dist
	find wagtail_medborgare example_site tests -name __pycache__ -type d -prune -exec rm -rf {} +
