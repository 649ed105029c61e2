"""Ways around the door: what is tried, where there is something to try, and what the answer means."""

from collections.abc import Callable
from typing import Any

import pytest

from hatchway.errors import ToolError
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult
from hatchway.route.timing import Timing
from hatchway.topology.model import Topology
from hatchway.verify.admission import admission
from hatchway.verify.calling import Answer, Call, HostUnknownError, NoAnswer, Silence
from hatchway.verify.evasions import Evasions
from hatchway.verify.requests import Target
from tests.unit.verify.conftest import GOOD, PRIVATE, URL, answer, service

Make = Callable[..., Topology]
DOMAIN = {"name": "api.example.com", "hosted_zone_id": "Z0123456789ABCDEFGHIJ"}


class Door:
    """Answers every call alike, and keeps the calls."""

    def __init__(self, said: Answer | NoAnswer | Exception) -> None:
        self.said = said
        self.calls: list[Call] = []

    def call(self, request: Call, /) -> Answer | NoAnswer:
        self.calls.append(request)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def evasions(topology: Topology, door: Door, **more: Any) -> Evasions:
    (declared,) = topology.services.values()
    check = declared.checks[0]
    return Evasions(
        **{
            "topology": topology,
            "service": declared,
            "private_api_id": PRIVATE,
            "target": Target(url=URL, api_id=PRIVATE, timeout_seconds=1),
            "check": check,
            "admission": admission(topology.gateway, declared, check),
            "send": door.call,
            "old_tls": door,
            "inside": lambda _url: (),
        }
        | more
    )


def said(result: CheckResult) -> tuple[Outcome, str]:
    return result.outcome, result.observed


@pytest.mark.parametrize(
    ("got", "outcome", "observed"),
    [
        (ToolError("no handshake"), Outcome.PASS, "the handshake was refused"),
        (NoAnswer(reason=Silence.BROKEN_OFF), Outcome.PASS, "the handshake was broken off"),
        (
            NoAnswer(reason=Silence.BROKEN_OFF, timing=Timing(total=1, tls=0.1)),
            Outcome.UNKNOWN,
            "the connection broke off (1 s)",
        ),
        (NoAnswer(reason=Silence.TIMEOUT), Outcome.UNKNOWN, "no answer in time (0 s)"),
    ],
)
def test_an_old_handshake_that_is_refused_holds(
    topology: Make, got: Any, outcome: Outcome, observed: str
) -> None:
    assert said(evasions(topology(domain=DOMAIN), Door(got)).with_old_tls()) == (outcome, observed)


@pytest.mark.parametrize("status", [200, 401, 403, 503])
def test_an_old_handshake_that_is_taken_fails_whatever_is_answered(topology: Make, status: int) -> None:
    assert evasions(topology(domain=DOMAIN), Door(answer(status))).with_old_tls().outcome is Outcome.FAIL


def test_an_old_handshake_carries_no_credential(topology: Make) -> None:
    door = Door(answer(200))
    evasions(topology(domain=DOMAIN), door).with_old_tls()
    assert "Authorization" not in door.calls[0].headers


def test_what_aws_decides_of_old_versions_is_not_judged(topology: Make) -> None:
    door = Door(answer(200))
    assert evasions(topology(), door).with_old_tls().outcome is Outcome.NOT_APPLICABLE
    assert door.calls == []


def test_a_machine_that_cannot_speak_old_tls_knows_nothing(topology: Make) -> None:
    found = evasions(topology(domain=DOMAIN), Door(answer(200)), old_tls=None).with_old_tls()
    assert said(found) == (Outcome.UNKNOWN, "this machine's OpenSSL speaks nothing older than TLS 1.2")


def test_the_private_name_is_sent_to_the_public_host_without_a_credential(topology: Make) -> None:
    door = Door(answer(403))
    evasions(topology(), door).with_a_foreign_host()
    (call,) = door.calls
    assert call.url == f"{URL}/test"
    assert call.headers["Host"] == f"{PRIVATE}.execute-api.eu-west-1.amazonaws.com"
    assert "Authorization" not in call.headers


