# Works with GNU make 3.81 and later. Every target sets up what it needs first; set-up is a no-op when done.
.DEFAULT_GOAL := help
.PHONY: help setup demo test live pytest lint types contracts checkov format docs lock bench clean
.DELETE_ON_ERROR:

BIN := .venv/bin
PYTEST_ARGS ?=
BENCH ?=
# It pins boto3, which would not agree with ours: an environment of its own.
CHECKOV := .hatchway/checkov-3.3.30

help:  ## this list
	@echo "Hatchway: a public API in one account in front of private APIs in others, proved, deployed, verified."
	@echo
	@echo "  make demo       the whole path on this machine, with no AWS account: deploy, call, verify, destroy"
	@echo "  make test       everything that has to hold before a change lands"
	@echo
	@echo "  make setup      Python packages, Terraform, its AWS provider, npm packages (PYTHON=... names a Python)"
	@echo "  make checkov    what Checkov says of the hardened example, against docs/reference/checkov.md"
	@echo "  make live       tests that deploy into AWS accounts and destroy: docs/how-to/test-live.md"
	@echo "  make format     lay out the code, and fix what can be fixed"
	@echo "  make lint       style, formatting, and whether Pipfile.lock is of this Pipfile"
	@echo "  make types      mypy, strict"
	@echo "  make contracts  which package may import which"
	@echo "  make pytest     the tests alone: make pytest PYTEST_ARGS='tests/unit -k mirror'"
	@echo "  make docs       write the generated pages under docs/reference"
	@echo "  make bench      measure against peers, half an hour and more: make bench BENCH=help is one of them"
	@echo "  make lock       choose new versions for Pipfile.lock"
	@echo "  make clean      remove what set-up and the other targets made"
	@echo
	@echo "Then: .venv/bin/hatchway --help. The documentation starts at docs/index.md."

setup:  ## exits 4 inside make's own 2 if a prerequisite is missing, with one sentence
	@PYTHON='$(PYTHON)' sh scripts/setup.sh

demo: setup
	@$(BIN)/hatchway sandbox demo

# Four processes on two cores: deployments in the sandbox mostly wait for Terraform's own fixed waits,
# and begin before the rest.
test: lint types contracts
	@$(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder $(PYTEST_ARGS)

live: setup
	@if [ "$$HATCHWAY_LIVE" != 1 ] || [ -z "$$HATCHWAY_LIVE_TOPOLOGY" ]; then \
	    echo "live: this deploys into AWS accounts, which costs money, and destroys it again. Nothing was done." >&2; \
	    echo "Set HATCHWAY_LIVE=1 and HATCHWAY_LIVE_TOPOLOGY=FILE if you mean it: docs/how-to/test-live.md" >&2; \
	    exit 2; \
	fi
	@$(BIN)/python -m pytest tests/live -v $(PYTEST_ARGS)

pytest: setup
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@sh scripts/pipenv.sh verify

types: setup
	@$(BIN)/mypy

contracts: setup
	@$(BIN)/lint-imports

$(CHECKOV)/bin/checkov:
	@echo "checkov: installing it into $(CHECKOV) (a minute)"
	@$(BIN)/python -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check $(notdir $(subst checkov-,checkov==,$(CHECKOV)))

checkov: setup $(CHECKOV)/bin/checkov
	@HATCHWAY_CHECKOV=$(CURDIR)/$(CHECKOV)/bin/checkov $(BIN)/python -m pytest tests/synth/test_checkov.py $(PYTEST_ARGS)

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: setup
	@$(BIN)/python -m scripts.docs

bench: setup
	@$(BIN)/python -m benchmarks $(BENCH)

lock: setup
	@sh scripts/pipenv.sh lock
	@$(BIN)/python scripts/clean_lock.py
	@echo "Pipfile.lock is written. 'make test' installs it and tries it."

clean:
	@if [ -x $(BIN)/hatchway ]; then $(BIN)/hatchway sandbox down || true; fi
	rm -rf .venv node_modules cdktf.out .hatchway benchmarks/.work
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
