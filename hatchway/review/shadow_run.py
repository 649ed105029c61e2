"""Runs `terraform test` on a copy of a stack, with nothing real behind it: no credentials, no network."""

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hatchway.errors import ToolError, UsageError
from hatchway.route.sources.configuration import Json, Stack
from hatchway.terraform.binary import find_terraform
from hatchway.terraform.events import Diagnostic, parse_event
from hatchway.terraform.mirror import cli_configuration, find_mirror
from hatchway.terraform.process import run

__all__ = ["MOST_BYTES", "MOST_SECONDS", "run_shadow"]

MOST_SECONDS = 300
MOST_BYTES = 256 * 1024 * 1024
_FOLDER, _FILE = "hatchway-shadow", "shadow.tftest.json"
_SKIPPED = frozenset({".terraform", ".git", "node_modules", ".terraform.lock.hcl"})
# Nothing is listening there: a call that should have been mocked fails at once and leaves no machine.
_NOWHERE = "http://127.0.0.1:9"


def run_shadow(stack: Stack, test: Mapping[str, Json], environ: Mapping[str, str] = os.environ) -> Json:
    """Return the plan that Terraform prints for a stack under test, as it prints it.

    Raises:
        UsageError: The stack is not made of files, or they are too large to copy.
        ToolError: Terraform fails, or takes too long.
        Interrupted: The user pressed Ctrl-C.
    """
    if stack.folder is None:
        raise UsageError(f"{stack.name or 'plan'}: --shadow needs the configuration, and a plan was given.")
    with tempfile.TemporaryDirectory(prefix="hatchway-shadow-") as place:
        terraform = _Run(stack.name or stack.folder.name, Path(place), environ)
        terraform.root = _copied(stack, Path(place) / "copy")
        (terraform.root / _FOLDER).mkdir()
        (terraform.root / _FOLDER / _FILE).write_text(json.dumps(test), encoding="utf-8")
        terraform.init()
        return terraform.test()


class _Run:
    """Terraform in a folder of its own."""

    def __init__(self, name: str, place: Path, environ: Mapping[str, str]) -> None:
        self.root = place
        self._name = name
        self._place = place
        self._binary = find_terraform(environ)
        kept = {key: value for key, value in environ.items() if not key.startswith(("AWS_", "TF_"))}
        self._environ = {**kept, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
        self._environ |= _provider_source(environ, place)

    def init(self) -> None:
        """Install what the configuration asks for."""
        self._run(self._environ, "init", "-json", "-input=false", "-backend=false", "-no-color")

    def test(self) -> Json:
        """Run the test, and return the plan in what it prints."""
        alone = self._environ | dict.fromkeys(
            ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), _NOWHERE
        )
        alone |= {"AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "", "no_proxy": ""}
        lines = self._run(
            alone, "test", "-json", "-verbose", f"-test-directory={_FOLDER}", f"-filter={_FOLDER}/{_FILE}"
        )
        for line in lines:
            if '"test_plan"' in line[:4000] or '"type":"test_plan"' in line[-4000:]:
                return json.loads(line)["test_plan"]
        raise ToolError(f"{self._name}: terraform test printed no plan.")

    def _run(self, environ: Mapping[str, str], *arguments: str) -> Sequence[str]:
        lines: list[str] = []
        with _deadline() as (started, late):
            code = run(
                [str(self._binary), *arguments],
                directory=self.root,
                environ=environ,
                log=self._place / "log",
                on_start=started,
                on_line=lines.append,
            )
        if late():
            raise ToolError(f"{self._name}: the shadow run took more than {MOST_SECONDS} seconds.")
        if code:
            raise ToolError(
                f"{self._name}: the shadow run failed at terraform {arguments[0]}.", tail=_errors(lines)
            )
        return lines


def _errors(lines: Sequence[str]) -> list[str]:
    events = [parse_event(line) for line in lines]
    found = [one for one in events if isinstance(one, Diagnostic) and one.severity == "error"]
    return [line for one in found for line in one.lines][:20]


@contextmanager
def _deadline() -> Iterator[tuple[Callable[[int], None], Callable[[], bool]]]:
    """Stop a process after a while; the second function says whether that was necessary."""
    timers: list[threading.Timer] = []
    stopped = threading.Event()

    def stop(process: int) -> None:
        stopped.set()
        os.kill(process, signal.SIGKILL)

    def start(process: int) -> None:
        timers.append(threading.Timer(MOST_SECONDS, stop, (process,)))
        timers[0].daemon = True
        timers[0].start()

    try:
        yield start, stopped.is_set
    finally:
        for timer in timers:
            timer.cancel()


def _provider_source(environ: Mapping[str, str], place: Path) -> dict[str, str]:
    """Say where the provider comes from, and write nothing into the folder under review."""
    mirror = find_mirror(environ)
    known = dict(environ) | ({"HATCHWAY_PROVIDER_MIRROR": str(mirror.path)} if mirror else {})
    found = cli_configuration(known, place)
    own = environ.get("TF_CLI_CONFIG_FILE")
    return {"TF_CLI_CONFIG_FILE": own} | found if own else found


def _copied(stack: Stack, target: Path) -> Path:
    """Copy the stack and the modules beside it; return where its root is in the copy."""
    root = (stack.folder or Path()).resolve()
    folders = {root, *(one.folder.resolve() for one in stack.modules if one.folder is not None)}
    common = Path(os.path.commonpath([str(one) for one in folders]))
    room = MOST_BYTES
    for folder in sorted(folders):
        if any(other in folder.parents for other in folders):
            continue
        for source in _files(folder):
            room -= source.stat().st_size
            if room < 0:
                raise UsageError(f"{folder}: holds more than {MOST_BYTES} bytes, too much for a shadow run.")
            copy = target / source.relative_to(common)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    return target / root.relative_to(common)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, without following links to folders."""
    for at, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if one not in _SKIPPED)
        yield from (
            Path(at) / one for one in sorted(names) if one not in _SKIPPED and (Path(at) / one).is_file()
        )
