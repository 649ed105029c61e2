"""Every fault is put into the deployed path, and verify has to name its hop and what to change.

Good variations of the path must raise no alarm. Both figures are printed, and asserted to be all and none.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.report import Report
from tests.sandbox import faults_network, faults_private, faults_public
from tests.sandbox.faults import Fault
from tests.sandbox.good_variations import VARIATIONS, Variation
from tests.sandbox.levers import Levers
from tests.sandbox.verifying import Verifier

FAULTS = (*faults_public.FAULTS, *faults_network.FAULTS, *faults_private.FAULTS)
LEAST_FAULTS, LEAST_VARIATIONS = 45, 20


@pytest.fixture(scope="module")
def verified(deployed_sandbox: Any) -> Iterator[Verifier]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in deployed_sandbox.sandbox.variables().items():
            patch.setenv(name, value)
        yield Verifier(deployed_sandbox.topology)


@pytest.fixture(scope="module")
def levers(deployed_sandbox: Any, edge: Any, orders: Any) -> Levers:
    return Levers(deployed_sandbox, edge, orders)


@pytest.fixture(scope="module")
def named_right() -> list[str]:
    return []


@pytest.fixture(scope="module")
def without_alarm() -> list[str]:
    return []


def fixes(report: Report, hop: Hop) -> str:
    """Everything that is to be changed at a hop."""
    results = (result for route in report.routes for result in route.hops if result.hop is hop)
    return " ".join(
        check.fix for result in results for check in result.checks if check.outcome is Outcome.FAIL
    )


def test_the_path_is_good_before_anything_is_broken(verified: Verifier) -> None:
    report = verified()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_broken_hop_is_named_with_what_to_change(
    fault: Fault, verified: Verifier, levers: Levers, named_right: list[str]
) -> None:
    with fault.inject(levers):
        report = verified()
    route = report.routes[0]
    assert route.broken_hop is fault.hop, report.findings
    assert report.verdict.exit_code == 1
    assert fault.key in fixes(report, fault.hop)
    if route.answer is Outcome.FAIL:
        behind = [result for result in route.hops if result.hop.number > fault.hop.number]
        assert {result.outcome for result in behind} <= {Outcome.NOT_REACHED}
    else:
        assert "HW004" in {finding.id for finding in report.findings}, "calls and facts disagree in silence"
    assert levers.deployed.call().status == 200, "the fault was not put back"
    named_right.append(fault.name)


@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda variation: variation.name)
def test_a_good_variation_raises_no_alarm(
    variation: Variation, verified: Verifier, levers: Levers, without_alarm: list[str]
) -> None:
    with variation.make(levers):
        report = verified()
    assert report.verdict is Verdict.PASS, report.findings
    without_alarm.append(variation.name)


def test_the_figures(
    named_right: list[str], without_alarm: list[str], record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = f"hops named right / faults: {len(named_right)} / {len(FAULTS)}"
    alarms = f"false alarms / good variations: {len(VARIATIONS) - len(without_alarm)} / {len(VARIATIONS)}"
    record_property("fault matrix", f"{figure}; {alarms}")
    with capsys.disabled():
        sys.stdout.write(f"\n{figure}; {alarms}\n")
    if not named_right or not without_alarm:
        pytest.skip("the faults, or the variations, were not selected")
    assert (len(named_right), len(without_alarm)) == (len(FAULTS), len(VARIATIONS))
    assert {fault.hop for fault in FAULTS} == set(Hop)
    assert len(FAULTS) >= LEAST_FAULTS
    assert len(VARIATIONS) >= LEAST_VARIATIONS


def test_the_path_is_good_again_after_everything(verified: Verifier) -> None:
    report = verified()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()


def test_the_command_says_the_same(deployed_sandbox: Any, levers: Levers, tmp_path: Path) -> None:
    fault = next(one for one in FAULTS if one.name == "the endpoint lets nobody in")
    written = tmp_path / "report.json"
    with fault.inject(levers):
        ran = deployed_sandbox.hatchway("verify", "--wait", "0", "--output", f"json={written}")
    assert ran.returncode == 1, ran.stderr
    route = json.loads(written.read_text("utf-8"))["routes"][0]
    assert route["broken_hop"] == "endpoint"
    assert [hop["outcome"] for hop in route["hops"]][-2:] == ["not_reached", "not_reached"]


def test_with_calls_only_nothing_but_state_is_read(deployed_sandbox: Any, levers: Levers) -> None:
    with contextlib.ExitStack() as broken:
        broken.enter_context(levers.private_link_rules())
        ran = deployed_sandbox.hatchway("verify", "--wait", "0", "--calls-only", "--output", "json")
    assert ran.returncode == 1, ran.stderr
    route = json.loads(ran.stdout)["routes"][0]
    assert route["broken_hop"] is None
    ids = {check["id"] for hop in route["hops"] for check in hop["checks"]}
    assert "HW504" not in ids
