# Thin targets; what they do is in the package. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A newer lock or pyproject makes the environment anew. The stamp is never older than they: a file that a wrong clock dated
# into the future would have it made at each call.
STAMP := $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help book check test serve reference data verify package bench format lint types imports quick docs lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

book: $(STAMP) ## build the web book, PDFs, slides, workbooks and the ePub into _build/
	@$(BIN)/crossroads build

check: lint types imports quick ## what to run before each commit: lint, types, imports and quick, in about a minute

# Tests compiled once are kept also where the environment says otherwise: pytest takes seconds for them, in each of its processes.
test quick: export PYTHONDONTWRITEBYTECODE :=

test: $(STAMP) ## run every test: units, data, notebooks with nbval, the built book
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

serve: $(STAMP) ## show the book in a browser and keep it current while you write; PDF=1 keeps the PDF current, too
	@$(BIN)/crossroads serve $(if $(PDF),--pdf)

reference: $(STAMP) ## renew the reference outputs after a change of numbers that is meant
	@$(BIN)/crossroads reference

data: $(STAMP) ## remake data/ from publishers' files: make data RAW=folder
	@test -n "$(RAW)" || { echo "say where the publishers' files are: make data RAW=folder"; exit 2; }
	@$(BIN)/crossroads data --raw "$(RAW)"

verify: $(STAMP) ## build the current commit twice, in other places, and compare every byte: some minutes
	@$(BIN)/crossroads verify

package: $(STAMP) ## write the archive from which a stranger makes the same bytes
	@$(BIN)/crossroads package

bench: $(STAMP) ## run the benchmarks; that of pages needs Lighthouse
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

format: $(STAMP) ## set the code in the form that lint asks for
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix-only .

lint: $(STAMP) ## check format and style of the code and the spelling of the text
	@$(BIN)/ruff format --check --quiet . || { echo "make format sets the code in form"; exit 1; }
	@$(BIN)/ruff check --quiet . && $(BIN)/codespell

types: $(STAMP) ## check the types
	@$(BIN)/mypy

imports: $(STAMP) ## check who imports whom
	@$(BIN)/lint-imports --no-logo

quick: $(STAMP) ## run the unit tests that build no book, start no kernel and simulate nothing
	@$(BIN)/python -m pytest tests/unit -n auto -m "not builds and not simulates"

docs: $(STAMP) ## draw docs/architecture.md anew from the code
	@$(BIN)/python docs/draw.py

lock: ## resolve requirements.lock again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --fork-strategy fewest --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

clean: ## remove what was built; the environment stays
	rm -rf _build

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; call make PYTHON=python3.11")'
	@echo "Setting up the environment in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@; for file in $^; do if test $$file -nt $@; then touch -r $$file $@; fi; done
