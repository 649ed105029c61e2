import json
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from hatchway.errors import ToolError, UndecidedError
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.report import CheckResult, Report
from hatchway.route.timing import Timing
from hatchway.topology.model import Topology
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence
from hatchway.verify.evidence import NoFacts, Seen
from hatchway.verify.keyring import Keyring
from hatchway.verify.verification import Verification
from hatchway.verify.waiting import Patience
from tests.unit.verify.conftest import GOOD, PRIVATE, PUBLIC, URL, FakePath, answer, gateway_error, service

TOKEN = "good"
Make = Callable[..., Topology]


class FakeStates:
    def __init__(self, **private_ids: str) -> None:
        self.outputs: dict[str, Any] = {
            "public_url": URL,
            "rest_api_id": PUBLIC,
            "private_api_ids": private_ids or {"orders": PRIVATE},
        }

    def read(self, stack: str, /) -> bytes | None:
        assert stack == "gateway"
        outputs = {name: {"value": value, "sensitive": True} for name, value in self.outputs.items()}
        return json.dumps({"version": 4, "outputs": outputs}).encode()


def verify(
    topology: Topology, path: FakePath, states: FakeStates | None = None, token: str | None = TOKEN
) -> Report:
    return Verification(
        topology=topology,
        states=states or FakeStates(),
        caller=path,
        keyring=Keyring({} if token is None else {"HATCHWAY_TOKEN": token}),
        patience=Patience(0),
    ).run()


def check(report: Report, check_id: str) -> CheckResult:
    found = [c for route in report.routes for hop in route.hops for c in hop.checks if c.id == check_id]
    assert len(found) == 1
    return found[0]


def outcomes(report: Report) -> dict[Hop, Outcome]:
    return {result.hop: result.outcome for result in report.routes[0].hops}


@pytest.fixture
def passthrough(topology: Make) -> Topology:
    return topology(api_id_header="passthrough")


def test_a_full_answer_proves_all_nine_hops(passthrough: Topology) -> None:
    report = verify(passthrough, FakePath())
    assert report.verdict is Verdict.PASS
    assert outcomes(report) == dict.fromkeys(Hop, Outcome.PASS)
    assert report.findings == ()
    assert GOOD in check(report, "HW990").observed


def test_an_http_api_is_verified_by_its_own_output(topology: Make) -> None:
    states = FakeStates()
    states.outputs["api_id"] = states.outputs.pop("rest_api_id")
    assert verify(topology(), FakePath(passthrough=False), states).verdict is Verdict.PASS


def test_a_path_that_the_gateway_closed_is_refused_too(topology: Make) -> None:
    path = FakePath(passthrough=False)
    path.wrong["unknown path"] = gateway_error(404, "Not Found")
    assert verify(topology(), path).verdict is Verdict.PASS


def test_the_caller_sends_the_api_id_only_where_the_caller_has_to(topology: Make) -> None:
    path = FakePath(passthrough=False)
    report = verify(topology(api_id_header="pinned"), path)
    assert report.verdict is Verdict.PASS
    good = [
        call for call in path.calls if call.url.endswith("/test") and "x-apigw-api-id" not in call.headers
    ]
    assert good
    assert check(report, "HW392").outcome is Outcome.NOT_APPLICABLE


def test_without_an_authorizer_nothing_is_asked_of_it(topology: Make) -> None:
    path = FakePath(passthrough=False, authorizer=False)
    report = verify(topology(authorizer="none"), path, token=None)
    assert report.verdict is Verdict.PASS
    assert outcomes(report)[Hop.AUTHORIZER] is Outcome.NOT_APPLICABLE


def test_without_a_token_nothing_can_be_decided(passthrough: Topology) -> None:
    with pytest.raises(UndecidedError, match="HATCHWAY_TOKEN: is not set"):
        verify(passthrough, FakePath(), token=None)


