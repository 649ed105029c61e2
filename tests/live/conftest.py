"""An estate in AWS accounts: deployed for the time of a run, and destroyed however the run ends."""

import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from hatchway.errors import HatchwayError
from hatchway.sandbox import ACCESS_KEY_ID
from hatchway.topology import load_views, stacks
from hatchway.topology.model import Topology
from hatchway.topology.stacks import gateway_stack
from hatchway.verify.http import HttpCaller
from hatchway.verify.state import read_outputs, states_of
from tests.live.clients import AwsSecrets, Client, wanted_tokens
from tests.live.observations import Observation, keep
from tests.live.obstacle import NotRun
from tests.live.requests import DeclaredRequest, declared_requests
from tests.live.settings import NotReadyError, Settings, is_asked_for
from tests.live.stages import Deployment, Environ, Hatchway, Show, holds_something

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]

Run = Callable[[Environ], Hatchway]


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Lets nothing of a module be imported, let alone run, unless it was asked for and can be done."""
    if not is_asked_for(os.environ):
        return NotRun.of(parent, module_path, None)
    try:
        Settings.of(os.environ)
    except NotReadyError as error:
        return NotRun.of(parent, module_path, error)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Verifies and plans before anything is observed: what is observed on a broken path says little."""
    places = [place for place, item in enumerate(items) if item.path.parent == HERE]
    ours = sorted(
        (items[place] for place in places), key=lambda item: item.path.name == "test_assumptions.py"
    )
    for place, item in zip(places, ours, strict=True):
        items[place] = item


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tells Hatchway's own errors as the command line does: a traceback adds nothing to them."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, HatchwayError):
        report.longrepr = str(call.excinfo.value)
    return report


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings.of(os.environ)


@pytest.fixture
def stage(settings: Settings) -> Callable[[str], None]:
    """Leaves out a test whose stage is skipped."""

    def begin(name: str) -> None:
        if name in settings.skipped:
            pytest.skip(f"SKIP_{name} is set")

    return begin


@pytest.fixture(scope="session")
def show(pytestconfig: pytest.Config) -> Show:
    """Shows a line at once, whatever pytest captures."""
    capture: Any = pytestconfig.pluginmanager.getplugin("capturemanager")

    def shown(line: str) -> None:
        with capture.global_and_fixture_disabled():
            sys.stderr.write(line)
            sys.stderr.flush()

    return shown


@pytest.fixture(scope="session")
def run(settings: Settings, show: Show, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command line on the topology of this run. What is synthesized stays out of the project."""
    own = {
        "CDKTF_OUTDIR": str(tmp_path_factory.mktemp("live") / "cdktf.out"),
        "HATCHWAY_TOPOLOGY": str(settings.topology),
    }

    def made(environ: Environ) -> Hatchway:
        command = (sys.executable, "-m", "hatchway")
        return Hatchway(command=command, environ=Environ(environ | own), folder=PROJECT, show=show)

    return made


@pytest.fixture(scope="session")
def views(settings: Settings) -> Sequence[Topology]:
    return load_views(settings.topology)


@pytest.fixture(scope="session")
def deployment(settings: Settings, views: Sequence[Topology], run: Run, show: Show) -> Iterator[Deployment]:
    """Takes over the clean-up before anything is deployed. SIGTERM, as CI sends it, reaches it too."""

    def standing() -> list[str]:
        found = [
            (stack, states_of(view, HttpCaller()).read(stack)) for view in views for stack in stacks(view)
        ]
        return [stack for stack, state in found if holds_something(state)]

    before = signal.signal(signal.SIGTERM, _stop)
    hatchway = run(Environ(os.environ))
    try:
        with Deployment(settings=settings, hatchway=hatchway, standing=standing, show=show) as deployment:
            yield deployment
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def deployed(deployment: Deployment, views: Sequence[Topology]) -> Sequence[Topology]:
    """The views of what is deployed."""
    deployment.deploy()
    return views


@pytest.fixture(scope="session")
def callers(deployed: Sequence[Topology], settings: Settings) -> Iterator[Environ]:
    """The environment of whoever calls: with the tokens that were given, and fresh ones for the rest."""
    environ = Environ(os.environ)
    with Client() as client:
        for view in () if "credential" in settings.skipped else deployed:
            outputs = read_outputs(states_of(view, HttpCaller()), gateway_stack(view))
            wanted = wanted_tokens(outputs, os.environ)
            kept = AwsSecrets(view.accounts[view.gateway.account]) if wanted else None
            environ.update({name: client.admitted(kept, arn) for name, arn in wanted.items() if kept})
        yield environ


@pytest.fixture(scope="session")
def requests(deployed: Sequence[Topology], callers: Environ) -> Sequence[DeclaredRequest]:
    return [request for view in deployed for request in declared_requests(view, callers)]


@pytest.fixture
def observed(settings: Settings, show: Show) -> Callable[[Sequence[Observation]], None]:
    """Writes observations down, and fails unless AWS agrees with each."""
    sandboxed = os.environ.get("AWS_ACCESS_KEY_ID") == ACCESS_KEY_ID

    def judged(found: Sequence[Observation]) -> None:
        if not found:
            pytest.skip("nothing in this topology shows it; docs/how-to/test-live.md says what would")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        where = "a sandbox, which proves nothing about AWS" if sandboxed else "AWS"
        keep(settings.observations, found, {"at": at, "on": where, "topology": settings.topology.name})
        show("".join(f"\n{one}" for one in found) + "\n")
        wrong = [str(one) for one in found if not one.holds]
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)

    return judged
