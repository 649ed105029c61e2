"""Remove package index addresses from Pipfile.lock.

`pipenv lock` writes the address of whatever index it resolved against. The project names none, so
that `pipenv sync` installs from the index that pip is configured for. Run it after `pipenv lock`;
the tests fail on a lock that still names an index.
"""

import json
import sys
from pathlib import Path

SECTIONS_WITHOUT_PACKAGES = {"_meta"}


def clean(lock: dict[str, dict[str, object]]) -> None:
    """Empty the list of sources and drop the index of each package, in place."""
    lock["_meta"]["sources"] = []
    for section in lock.keys() - SECTIONS_WITHOUT_PACKAGES:
        for package in lock[section].values():
            if isinstance(package, dict):
                package.pop("index", None)


def main() -> int:
    """Clean the Pipfile.lock of the current directory."""
    path = Path("Pipfile.lock")
    lock = json.loads(path.read_text(encoding="utf-8"))
    clean(lock)
    path.write_text(json.dumps(lock, indent=4, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
