"""Loading the bindings on demand, and when not to."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from constructs_lib import bindings

EXPECTED_INIT = """
'''Bindings.'''
import jsii
import publication
from ._jsii import *
__all__ = ["lb"]
publication.publish()
from . import lb
"""

EXPECTED_INDEX = """\
"use strict";
/**
 * Copyright
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.one = exports.two = void 0;
exports.one = require("./one");
exports.two = require("./two");
"""


@pytest.fixture
def init(tmp_path: Path):
    path = tmp_path / "__init__.py"
    path.write_text(EXPECTED_INIT)
    return path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A package in place of the bindings, whose `__init__` would be noticed."""
    folder = tmp_path / "made_up_bindings"
    folder.mkdir()
    (folder / "__init__.py").write_text("from . import lb\n")
    (folder / "lb.py").write_text("NAME = 'lb'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(bindings, "PACKAGE", folder.name)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
        del sys.modules[name]


def test_init_of_imports_alone_can_be_left_out(init: Path) -> None:
    assert bindings.only_imports_submodules(init)


@pytest.mark.parametrize(
    "addition",
    [
        "print('work')",
        "setup()",
        "class A: ...",
        "def main(): ...",
        "if True:\n    import x",
        "x = (",
        "x += 1",
    ],
)
def test_init_that_does_more_cannot_be_left_out(init: Path, addition: str) -> None:
    init.write_text(f"{EXPECTED_INIT}{addition}\n")

    assert not bindings.only_imports_submodules(init)


@pytest.mark.parametrize("content", ["", "'''Nothing.'''\n", "import jsii\n"])
def test_init_without_submodules_is_not_the_one_that_is_meant(init: Path, content: str) -> None:
    init.write_text(content)

    assert not bindings.only_imports_submodules(init)


def test_init_that_is_not_there_cannot_be_left_out(tmp_path: Path) -> None:
    assert not bindings.only_imports_submodules(tmp_path / "__init__.py")


def test_modules_load_when_they_are_named(package: Path) -> None:
    environ = {}

    assert bindings.load_on_demand(environ)

    loaded = sys.modules[package.name]
    assert f"{package.name}.lb" not in sys.modules
    assert loaded.lb.NAME == "lb"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = loaded.nothing


def test_options_of_node_are_extended_once(package: Path) -> None:
    environ = {"NODE_OPTIONS": "--max-old-space-size=4096"}

    bindings.load_on_demand(environ)
    del sys.modules[package.name]
    bindings.load_on_demand(environ)

    assert environ["NODE_OPTIONS"] == f'--max-old-space-size=4096 --require "{bindings.PRELOAD}"'


@pytest.mark.usefixtures("package")
def test_second_call_tells_what_the_first_did() -> None:
    environ = {}

    assert bindings.load_on_demand(environ)
    assert bindings.load_on_demand(environ)


def test_unexpected_package_is_loaded_as_ever_and_said_so(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (package / "__init__.py").write_text("from . import lb\nprint('work')\n")
    environ = {}

    assert not bindings.load_on_demand(environ)

    assert package.name not in sys.modules
    assert "NODE_OPTIONS" not in environ
    assert capsys.readouterr().err == (
        f"{package.name}: not built as expected, so all of it is loaded; synth takes longer\n"
    )


@pytest.mark.usefixtures("package")
def test_users_own_choice_about_node_releases_stays() -> None:
    environ = {bindings.QUIET_NODE: "22"}

    bindings.load_on_demand(environ)

    assert environ[bindings.QUIET_NODE] == "22"


@pytest.fixture
def required(tmp_path: Path):
    """Requires the JavaScript bindings with the script preloaded; tells what was loaded when."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node: not found on PATH. Hatchway needs Node 20 or newer.")
    folder = tmp_path / "with space" / "node_modules" / "@cdktf" / "provider-aws" / "lib"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.js").write_text(f"loaded.push('{name}'); exports.name = '{name}';\n")
    preload = Path(shutil.copy(bindings.PRELOAD, tmp_path / "with space"))

    def run(index: str):
        (folder / "index.js").write_text(index)
        script = (
            f"global.loaded = []; const b = require({json.dumps(str(folder / 'index.js'))});"
            "const before = [...loaded]; const name = b.two.name;"
            "console.log(JSON.stringify({before, after: loaded, name, keys: Object.keys(b)}));"
        )
        return subprocess.run(
            [node, "-e", script],
            env={"NODE_OPTIONS": bindings._with_preload("").replace(str(bindings.PRELOAD), str(preload))},  # noqa: SLF001 - quoting is the point
            capture_output=True,
            text=True,
            check=True,
        )

    return run


def test_node_requires_what_is_named(required: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    finished = required(EXPECTED_INDEX)

    assert json.loads(finished.stdout) == {
        "before": [],
        "after": ["two"],
        "name": "two",
        "keys": ["one", "two"],
    }
    assert finished.stderr == ""


@pytest.mark.parametrize("addition", ["exports.three = 3;", "loaded.push('work');"])
def test_unexpected_index_is_loaded_as_ever_and_said_so(
    required: Callable[[str], subprocess.CompletedProcess[str]], addition: str
) -> None:
    finished = required(f"{EXPECTED_INDEX}{addition}\n")

    assert json.loads(finished.stdout)["before"][:2] == ["one", "two"]
    assert finished.stderr == (
        "@cdktf/provider-aws: not built as expected, so all of it is loaded; synth takes longer\n"
    )
