"""A deployed path as tests of pytest: one for each request under `checks`, beside tests of one's own.

Enabled by `-p hatchway.verify.pytest_plugin`, and otherwise never loaded. The topology is a file to collect,
as in `pytest hatchway.yaml tests`. It is verified once, when the first test asks for it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hatchway.errors import HatchwayError
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, Finding, Report, RouteResult
from hatchway.topology import load_views
from hatchway.topology.by_account import by_account
from hatchway.verify import verify

__all__ = ["hatchway_report", "pytest_addoption", "pytest_collect_file"]

_TOPOLOGY = "hatchway_topology"
_VERIFIED: pytest.StashKey[Report | HatchwayError] = pytest.StashKey()


class _NotShownError(Exception):
    """A test of the path did not pass; the text says all there is to say."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings, to be given in an ini file or by `-o`."""
    parser.addini(_TOPOLOGY, "the topology, from the root folder (hatchway.yaml)", default="hatchway.yaml")
    parser.addini("hatchway_services", "names of the services to verify (all)", type="args")
    parser.addini("hatchway_wait_seconds", "how long to wait for what may still come right", default="0")
    parser.addini("hatchway_calls_only", "read nothing from AWS but state", type="bool")
    parser.addini("hatchway_from_outputs", "what cdktf deploy --outputs-file wrote", default="")
    parser.addini("hatchway_ca_file", "certificates to trust for the public host besides", default="")
    parser.addini("hatchway_profiles", "ACCOUNT=PROFILE of the AWS configuration", type="args")
    parser.addini("hatchway_connect_to", "HOST1:PORT1:HOST2:PORT2, as curl has it", type="args")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the topology."""
    if file_path.resolve() != _topology(parent.config).resolve():
        return None
    collected: pytest.Collector = _TopologyFile.from_parent(parent, path=file_path)
    return collected


@pytest.fixture(scope="session")
def hatchway_report(pytestconfig: pytest.Config) -> Report:
    """Everything that `hatchway verify` finds. Verifies once in a session, however many tests ask for it."""
    return _report(pytestconfig)


class _TopologyFile(pytest.File):
    """The topology, with a test for each declared request and one for what concerns no single one."""

    def collect(self) -> Iterator[pytest.Item]:
        services: list[str] = self.config.getini("hatchway_services")
        for view in load_views(self.path):
            for name, service in view.services.items():
                if services and name not in services:
                    continue
                for check in service.checks:
                    yield _RequestItem.from_parent(
                        self, name=f"{name}: {check.request}", service=name, request=check.request
                    )
        yield _RestItem.from_parent(self, name="the rest of the path")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401, ARG002 -- pytest's own signature
        told = _in_our_terms(excinfo.value)
        return super().repr_failure(excinfo) if told is None else told


class _PathItem(pytest.Item):
    """A test of the path: its failures are told in the terms of the path, without a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 -- pytest's own types
        told = _in_our_terms(excinfo.value)
        return super().repr_failure(excinfo, style) if told is None else told

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


class _RequestItem(_PathItem):
    """Passes if a request is answered as declared, and every hop is proven."""

    def __init__(self, *, service: str, request: str, **more: Any) -> None:  # noqa: ANN401 -- pytest's own arguments
        super().__init__(**more)
        self._of = (service, request)

    def runtest(self) -> None:
        routes = [one for one in _report(self.config).routes if (one.service, one.request) == self._of]
        said = [line for route in routes for line in _told(route)]
        if said or not routes:
            raise _NotShownError("\n".join(said) or "nothing was found out about it")


class _RestItem(_PathItem):
    """Passes if nothing else is wrong, and nothing was left open."""

    def runtest(self) -> None:
        report = _report(self.config)
        checks = {(check.id, check.subject) for route in report.routes for check in _checks(route)}
        errors = [
            _of_finding(one)
            for one in report.findings
            if one.severity is Severity.ERROR and (one.id, one.subject) not in checks
        ]
        if report.is_open:
            errors.append("something beside the requests could not be decided: see hatchway verify")
        if errors:
            raise _NotShownError("\n".join(errors))


def _in_our_terms(error: BaseException) -> str | None:
    return str(error) if isinstance(error, _NotShownError | HatchwayError) else None


def _topology(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getini(_TOPOLOGY))


def _report(config: pytest.Config) -> Report:
    if _VERIFIED not in config.stash:
        try:
            config.stash[_VERIFIED] = _verified(config)
        except HatchwayError as error:
            # Kept, so that what cannot be reached is waited for once and not by each test.
            config.stash[_VERIFIED] = error
    found = config.stash[_VERIFIED]
    if isinstance(found, HatchwayError):
        raise found
    return found


def _verified(config: pytest.Config) -> Report:
    seconds = str(config.getini("hatchway_wait_seconds"))
    if not seconds.isascii() or not seconds.isdecimal():
        raise pytest.UsageError(f"hatchway_wait_seconds: is not a number of seconds, got {seconds!r}")
    accounts = load_views(_topology(config))[0].accounts
    return verify(
        _topology(config),
        services=config.getini("hatchway_services"),
        wait_seconds=int(seconds),
        calls_only=config.getini("hatchway_calls_only"),
        from_outputs=_file(config, "hatchway_from_outputs"),
        ca_file=_file(config, "hatchway_ca_file"),
        connect_to=config.getini("hatchway_connect_to"),
        profiles=by_account("hatchway_profiles", config.getini("hatchway_profiles"), accounts),
    )


def _file(config: pytest.Config, setting: str) -> Path | None:
    given = str(config.getini(setting))
    return config.rootpath / given if given else None


def _told(route: RouteResult) -> Iterator[str]:
    """Give what keeps a route from passing; nothing if it passes."""
    if route.verdict is Verdict.PASS:
        return
    at = f", broken at {route.broken_hop.value}" if route.broken_hop else ""
    yield f"{route.service} {route.request}: {route.verdict.value}{at}"
    for result in route.hops:
        for check in result.checks:
            if check.outcome in {Outcome.FAIL, Outcome.UNKNOWN}:
                yield _of_check(check, result.hop.value)


def _checks(route: RouteResult) -> Iterator[CheckResult]:
    return (check for result in route.hops for check in result.checks if check.outcome is Outcome.FAIL)


def _of_check(check: CheckResult, hop: str) -> str:
    rows = {"expected": check.expected, "symptom": check.symptom, "fix": check.fix}
    head = f"  {check.outcome.value} {check.id} {hop}: {check.subject}: {check.observed}"
    return "\n".join((head, *(f"    {label}: {text}" for label, text in rows.items() if text)))


def _of_finding(finding: Finding) -> str:
    return f"{finding.id} {finding.subject}: {finding.message}" + (
        f"\n    fix: {finding.fix}" if finding.fix else ""
    )