def test_every_other_way_of_writing_the_path_is_tried(topology: Make) -> None:
    door = Door(answer(401))
    found = evasions(topology(), door).with_the_path_written_otherwise()
    assert said(found) == (Outcome.PASS, "none of 7 ways to write it was let in")
    paths = [call.url.removeprefix(URL) for call in door.calls]
    assert len(set(paths)) == 7
    assert all(
        any(trick in path for path in paths) for trick in ("//", "/./", "/../", "%2e%2e", "..%2f", ";")
    )


def test_another_way_that_is_let_in_is_named(topology: Make) -> None:
    class Lax(Door):
        def call(self, request: Call, /) -> Answer | NoAnswer:
            return answer(200, GOOD) if "/%2e%2e" in request.url else answer(401)

    found = evasions(topology(), Lax(answer(401))).with_the_path_written_otherwise()
    assert found.outcome is Outcome.FAIL
    assert "/%2e%2e/test" in found.subject


def test_another_way_that_leads_to_something_else_is_none(topology: Make) -> None:
    found = evasions(topology(), Door(answer(200, '{"a portal": 1}'))).with_the_path_written_otherwise()
    assert found.outcome is Outcome.PASS


@pytest.mark.parametrize("attempt", ["with_a_foreign_host", "with_the_path_written_otherwise"])
def test_there_is_no_way_around_an_open_door(topology: Make, attempt: str) -> None:
    door = Door(answer(200, GOOD))
    found = getattr(evasions(topology(authorizer="none"), door), attempt)()
    assert said(found) == (Outcome.NOT_APPLICABLE, "gateway.authorizer is 'none'")
    assert door.calls == []


@pytest.mark.parametrize(
    ("methods", "gateway", "tried"),
    [
        (["GET"], {}, "OPTIONS"),
        (["GET", "OPTIONS"], {}, "HEAD"),
        (["POST"], {"cors": {"allow_origins": ["https://a.example.com"]}}, "HEAD"),
        (["HEAD", "OPTIONS", "POST"], {}, "GET"),
    ],
)
def test_only_methods_that_change_nothing_are_tried(
    topology: Make, methods: list[str], gateway: Any, tried: str
) -> None:
    declared = service()
    declared["api"]["routes"] = [{"method": one, "path": "/test", "mock": {}} for one in methods]
    door = Door(answer(405))
    found = evasions(topology({"orders": declared}, **gateway), door).with_an_unlisted_method(answer(200))
    assert found.outcome is Outcome.PASS
    assert [call.method for call in door.calls] == [tried]


@pytest.mark.parametrize("methods", [["ANY"], ["GET", "HEAD", "OPTIONS"]])
def test_where_every_such_method_is_declared_none_is_tried(topology: Make, methods: list[str]) -> None:
    declared = service()
    declared["api"]["routes"] = [{"method": one, "path": "/test", "mock": {}} for one in methods]
    found = evasions(topology({"orders": declared}), Door(answer(200))).with_an_unlisted_method(answer(200))
    assert found.outcome is Outcome.NOT_APPLICABLE


def test_a_refusal_without_a_body_is_known_by_its_header(topology: Make) -> None:
    refusal = answer(403, x_amzn_errortype="MissingAuthenticationTokenException")
    found = evasions(topology(), Door(refusal)).with_an_unlisted_method(answer(200))
    assert found.outcome is Outcome.PASS


def test_the_private_api_is_called_where_the_public_path_leads(topology: Make) -> None:
    declared = service("/orders", checks=[{"request": "GET /orders/7"}])
    declared["api"] |= {"base_path": "/internal", "stage": "blue"}
    door = Door(answer(403))
    evasions(topology({"orders": declared}), door).of_the_private_api_itself()
    (call,) = door.calls
    assert call.url == f"https://{PRIVATE}.execute-api.eu-west-1.amazonaws.com/blue/internal/7"
    assert not {"Authorization", "x-apigw-api-id"} & set(call.headers)


def test_a_private_api_that_has_no_name_here_is_out_of_reach(topology: Make) -> None:
    found = evasions(topology(), Door(HostUnknownError("no such name"))).of_the_private_api_itself()
    assert said(found) == (Outcome.PASS, "cannot be reached from here")


def test_inside_of_a_vpc_the_private_api_may_answer(topology: Make) -> None:
    found = evasions(topology(), Door(answer(200)), inside=lambda _url: ("10.0.0.1",))
    assert found.of_the_private_api_itself().outcome is Outcome.NOT_APPLICABLE
