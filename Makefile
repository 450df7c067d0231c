# From Crimea to Vilnius: every command of the book. `make` alone lists them.
# Each is one line of Python, which README.md has for a machine without make: what they do is in casebook/build.py.

PYTHON ?= python3
PORT ?= 8000
# uv installs the lock in seconds; INSTALLER=pip does the same with pip alone.
INSTALLER ?= uv
# More options: make test ARGS="-k quiz", make lock ARGS=--upgrade, make lab ARGS=--allow-root
ARGS ?=

ifeq ($(OS),Windows_NT)
PY := .venv/Scripts/python
else
PY := .venv/bin/python
endif
export INSTALLER

.DEFAULT_GOAL := help
.PHONY: help ready book pdf slides offline export course notebooks check test check-code bench serve lab lock wheel clean

help: ## list these commands
	@echo "From Crimea to Vilnius. Commands:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

book: ready ## run the chapters whose inputs changed, build the book, print where it is
	@$(PY) -m casebook.build book

pdf: ready ## print the book and each chapter as PDF, into _build/html/take (needs Chromium or Chrome)
	@CHROME_PATH="$(CHROME_PATH)" $(PY) -m casebook.build pdf

slides: ready ## make a deck of slides for each chapter: _build/html/slides
	@$(PY) -m casebook.build slides

offline: ready ## pack all pages, with checksums, for a USB stick: _build/html/take
	@$(PY) -m casebook.build offline

export: ready ## write the quizzes for Moodle, Canvas and paper into _build/export
	@CHROME_PATH="$(CHROME_PATH)" $(PY) -m casebook.build export

course: ready ## ask for the name and dates of your own course, check them, print the schedule
	@$(PY) -m casebook.build course

notebooks: ready ## run every chapter again and write its outputs
	@$(PY) -m casebook.notebooks --all

check: ready ## name every sentence, chart, table and quiz key that does not agree with data/ (seconds)
	@$(PY) -m casebook.cli check $(ARGS)

# The notebooks are neither run nor written first: outputs that no longer agree with the evidence must fail.
test: ready ## check all of that, the notebooks, the code and the pages (needs Chromium or Chrome)
	@CHROME_PATH="$(CHROME_PATH)" $(PY) -m casebook.build test $(ARGS)

check-code: ready ## check the code's rules, form and types
	@$(PY) -m casebook.build check-code

bench: ready ## measure build, check, tests and pages, and how they grow
	@$(PY) -m tests.bench $(ARGS)

serve: book ## show the book on this machine only (PORT=8000)
	@$(PY) -m casebook.build serve $(PORT)

lab: ready ## open the chapters in JupyterLab
	@$(PY) -m casebook.build lab $(ARGS)

lock: ready ## renew requirements.txt and binder/requirements.txt from pyproject.toml (ARGS=--upgrade)
	@$(PY) casebook/install.py lock $(ARGS)

wheel: ready ## build the wheel that carries casebook, its data and its quizzes, into _build/dist
	@$(PY) -m hatchling build -t wheel -d _build/dist

clean: ## remove all that make made: _build, .venv and caches
	@rm -rf _build .venv .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The environment of the lock, made when it is missing or the lock has changed.
ready:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "No program '$(PYTHON)': install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" casebook/install.py
