"""What the lock files pin, and what they must not say."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tests.house.repository import ROOT, text


def _packages_of_node() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(text(ROOT / "package-lock.json"))["packages"]
    return {path: package for path, package in packages.items() if path}


def test_the_python_lock_names_no_index() -> None:
    lock = json.loads(text(ROOT / "Pipfile.lock"))
    assert lock["_meta"]["sources"] == []
    assert [
        name for part in ("default", "develop") for name in lock[part] if "index" in lock[part][name]
    ] == []


def test_the_python_lock_pins_every_package_by_version_and_digest() -> None:
    lock = json.loads(text(ROOT / "Pipfile.lock"))
    loose = [
        name
        for part in ("default", "develop")
        for name, package in lock[part].items()
        if not package["version"].startswith("==")
        or not package["hashes"]
        or not all(digest.startswith("sha256:") for digest in package["hashes"])
    ]
    assert loose == []


def test_the_pipfile_names_no_index() -> None:
    assert "source" not in tomllib.loads(text(ROOT / "Pipfile"))


def test_the_npm_lock_names_no_registry() -> None:
    assert [path for path, package in _packages_of_node().items() if "resolved" in package] == []


def test_the_npm_lock_pins_every_package_by_digest() -> None:
    # A package inside another one's archive is covered by that one's digest.
    loose = [
        path
        for path, package in _packages_of_node().items()
        if not package.get("inBundle") and not package.get("integrity", "").startswith("sha512-")
    ]
    assert loose == []


def test_pipenv_itself_is_pinned_by_digest() -> None:
    lines = text(ROOT / "scripts/setup/pipenv.txt").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert any(pin.startswith("pipenv==") for pin in pins)
    assert [pin for pin in pins if not re.fullmatch(r"[a-z-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", pin)] == []


def test_cdktf_has_one_version() -> None:
    packages = tomllib.loads(text(ROOT / "Pipfile"))["packages"]
    node = json.loads(text(ROOT / "package.json"))["devDependencies"]
    assert packages["cdktf"] == f"=={node['cdktf-cli']}"


def test_every_folder_that_tools_write_is_ignored() -> None:
    ignored = text(Path(ROOT / ".gitignore")).split()
    made = (".venv/", ".hatchway/", "cdktf.out/", "node_modules/", "__pycache__/", "*.tfstate", "*.tfplan")
    assert [entry for entry in made if entry not in ignored] == []