@pytest.mark.parametrize(
    ("kind", "wrong", "check_id"),
    [
        ("no credential", answer(200, GOOD), "HW291"),
        ("wrong credential", answer(200, GOOD), "HW292"),
        ("foreign id", answer(200, GOOD), "HW391"),
        ("foreign id", gateway_error(403, "Missing Authentication Token"), "HW391"),
        ("no id", answer(200, GOOD), "HW392"),
        ("unknown path", answer(200, GOOD), "HW891"),
        ("unknown path", answer(404, "{}"), "HW891"),
        ("foreign host", answer(200, GOOD), "HW192"),
        ("foreign host", answer(302), "HW192"),
        ("altered path", answer(200, GOOD), "HW293"),
        ("malformed id", answer(200, GOOD), "HW393"),
        ("malformed id", answer(404, "{}"), "HW393"),
        ("unknown method", answer(200), "HW892"),
        ("unknown method", gateway_error(403, "Forbidden"), "HW892"),
        ("private api", answer(200, GOOD), "HW893"),
    ],
)
def test_what_must_be_refused_and_is_not_is_a_finding_on_a_path_that_works(
    passthrough: Topology, kind: str, wrong: Answer, check_id: str
) -> None:
    path = FakePath()
    path.wrong[kind] = wrong
    report = verify(passthrough, path)
    assert report.verdict is Verdict.FAIL
    assert report.routes[0].broken_hop is None
    assert [finding.id for finding in report.findings] == [check_id]
    assert report.findings[0].fix


@pytest.mark.parametrize(
    "kind",
    [
        "no credential",
        "wrong credential",
        "foreign id",
        "no id",
        "unknown path",
        "foreign host",
        "altered path",
        "malformed id",
        "unknown method",
        "private api",
    ],
)
@pytest.mark.parametrize("trouble", [answer(503), answer(429), NoAnswer(reason=Silence.TIMEOUT)])
def test_trouble_where_a_refusal_is_due_decides_nothing(
    passthrough: Topology, kind: str, trouble: Answer | NoAnswer
) -> None:
    path = FakePath()
    path.wrong[kind] = trouble
    report = verify(passthrough, path)
    assert report.verdict is Verdict.UNDECIDED
    assert report.findings == ()


@pytest.mark.parametrize("changed", [answer(403, "{}"), answer(404, "{}")])
def test_a_pinned_gateway_lets_no_caller_change_the_answer(topology: Make, changed: Answer) -> None:
    path = FakePath(passthrough=False)
    path.wrong |= dict.fromkeys(["foreign id", "malformed id"], changed)
    report = verify(topology(api_id_header="pinned"), path)
    assert [finding.id for finding in report.findings] == ["HW391", "HW393"]


@pytest.mark.parametrize(
    ("got", "found"),
    [
        (gateway_error(403, "Forbidden", "ForbiddenException"), []),
        (answer(200, GOOD), ["HW391", "HW393"]),
    ],
)
def test_a_header_that_may_not_be_sent_is_refused_at_the_door(
    topology: Make, got: Answer, found: list[str]
) -> None:
    path = FakePath(passthrough=False)
    path.wrong |= dict.fromkeys(["foreign id", "malformed id"], got)
    report = verify(topology(web_acl={"create": {"allowed_headers": ["X-One"]}}), path)
    assert [finding.id for finding in report.findings] == found


def test_the_id_of_another_service_is_tried_before_a_made_up_one(topology: Make) -> None:
    services = {"orders": service("/orders"), "billing": service("/billing")}
    path = FakePath()
    states = FakeStates(orders=PRIVATE, billing="bill123456")
    verify(topology(services=services, api_id_header="passthrough"), path, states)
    assert "bill123456" in {call.headers.get("x-apigw-api-id") for call in path.calls}


def test_a_path_outside_every_service_is_tried_where_there_is_one(topology: Make) -> None:
    services = {"orders": service("/orders", checks=[{"request": "GET /test"}])}
    report = verify(topology(services=services, api_id_header="passthrough"), FakePath())
    assert check(report, "HW191").outcome is Outcome.PASS


