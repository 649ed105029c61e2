import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer

from hatchway import __version__, cli
from hatchway.cli.commands import Command, Group
from hatchway.errors import HatchwayError, ToolError, UndecidedError, UsageError
from hatchway.terraform.process import Interrupted

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _handler() -> object:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def failing(error: BaseException) -> int:
    """Runs a command line whose only command raises an error; returns the exit code."""
    application = typer.Typer()

    @application.callback()
    def group() -> None:
        pass

    @application.command()
    def only() -> None:
        raise error

    return cli.main(["only"], application)


def run(*arguments: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchway", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ},
    )


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"hatchway {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_says_what_the_exit_codes_mean(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.main(arguments) == 0
    assert "3 undecided" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_the_front_page_is_shown_without_making_the_command_line(arguments: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "hatchway", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == (ROOT / "hatchway" / "help.txt").read_text("utf-8")
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert {"typer", "rich", "pathlib"} & loaded == set()
    assert "runpy" in loaded


def test_a_terminal_that_has_no_such_signs_gets_a_page_made_for_it() -> None:
    ran = run("--help", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert "verify" in ran.stdout
    assert ran.stdout.isascii()


def test_whoever_reads_the_beginning_of_the_front_page_sees_no_error() -> None:
    command = f"{sys.executable} -m hatchway --help | head -1"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stderr == ""


def test_help_loads_nothing_that_takes_long() -> None:
    slow = "('boto3', 'botocore', 'moto', 'urllib3', 'pydantic', 'ruamel', 'cdktf', 'jsii')"
    program = (
        "import sys; from hatchway.cli import main; main(['--help']);"
        f"sys.exit(','.join(sorted(set(sys.modules) & set({slow}))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.stderr.strip() == ""


def test_a_topology_error_needs_no_program_and_loads_nothing_for_aws(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("raise SystemExit('was run')\n")
    (tmp_path / "hatchway.yaml").write_text("version: 1\nnmae: article\n")
    command = [sys.executable, "-X", "importtime", "-m", "hatchway", "synth"]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(ROOT)},
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert ran.returncode == 2
    assert "nmae: is not a known key, did you mean 'name'?" in ran.stderr
    assert {"boto3", "botocore", "cdktf", "jsii", "moto"} & loaded == set()
    assert "pydantic" in loaded


def test_a_review_loads_no_validator_for_paths_and_text(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    program = (
        "import sys; from hatchway.cli import main;"
        f"code = main(['review', {str(tmp_path / 'plan.json')!r}, '--output', 'json']);"
        "print(code, 'pydantic' in sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stderr.splitlines()[-1] == "3 False"


def _given(arguments: list[str]) -> dict[str, object]:
    given: dict[str, object] = {}

    def taken(  # noqa: PLR0913, PLR0917 -- one option of each kind
        paths: Annotated[list[Path] | None, typer.Argument()] = None,
        names: Annotated[list[str] | None, typer.Option("--name")] = None,
        file: Annotated[Path | None, typer.Option("--file")] = None,
        one: Annotated[str, typer.Option("--one")] = "default",
        pair: Annotated[tuple[str, int], typer.Option("--pair")] = ("a", 1),
        upper: Annotated[str | None, typer.Option("--upper", parser=str.upper)] = None,
        number: Annotated[int, typer.Option("--number", min=1)] = 2,
    ) -> None:
        given.update(locals())
        given.pop("given")

    application = typer.Typer(cls=Group)
    application.callback()(lambda: None)
    application.command(cls=Command)(taken)
    assert cli.main(["taken", *arguments], application) == 0
    return given


def test_values_that_nobody_gave_are_the_defaults() -> None:
    assert _given([]) == {
        "paths": None,
        "names": None,
        "file": None,
        "one": "default",
        "pair": ("a", 1),
        "upper": None,
        "number": 2,
    }


def test_plain_values_are_what_was_typed_and_others_are_validated() -> None:
    typed = ["a", "b/c", "--name", "x", "--name", "y", "--file", "f", "--one", "", "--pair", "p", "7"]
    assert _given([*typed, "--upper", "up", "--number", "3"]) == {
        "paths": [Path("a"), Path("b/c")],
        "names": ["x", "y"],
        "file": Path("f"),
        "one": "",
        "pair": ("p", 7),
        "upper": "UP",
        "number": 3,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frob"], "hatchway: No such command 'frob'."),
        (["plan", "--frob"], "hatchway plan: No such option: --frob"),
        (["verify", "--wait", "-1"], "hatchway verify: Invalid value for '--wait'"),
        (["verify", "--profile", "edge"], "hatchway: --profile: is not ACCOUNT=VALUE, got 'edge'."),
        (["verify", "--profile", "egde=x"], "hatchway: --profile: there is no such account, got 'egde'."),
        (
            ["verify", "--profile", "edge=x", "--profile", "edge=y"],
            "hatchway: --profile: names account 'edge' twice, got 'edge=y'.",
        ),
        (["verify", "--output", "xml"], "hatchway: --output: there is no such format, got 'xml'."),
        (["deploy"], "hatchway: --yes: is needed where nobody can be asked"),
        (["destroy"], "hatchway: --yes: is needed where nobody can be asked"),
    ],
)
def test_a_command_line_that_makes_no_sense_ends_with_2(arguments: list[str], message: str) -> None:
    ran = run(*arguments)
    assert ran.returncode == 2
    assert ran.stderr.startswith(message)
    assert ran.stdout == ""


@pytest.mark.parametrize("command", ["synth", "plan", "verify"])
def test_a_topology_that_is_not_there_is_one_readable_line(tmp_path: Path, command: str) -> None:
    ran = run(command, cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.startswith("hatchway: hatchway.yaml")
    assert "Traceback" not in ran.stderr


def test_a_missing_terraform_ends_with_4(tmp_path: Path) -> None:
    ran = run("plan", HATCHWAY_TERRAFORM=str(tmp_path / "none"))
    assert ran.returncode == 4
    assert ran.stderr.startswith("hatchway: HATCHWAY_TERRAFORM: is not a file")


def test_verify_without_a_token_ends_with_3() -> None:
    ran = run("verify", "--wait", "0")
    assert ran.returncode == 3
    assert ran.stderr.startswith("hatchway: HATCHWAY_TOKEN: is not set")


def test_a_token_is_never_shown_when_it_cannot_be_sent() -> None:
    ran = run("verify", HATCHWAY_TOKEN="very secret")
    assert ran.returncode == 2
    assert "very secret" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("u"), 2), (UndecidedError("u"), 3), (ToolError("u"), 4), (HatchwayError("u"), 4)],
)
def test_each_kind_of_error_has_its_exit_code(
    capsys: pytest.CaptureFixture[str], error: HatchwayError, code: int
) -> None:
    assert failing(error) == code
    assert capsys.readouterr().err == "hatchway: u\n"


def test_a_failed_tool_shows_its_last_lines(capsys: pytest.CaptureFixture[str]) -> None:
    failing(ToolError("terraform failed", tail=["aws_lb.a: no quota", "  ask"]))
    assert capsys.readouterr().err == "hatchway: terraform failed\n  aws_lb.a: no quota\n    ask\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "stopped; nothing was left half done."),
        (Interrupted("stopped while changing gateway"), "stopped while changing gateway"),
        (typer.Abort(), "stopped; nothing was left half done."),
    ],
)
def test_ctrl_c_ends_with_130_and_one_sentence(
    capsys: pytest.CaptureFixture[str], error: BaseException, said: str
) -> None:
    assert failing(error) == 130
    assert capsys.readouterr().err == f"\nhatchway: {said}\n"


def test_an_error_that_should_not_happen_is_two_sentences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HATCHWAY_DEBUG", raising=False)
    assert failing(ZeroDivisionError("oh")) == 4
    said = capsys.readouterr().err
    assert said.startswith("hatchway: an error that should not happen, got ZeroDivisionError: oh\n")
    assert "Traceback" not in said


def test_debug_shows_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HATCHWAY_DEBUG", "1")
    failing(ZeroDivisionError("oh"))
    assert "Traceback" in capsys.readouterr().err


def test_exec_leaves_the_options_of_the_command_to_the_command(tmp_path: Path) -> None:
    ran = run("sandbox", "exec", "--directory", str(tmp_path), "--", "terraform", "plan", "--frob", "--name")
    assert ran.returncode == 2
    assert "sandbox: none is running" in ran.stderr


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m hatchway --help | head -1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
    )
    assert ran.stderr == ""
