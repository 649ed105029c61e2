import sys
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from scripts.setup.processes import TAIL_LINES, Runner, clean_environment


def _runner(folder: Path) -> Runner:
    return Runner(folder, {"PATH": "/usr/bin:/bin"}, folder / "log/setup.log")


def test_leaves_no_trace_of_an_active_environment_or_of_make() -> None:
    active = {
        "VIRTUAL_ENV": "/elsewhere",
        "PYTHONPATH": "/elsewhere",
        "PIPENV_ACTIVE": "1",
        "PIPENV_CUSTOM_VENV_NAME": "other",
        "PIP_USER": "1",
        "MAKEFLAGS": "-j4",
    }
    kept = {
        "PATH": "/bin",
        "PIP_CONFIG_FILE": "/etc/pip.conf",
        "PIPENV_PYPI_MIRROR": "https://mirror.example",
    }
    assert clean_environment({**active, **kept}) == kept


def test_keeps_the_output_in_the_log_and_not_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _runner(tmp_path).run([sys.executable, "-c", "print('chatter')"], failure="fails")
    assert capfd.readouterr() == ("", "")
    assert "chatter" in (tmp_path / "log/setup.log").read_text(encoding="utf-8")


def test_hands_over_the_last_lines_of_a_failure_and_no_others(tmp_path: Path) -> None:
    runner = _runner(tmp_path)
    runner.run([sys.executable, "-c", "print('an earlier program')"], failure="fails")
    script = "import sys; [print('line', n) for n in range(100)]; sys.exit(3)"
    with pytest.raises(
        ToolError, match=r"^it fails \(exit code 3; all of it is in log/setup\.log\)$"
    ) as caught:
        runner.run([sys.executable, "-c", script], failure="it fails")
    assert caught.value.tail == tuple(f"line {n}" for n in range(100 - TAIL_LINES, 100))


def test_says_that_a_program_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^it fails \(/no/such: No such file or directory\)$"):
        _runner(tmp_path).run(["/no/such"], failure="it fails")