def test_a_private_api_that_takes_any_path_is_not_asked_to_refuse_one(topology: Make) -> None:
    services = {"orders": service(routes=("/test", "/{proxy+}"))}
    report = verify(topology(services=services, api_id_header="passthrough"), FakePath())
    assert check(report, "HW891").outcome is Outcome.NOT_APPLICABLE
    assert report.verdict is Verdict.PASS


def test_a_symptom_that_names_one_hop_breaks_the_route_there(passthrough: Topology) -> None:
    path = FakePath()
    path.wrong["good"] = gateway_error(401, "Unauthorized", "UnauthorizedException")
    report = verify(passthrough, path)
    route = report.routes[0]
    assert (route.broken_hop, report.verdict) == (Hop.AUTHORIZER, Verdict.FAIL)
    assert [finding.id for finding in report.findings] == ["HW290"]
    assert outcomes(report)[Hop.ENTRY] is Outcome.PASS
    assert outcomes(report)[Hop.VPC_LINK] is Outcome.NOT_REACHED


def test_a_symptom_that_fits_several_hops_names_none_and_still_fails(passthrough: Topology) -> None:
    path = FakePath()
    path.wrong["good"] = gateway_error(504, "Endpoint request timed out")
    report = verify(passthrough, path)
    assert report.routes[0].broken_hop is None
    assert report.verdict is Verdict.FAIL
    assert [finding.id for finding in report.findings] == ["HW001"]
    assert "vpc-link, load-balancer, transit, endpoint, private-api, backend" in report.findings[0].message
    assert outcomes(report)[Hop.LOAD_BALANCER] is Outcome.UNKNOWN
    assert outcomes(report)[Hop.AUTHORIZER] is Outcome.PASS


def test_a_path_that_is_down_proves_no_refusal(passthrough: Topology) -> None:
    path = FakePath()
    path.wrong["good"] = gateway_error(504, "Endpoint request timed out")
    report = verify(passthrough, path)
    assert check(report, "HW391").outcome is Outcome.UNKNOWN
    assert check(report, "HW291").outcome is Outcome.PASS


def test_an_expected_error_that_any_hop_may_give_proves_nothing(topology: Make) -> None:
    services = {"orders": service(checks=[{"request": "GET /test", "expect": {"status": 403}}])}
    path = FakePath()
    path.wrong["good"] = gateway_error(403, "Forbidden")
    report = verify(topology(services=services, api_id_header="passthrough"), path)
    assert report.verdict is Verdict.UNDECIDED


def test_an_expected_error_that_came_through_the_integration_is_proof(topology: Make) -> None:
    services = {"orders": service(checks=[{"request": "GET /test", "expect": {"status": 404}}])}
    path = FakePath()
    path.wrong["good"] = answer(404, "{}", x_amzn_remapped_date="now")
    report = verify(topology(services=services, api_id_header="passthrough"), path)
    assert report.verdict is Verdict.PASS


def test_a_service_without_a_declared_request_is_undecided(topology: Make) -> None:
    report = verify(topology(services={"orders": service(checks=[])}), FakePath())
    assert report.verdict is Verdict.UNDECIDED
    assert [finding.id for finding in report.findings] == ["HW002"]


def test_a_service_that_is_not_deployed_yet_is_named(topology: Make) -> None:
    services = {"orders": service("/orders"), "billing": service("/billing")}
    with pytest.raises(ToolError, match=r"has no output 'billing' for billing\. Run 'hatchway deploy'"):
        verify(topology(services=services, api_id_header="passthrough"), FakePath())


def test_no_token_appears_in_what_is_reported(passthrough: Topology) -> None:
    path = FakePath()
    path.wrong["good"] = answer(500, '{"you sent": "Bearer good"}')
    report = verify(passthrough, path)
    assert "Bearer ********" in report.findings[0].message
    assert "Bearer good" not in repr(report)
    assert "Bearer good" not in repr(path.calls)


