"""What a plan that nobody saves says about each stack."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from hatchway.deploy.drift import StackDrift, drift_findings
from hatchway.deploy.estate import Estate
from hatchway.deploy.manifest import SynthesizedStack
from hatchway.errors import ToolError
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import Report, RouteResult
from hatchway.terraform.events import Change
from hatchway.terraform.runner import Drift, StateMissingError, Terraform, TerraformError
from tests.unit.deploy.test_estate import FakeProgress

RULE = Change(address="aws_vpc_security_group_ingress_rule.a", action="create")
READ = Change(address="data.aws_region.here", action="read")
SAME = Drift(differs=False)


@dataclass
class Planned:
    """Terraform as far as drift needs it."""

    result: Drift | ToolError
    done: list[str] = field(default_factory=list)
    stack: str = "gateway"

    def __call__(self, stack: SynthesizedStack) -> Terraform:
        del stack
        return cast("Terraform", self)

    def init(self) -> None:
        self.done.append("init")

    def drift(self) -> Drift:
        self.done.append("drift")
        if isinstance(self.result, ToolError):
            raise self.result
        return self.result


def drift(result: Drift | ToolError) -> tuple[StackDrift, ...]:
    stack = SynthesizedStack(name="gateway", directory=Path("gateway"), dependencies=("foundation",))
    return Estate([stack], Planned(result), FakeProgress()).drift()


def test_a_stack_that_is_as_declared_is_nothing_to_say() -> None:
    assert drift_findings(drift(SAME)) == ()


def test_what_differs_is_named_with_what_was_done_to_it_from_outside() -> None:
    (finding,) = drift_findings(drift(Drift(differs=True, changes=(RULE, READ), outside=(RULE.address,))))
    assert (finding.id, finding.hop, finding.severity) == ("HW008", None, Severity.ERROR)
    assert finding.subject == "stack gateway"
    assert finding.message == f"{RULE.address} is gone or not there yet (changed outside of Terraform)"


def test_outputs_that_differ_alone_are_said_too() -> None:
    (finding,) = drift_findings(drift(Drift(differs=True)))
    assert finding.message == "differs from what is declared"


def test_of_very_much_the_beginning_is_said_and_how_much_more_there_is() -> None:
    many = tuple(Change(address=f"aws_vpc.v{number}", action="update") for number in range(20))
    (finding,) = drift_findings(drift(Drift(differs=True, changes=many)))
    assert finding.message.endswith("aws_vpc.v7 differs; and 12 more")


def test_a_stack_that_waits_for_another_is_not_deployed() -> None:
    (finding,) = drift_findings(drift(StateMissingError("m", tail=(), diagnostics=())))
    assert (finding.severity, finding.fix) == (Severity.ERROR, "Run 'hatchway deploy'.")
    assert "reads outputs of foundation" in finding.message


def test_what_cannot_be_planned_is_open_and_no_drift() -> None:
    found = drift(TerraformError("gateway: terraform plan failed.", tail=("AccessDenied",), diagnostics=()))
    (finding,) = drift_findings(found)
    assert finding.severity is Severity.WARNING
    assert "gateway: terraform plan failed. AccessDenied" in finding.message
    assert found[0].error


@pytest.mark.parametrize(
    ("outcome", "is_open", "verdict"),
    [
        (Outcome.PASS, False, Verdict.PASS),
        (Outcome.PASS, True, Verdict.UNDECIDED),
        (Outcome.FAIL, True, Verdict.FAIL),
    ],
)
def test_an_open_question_makes_no_pass_and_hides_no_failure(
    outcome: Outcome, is_open: bool, verdict: Verdict
) -> None:
    route = RouteResult(service="a", request="GET /", hops=(), answer=outcome)
    assert Report(command="verify", routes=(route,), is_open=is_open).verdict is verdict
