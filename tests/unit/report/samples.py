"""Reports to render: a path that is broken, one that holds, one full of text that wants to be markup."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date

from hatchway.route.hop import Hop
from hatchway.route.load import Latency, Load, RequestLoad, WrongAnswers
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.planned import AccountChanges, Action, ChangedValue, PlannedChange
from hatchway.route.report import (
    Acceptance,
    CheckResult,
    Finding,
    HopResult,
    Location,
    Report,
    RouteResult,
    findings_of,
)
from hatchway.route.timing import Timing
from hatchway.verify.load.judging import findings_on_load

HOSTILE = (
    "\x1b[31mred\x1b[0m \x07 ]]> <script>alert(1)</script> <img src=x onerror=alert(1)> @octocat #1 "
    "`code` ``two`` | pipe \\| \r\n::error::forged\n# heading\n</details> &amp; {{ 7 * 7 }} {% raw %} "
    "[link](javascript:alert(1)) https://example.org www.example.org %0A::warning:: \u202egnp.exe "
    "\ud800 \ufffe \x00 \x85 $x^2$ **bold** __under__ ~~gone~~ 'single' \"double\""
)


def check(identity: str, outcome: Outcome, subject: str, **more: str) -> CheckResult:
    return CheckResult(id=identity, outcome=outcome, subject=subject, **{"observed": "as it is", **more})


def hops(**instead: tuple[CheckResult, ...] | None) -> tuple[HopResult, ...]:
    """All nine, each with a check that holds, unless told otherwise; None is a hop that was not reached."""
    found = []
    for hop in Hop:
        name = hop.name.lower()
        own = instead.get(name, (check(f"HW{hop.number}01", Outcome.PASS, f"aws_thing.{name}"),))
        found.append(HopResult(hop=hop, checks=own or (), reached=own is not None))
    return tuple(found)


NO_ROUTE = check(
    "HW602",
    Outcome.FAIL,
    "foundation: aws_route_table.edge",
    observed="no route leads to 10.1.0.10/32",
    expected="a route to the endpoint's network",
    symptom="504 Endpoint request timed out",
    fix="Add an aws_route to the table of the subnet.",
)
BROKEN = RouteResult(
    service="orders",
    request="GET /test",
    hops=hops(transit=(NO_ROUTE,), endpoint=None, private_api=None, backend=None),
)
GOOD = RouteResult(
    service="billing",
    request="GET /bills",
    hops=hops(),
    timing=Timing(total=0.27, resolve=0.003, connect=0.012, tls=0.04, first_byte=0.21),
)
OPEN = RouteResult(
    service="billing",
    request="GET /open",
    hops=hops(
        authorizer=(check("HW201", Outcome.NOT_APPLICABLE, "GET /open", observed="no authorizer"),),
        endpoint=(check("HW701", Outcome.UNKNOWN, "aws_vpc_endpoint.e", observed="its id is not known"),),
    ),
)
CHANGES = (
    AccountChanges(
        account="111111111111",
        provider="edge",
        stack="gateway",
        resources=(
            PlannedChange(
                address="aws_lb.orders",
                action=Action.REPLACE,
                outage=True,
                values=(ChangedValue(path="subnets", before='["subnet-1"]', after="(known after apply)"),),
            ),
            PlannedChange(address="aws_route.old", action=Action.DESTROY, reason="it is no longer declared"),
            PlannedChange(
                address="aws_secretsmanager_secret_version.token",
                action=Action.UPDATE,
                values=(ChangedValue(path="secret_string", before="(sensitive)", after="(sensitive)"),),
            ),
        ),
    ),
    AccountChanges(
        account="",
        provider="",
        stack="service-orders",
        resources=(PlannedChange(address="aws_vpc_endpoint.e", action=Action.CREATE),),
    ),
)
REPLACED = Finding(
    id="HW011",
    hop=Hop.LOAD_BALANCER,
    severity=Severity.WARNING,
    subject="gateway: aws_lb.orders",
    message="is destroyed before its replacement exists, because of subnets",
    fix="Plan for the outage.",
)
PLACES = {"gateway: aws_api_gateway_integration.orders": Location(file="stacks/gateway/cdk.tf.json", line=12)}
AGREED = Finding(
    id="HW309",
    hop=Hop.INTEGRATION,
    severity=Severity.ERROR,
    subject="gateway: aws_api_gateway_integration.orders",
    message="TLS is not verified",
    fix="Verify it.",
    acceptance=Acceptance(reason="until the new certificate", expires=date(2030, 1, 31), owner="edge team"),
)


def broken(command: str = "review") -> Report:
    routes = (BROKEN, GOOD, OPEN)
    findings = (REPLACED, AGREED, *findings_of(routes))
    return Report(command=command, routes=routes, findings=findings, changes=CHANGES, locations=PLACES)


def load(text: str = "503 Service Unavailable") -> Load:
    """A load of two requests: one that is answered wrongly at times, one that never is rightly."""
    wrong = WrongAnswers(count=3, symptom=text, suspects=(Hop.ENTRY,), example=text, fix=text)
    latency = Latency(p50=0.041, p95=0.18, p99=0.42, longest=0.9)
    some = RequestLoad(
        service="billing",
        request="GET /bills" if text.isprintable() else text,
        answered=300,
        throttled=2,
        latency=latency,
        limit_milliseconds=400,
        wrong=(wrong,),
    )
    every = replace(some, request="GET /open", answered=3, latency=None, limit_milliseconds=None)
    return Load(
        asked_per_second=5,
        asked_seconds=60,
        seconds=60.02,
        due=303,
        sent=303,
        late=1,
        unanswered=0,
        at_once=4,
        budget=0.001,
        ended_early=False,
        requests=(some, every),
    )


def loaded() -> Report:
    found = load()
    return replace(good(), command="verify", load=found, findings=tuple(findings_on_load(found)))


def good() -> Report:
    return Report(command="review", routes=(GOOD,))


def hostile() -> Report:
    """Text that wants to be markup in every field that holds text."""
    bad = CheckResult(
        id="HW602",
        outcome=Outcome.FAIL,
        subject=HOSTILE,
        observed=HOSTILE,
        expected=HOSTILE,
        symptom=HOSTILE,
        fix=HOSTILE,
    )
    unclear = CheckResult(id="HW501", outcome=Outcome.UNKNOWN, subject=HOSTILE, observed=HOSTILE)
    idle = CheckResult(id="HW502", outcome=Outcome.NOT_APPLICABLE, subject=HOSTILE, observed=HOSTILE)
    route = RouteResult(
        service=HOSTILE,
        request=HOSTILE,
        hops=hops(transit=(bad,), load_balancer=(unclear, idle), backend=None),
    )
    text = Acceptance(reason=HOSTILE, expires=date(2030, 1, 31), owner=HOSTILE)
    findings = (
        Finding(
            id="HW999",
            hop=None,
            severity=Severity.ERROR,
            subject=HOSTILE,
            message=HOSTILE,
            fix=HOSTILE,
        ),
        Finding(
            id="HW998",
            hop=Hop.ENTRY,
            severity=Severity.WARNING,
            subject=HOSTILE,
            message=HOSTILE,
            acceptance=text,
        ),
        *findings_of([route]),
    )
    change = PlannedChange(
        address=HOSTILE,
        action=Action.REPLACE,
        outage=True,
        reason=HOSTILE,
        values=(ChangedValue(path=HOSTILE, before=HOSTILE, after=HOSTILE),),
    )
    changes = (AccountChanges(account=HOSTILE, provider=HOSTILE, stack=HOSTILE, resources=(change,)),)
    places = {HOSTILE: Location(file=HOSTILE, line=1)}
    return Report(
        command="review",
        routes=(route,),
        findings=findings,
        changes=changes,
        locations=places,
        load=load(HOSTILE),
    )


def texts(value: object) -> Iterator[str]:
    """Every text in a report, for tests that look for what is not in one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
