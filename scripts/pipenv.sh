#!/bin/sh
# Runs the Pipenv that set-up installed, on this folder and no other environment, whatever is active.
set -eu
unset CDPATH VIRTUAL_ENV PYTHONHOME PYTHONPATH
cd "$(dirname "$0")/.."
export PIPENV_VENV_IN_PROJECT=1 PIPENV_IGNORE_VIRTUALENVS=1 PIPENV_DONT_LOAD_ENV=1 PIPENV_VERBOSITY=-1
export PIPENV_PIPFILE="$PWD/Pipfile"
exec .hatchway/tools/pipenv/bin/python -m pipenv "$@"
