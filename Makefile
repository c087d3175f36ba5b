# `make lab` opens the course and `make test` proves it; each sets up .venv first when it is missing.
# Needs make and Python 3.11 to 3.14 (the versions the lock has wheels for). Choose one: make PYTHON=/path/to/python3.12

DIR        ?= my-course
LAB_FLAGS  ?=
TEST_FLAGS ?=
WORKERS    ?= auto
BENCH      ?= $(shell grep -l '^if __name__ == .__main__.:' benchmarks/*.py)

BIN   := .venv/bin
READY := .venv/.ready
# .ready holds the folder it was made in. A missing, broken or moved .venv, or one whose install failed, starts over.
INTACT := $(shell test "$$($(BIN)/python -c 'print(open("$(READY)").read())' 2>/dev/null)" = "$(CURDIR)" && echo yes)
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
# uv installs in half a minute what takes pip two and a half, but it does not read pip's settings: where these name an
# index of their own, or uv cannot reach PyPI, pip does it
UV := uv==0.13.9
OWN_INDEX := grep -Eq '(^|\.)(index-url|no-index)='
DRIFT := import ultralytics as u; from yolo_course.registry import upstream; \
         print(f"Ultralytics {u.__version__}:", *upstream.drift() or ["nothing that we rely on has changed."], sep="\n")
# whole files side by side, so that what a file trains is trained once, in the order of tests/conftest.py; WORKERS=0 runs
# one after the other
SIDE_BY_SIDE := -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# container images like to set it; setup compiles nothing ahead, so every start would compile torch again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup lab test test-fast bench build format lock upstream clean
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with the exact versions of requirements.lock

lab: $(READY) ## open the course in JupyterLab, your copies in DIR=my-course; LAB_FLAGS="--no-browser --port=8888"
	@$(BIN)/yolo-course lab "$(DIR)" -- $(LAB_FLAGS)

test: $(READY) datasets/shapes ## run every test; TEST_FLAGS="-k boxes"
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(TEST_FLAGS)

test-fast: $(READY) datasets/shapes ## run the tests that neither train nor execute notebooks nor drive a browser nor start commands
	@$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE) $(TEST_FLAGS)

bench: $(READY) datasets/shapes ## measure the figures of the README; BENCH=benchmarks/first_detector.py
	@for file in $(BENCH); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

build: $(READY) ## write the notebooks from course/units
	@$(BIN)/yolo-course build

format: $(READY) ## format, mend and spell-check the sources
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix
	@$(BIN)/codespell

lock: $(READY) ## resolve requirements.lock again after a change of pyproject.toml; LOCK_FLAGS=--upgrade
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && $(BIN)/python -m venv "$$tmp" && "$$tmp/bin/pip" install -q "$(UV)" && \
	"$$tmp/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --extra all --no-header --no-annotate \
	--no-emit-index-url --quiet $(LOCK_FLAGS) -o requirements.lock

upstream: $(READY) ## try another Ultralytics in place of the one in .venv, which stays as it is; VERSION=8.4.200
	@test -n "$(VERSION)" || { echo 'Say which: make upstream VERSION=8.4.200' >&2; exit 2; }
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	$(BIN)/python -m pip install -q --no-deps --target "$$tmp" "ultralytics==$(VERSION)" && \
	export PYTHONPATH="$$tmp" YOLO_CONFIG_DIR="$$tmp" && \
	{ $(BIN)/python -m pip check | grep '^ultralytics ' || true; } && $(BIN)/python -c '$(DRIFT)' && \
	$(BIN)/python -m pytest -q tests/registry/test_upstream.py tests/contracts/test_twins.py

clean: ## remove caches and build products; my-course, datasets, the gradebook and .venv stay
	@rm -rf .pytest_cache .ruff_cache .hypothesis dist docs/_build course/source
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

datasets/shapes: | $(READY)
	@$(BIN)/yolo-course data make shapes

ifneq ($(INTACT),yes)
.PHONY: $(READY)
endif
$(READY): requirements.lock pyproject.toml
	@test -n "$(INTACT)" || { \
	for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14 python); do \
	  "$$python" -c '$(FITS)' >/dev/null 2>&1 && found=$$python && break; \
	done; \
	test -n "$$found" || { echo "No Python 3.11 to 3.14 with venv found$(if $(PYTHON), at $(PYTHON))." \
	  "Install one (Debian: apt install python3-venv) or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }; \
	echo "Making .venv with $$("$$found" --version). This takes a minute or more and 6 GB, once."; \
	"$$found" -m venv --clear .venv; }
	@{ ! $(BIN)/python -m pip config list | $(OWN_INDEX); } && $(BIN)/python -m pip install -q $(UV) && \
	$(BIN)/uv pip install --system-certs --python $(BIN)/python -r requirements.lock || \
	{ echo "pip installs, which takes longer."; $(BIN)/python -m pip install --no-compile -r requirements.lock; }
	@$(BIN)/python -m pip install --no-deps -e .
	@printf %s "$(CURDIR)" > $(READY)
