"""The second opinion: what Terraform renders, judged by the same checks, compared with the first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hatchway.errors import UsageError
from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, Report
from hatchway.route.sources.configuration import Configuration, Stack
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.resolve import Resolver
from hatchway.route.sources.shadow import Shadow

__all__ = ["OPINIONS_AGREE", "differences", "rendered"]

OPINIONS_AGREE = CheckId(
    id="HW030",
    hop=None,
    title="What Terraform renders in a shadow run is judged as what was read is.",
    source="https://developer.hashicorp.com/terraform/language/tests/mocking",
)
_FIX = "Look at the value in question with `terraform plan`, and report which of the two is wrong."


def rendered(configuration: Configuration) -> Configuration:
    """Return a configuration with the values that Terraform renders, stack by stack.

    Takes seconds for each stack. Needs the provider, no credentials and no network.

    Raises:
        UsageError: A stack was given as a plan.
        ToolError: Terraform cannot run or refuses the configuration.
    """
    known = expanded(configuration)
    resolver = Resolver(known)
    return Configuration(tuple(_rendered(stack, resolver) for stack in known.stacks))


def _rendered(stack: Stack, resolver: Resolver) -> Stack:
    # Judging starts no program; only whoever asks for the second opinion does.
    from hatchway.review.shadow_run import run_shadow  # noqa: PLC0415 -- see above

    shadow = Shadow(stack, resolver)
    plan = run_shadow(stack, shadow.test_file())
    if not isinstance(plan, Mapping):
        raise UsageError(f"{stack.name}: terraform test printed a plan of another form.")
    return shadow.rendered(plan)


def differences(report: Report, shadow: Report) -> Report:
    """Return the first report with a finding for each check that the second one judges otherwise."""
    found = tuple(dict.fromkeys(_differences(report, shadow)))
    return replace(report, findings=(*report.findings, *found))


def _differences(report: Report, shadow: Report) -> Iterator[Finding]:
    first, second = _judged(report), _judged(shadow)
    for service, request in dict.fromkeys((*first, *second)):
        one, other = first.get((service, request)), second.get((service, request))
        if one is None or other is None:
            seen = "only as read" if other is None else "only as Terraform renders it"
            yield _finding(service, f"{request}: this request is routed {seen}", Severity.WARNING)
            continue
        # What lies behind a broken hop is judged by one of them alone, or by neither.
        for check in [check for check in one if check in other]:
            if _settled(one[check]) != _settled(other[check]):
                yield _compared(request, one[check], other[check])


def _compared(request: str, one: CheckResult, other: CheckResult) -> Finding:
    worse = other.outcome is Outcome.FAIL
    message = f"{request}: {one.id} is {_shown(one)} as read, and {_shown(other)} as Terraform renders it"
    return _finding(one.subject, message, Severity.ERROR if worse else Severity.WARNING)


def _finding(subject: str, message: str, severity: Severity) -> Finding:
    return Finding(
        id=OPINIONS_AGREE.id, hop=None, severity=severity, subject=subject, message=message, fix=_FIX
    )


def _judged(report: Report) -> Mapping[tuple[str, str], Mapping[str, CheckResult]]:
    return {
        (route.service, route.request): {check.id: check for hop in route.hops for check in hop.checks}
        for route in report.routes
    }


def _settled(check: CheckResult) -> str:
    """What a check comes to; one that does not apply holds."""
    holds = check.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}
    return "holds" if holds else check.outcome.value


def _shown(check: CheckResult) -> str:
    return f"{check.outcome.value} ({check.observed})" if check.observed else check.outcome.value
