# From Crimea to Vilnius: every command of the book. `make` alone lists them.
# GNU make and any POSIX shell; README.md has the plain commands for a machine without make.

PYTHON ?= python3
PORT ?= 8000
# uv installs the lock in seconds; INSTALLER=pip does the same with pip alone.
INSTALLER ?= uv
# More options for pytest: make test ARGS="-k quiz"
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
# Stamps are written last, so an interrupted set-up never counts as done.
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
BUILT := _build/.built
# What a page can show. One change rebuilds all: Sphinx knows neither data/ nor casebook/, nor the titles in other pages' side bars.
SOURCES := _config.yml _toc.yml $(wildcard *.bib) casebook chapters data seeds $(READY)

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help book notebooks test serve lab lock wheel clean
.DELETE_ON_ERROR:

help: ## list these commands
	@echo "From Crimea to Vilnius. Commands:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

book: $(READY) ## run the chapters whose inputs changed, build the book, print where it is
	@$(PY) -m casebook.notebooks
	@# The stamp is dated before the build: what is saved meanwhile is built next time. After a failed build
	@# there is none, so that its warnings come again (Sphinx keeps silent about pages that it has read once).
	@if [ -f $(BUILT) ] && [ -z "$$(find $(SOURCES) -name __pycache__ -prune -o -newer $(BUILT) -print)" ]; then \
	  echo "No page has changed."; \
	else \
	  rm -f $(BUILT) && mkdir -p _build && touch _build/.started && \
	  $(VENV)/bin/jupyter-book build . --all -W -n --keep-going && \
	  mv _build/.started $(BUILT); \
	fi
	@$(PY) -c 'import pathlib; print("Open", pathlib.Path("_build/html/index.html").resolve().as_uri())'

notebooks: $(READY) ## run every chapter again and write its outputs
	@$(PY) -m casebook.notebooks --all

# The notebooks are neither run nor written first: outputs that no longer agree with the evidence must fail.
# One file stays with one worker (loadfile), so each notebook has one kernel; two workers are what small machines bear.
# --nbval-current-env: the kernel of this environment, whatever kernels the user has registered elsewhere.
test: $(READY) ## check notebooks, figures, prose, quizzes, data and pages (needs Chromium or Chrome)
	@find_browser() { \
	  for name in chromium chromium-browser google-chrome google-chrome-stable \
	    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do \
	    command -v "$$name" && return; \
	  done; \
	}; \
	if [ -n "$$CHROME_PATH" ] && ! [ -x "$$(command -v "$$CHROME_PATH")" ]; then \
	  echo "CHROME_PATH names '$$CHROME_PATH', which is no program that can be run." >&2; exit 1; \
	fi; \
	: "$${CHROME_PATH:=$$(find_browser)}"; \
	if [ -z "$$CHROME_PATH" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "No browser found: installing the package chromium."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  CHROME_PATH=$$(find_browser); \
	fi; \
	if [ -z "$$CHROME_PATH" ]; then \
	  echo "The pages are tested in a real browser, and none was found." >&2; \
	  echo "Install Chromium or Chrome (Debian: apt-get install chromium; macOS: brew install --cask google-chrome)," >&2; \
	  echo "or name one that you have: make test CHROME_PATH=/path/to/chrome" >&2; exit 1; \
	fi; \
	export CHROME_PATH; \
	$(PY) -m pytest tests chapters --nbval --nbval-current-env --nbval-cell-timeout=60 -n 2 --dist loadfile $(ARGS)

serve: book ## show the book on this machine only (PORT=8000)
	@$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(READY) ## open the chapters in JupyterLab
	@$(PY) -m jupyterlab

# No index address and no header: the same lock comes out wherever and through whatever mirror it is made.
# --universal: one lock for Linux, macOS and Windows, from Python 3.11 on. Binder's lock is a part of the book's.
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(LOCKED) ## renew requirements.txt and binder/requirements.txt from pyproject.toml (ARGS=--upgrade)
	$(COMPILE) $(ARGS) pyproject.toml --all-extras -o requirements.txt
	$(COMPILE) pyproject.toml binder/requirements.in --extra lab -c requirements.txt -o binder/requirements.txt

wheel: $(READY) ## build the wheel that carries casebook, its data and its quizzes, into _build/dist
	@$(PY) -m hatchling build -t wheel -d _build/dist

clean: ## remove all that make made: _build, .venv and caches
	@rm -rf _build $(VENV) .pytest_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(LOCKED): requirements.txt
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "No program '$(PYTHON)': install Python 3.11 or newer, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "The book needs Python 3.11 or newer; '$(PYTHON)' is $$("$(PYTHON)" --version 2>&1). Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python cannot make environments (Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements.txt: seconds with uv, a minute or two with pip alone."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@# uv itself comes from the lock, so its version and hash are checked too. It does not read pip's settings: behind a
	@# mirror that only pip knows it fails, and pip does the work.
	@if [ "$(INSTALLER)" = uv ] \
	  && sed -n '/^uv==/,/^ *#/p' requirements.txt >$(VENV)/uv.txt \
	  && $(PY) -m pip install --quiet --require-hashes --no-deps -r $(VENV)/uv.txt \
	  && $(PY) -m uv pip install --python $(PY) --require-hashes -r requirements.txt; \
	then :; \
	else \
	  echo "Installing with pip."; \
	  $(PY) -m pip install --require-hashes -r requirements.txt; \
	fi
	@touch $@

# Editable: a change in casebook/ or data/ counts at once. What builds it stands in the lock, hence no build isolation.
$(READY): $(LOCKED) pyproject.toml
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
