#!/bin/sh
# Runs set-up with a Python that is new enough: $PYTHON if it is given, else python3, else the newest
# numbered one on PATH. An interpreter inside this folder is passed over, since set-up may replace it,
# and one that can create virtual environments comes first. Arguments go to `python -m scripts.setup`.
set -eu
unset PYTHONHOME PYTHONPATH CDPATH

root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"

suits() {
    command -v "$1" >/dev/null 2>&1 && "$1" - "$root" "$2" >/dev/null 2>&1 <<'PYTHON'
import os, sys
inside = (os.path.realpath(sys.prefix) + os.sep).startswith(os.path.join(sys.argv[1], ""))
if inside or sys.version_info < (3, 11):
    sys.exit(1)
if sys.argv[2] == "complete":
    import ensurepip, venv
PYTHON
}

for wanted in complete bare; do
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if suits "$candidate" "$wanted"; then
            exec "$candidate" -m scripts.setup "$@"
        fi
    done
done

if [ -n "${PYTHON:-}" ]; then
    echo "set-up: PYTHON has to be a Python 3.11 or later outside this folder, got '$PYTHON'." >&2
else
    echo "set-up: needs Python 3.11 or later, and none is on PATH. Install one, or name it: make setup PYTHON=/path/to/python3.11" >&2
fi
exit 4