def test_an_answer_that_takes_too_long_fails_without_breaking_the_path(topology: Make) -> None:
    checks = [{"request": "GET /test", "expect": {"latency_milliseconds": 100}}]
    path = FakePath(passthrough=False)
    path.wrong["good"] = replace(answer(200, GOOD, x_amzn_remapped_date="now"), timing=Timing(total=0.2))
    report = verify(topology({"orders": service(checks=checks)}), path)
    assert report.verdict is Verdict.FAIL
    assert report.routes[0].broken_hop is None
    assert check(report, "HW991").observed == "answered after 200 ms"


def test_services_are_called_at_once(topology: Make) -> None:
    names = [f"s{number}" for number in range(4)]
    together = Barrier(len(names), timeout=10)

    class Meeting(FakePath):
        def call(self, request: Call, /) -> Answer | NoAnswer:
            if request.url.endswith("/test") and request.headers.get("Authorization") == "Bearer good":
                together.wait()
            return super().call(request)

    services = {name: service(path=f"/{name}", checks=[{"request": f"GET /{name}/test"}]) for name in names}
    states = FakeStates(**dict.fromkeys(names, PRIVATE))
    report = verify(topology(services), Meeting(passthrough=False), states)
    assert [route.service for route in report.routes] == names


def test_only_the_services_that_are_asked_for_are_called(topology: Make) -> None:
    names = ("orders", "billing")
    made = topology(
        {name: service(path=f"/{name}", checks=[{"request": f"GET /{name}/x"}]) for name in names}
    )
    path = FakePath(passthrough=False)
    report = Verification(
        topology=made,
        states=FakeStates(**dict.fromkeys(names, PRIVATE)),
        caller=path,
        keyring=Keyring({"HATCHWAY_TOKEN": TOKEN}),
        patience=Patience(0),
        services=["billing"],
    ).run()
    assert {route.service for route in report.routes} == {"billing"}
    assert not any("/orders" in call.url for call in path.calls)


class Suspicious(NoFacts):
    """Facts that find a door open, wherever it leads."""

    def of(self, _service: str, _method: str, _path: str, /) -> Seen:
        open_door = CheckResult(
            id="HW203",
            outcome=Outcome.FAIL,
            subject="method",
            observed="authorization is NONE",
            weakness=True,
        )
        return Seen(checks={Hop.AUTHORIZER: (open_door,)})


@pytest.mark.parametrize(("authorizer", "verdict"), [("none", Verdict.PASS), ({"lambda": {}}, Verdict.FAIL)])
def test_an_open_door_is_a_weakness_unless_it_is_declared(
    topology: Make, authorizer: Any, verdict: Verdict
) -> None:
    report = Verification(
        topology=topology(authorizer=authorizer),
        states=FakeStates(),
        caller=FakePath(passthrough=False, authorizer=authorizer != "none"),
        keyring=Keyring({"HATCHWAY_TOKEN": TOKEN}),
        patience=Patience(0),
        facts=Suspicious(),
    ).run()
    assert report.verdict is verdict


def test_facts_are_waited_for_when_all_calls_are_made(passthrough: Topology) -> None:
    path, calls_before = FakePath(), list[int]()

    class Slow(NoFacts):
        def of(self, _service: str, _method: str, _path: str, /) -> Seen | None:
            calls_before.append(len(path.calls))
            return None

    Verification(
        topology=passthrough,
        states=FakeStates(),
        caller=path,
        keyring=Keyring({"HATCHWAY_TOKEN": TOKEN}),
        patience=Patience(0),
        facts=Slow(),
    ).run()
    assert calls_before == [len(path.calls)]
    assert len(path.calls) > 10


def test_refusals_are_asked_of_a_request_that_is_not_open_to_everyone(topology: Make) -> None:
    checks = [{"request": "GET /open"}, {"request": "POST /test"}]
    routes = [{"path": "/open", "authorizer": "none"}, {"path": "/test"}]
    path = FakePath(passthrough=False)
    report = verify(topology({"orders": service(checks=checks) | {"routes": routes}}), path)
    assert check(report, "HW291").subject.startswith("POST /test")
    assert check(report, "HW291").outcome is Outcome.PASS
