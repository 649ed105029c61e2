"""What the live suite makes of AWS's answers: fed with answers that agree, and with ones that do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from hatchway.verify.calling import Answer, NoAnswer, Silence
from tests.live.observations import (
    Observation,
    Targets,
    Verdict,
    api_id_over_host,
    authorization_handed_on,
    endpoint_headers_change_nothing,
    is_open_policy,
    keep,
    listed_api_answers,
    ping_shows_health,
)

ROOT = Path(__file__).resolve().parents[3]
HEALTHY = {"10.1.0.10": "healthy", "10.1.1.10": "healthy"}
SILENT = NoAnswer(reason=Silence.TIMEOUT)


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    return Answer(status=status, headers=headers, body=json.dumps(body or {"it": "orders"}).encode())


def refused(message: str, error: str = "") -> Answer:
    return answer(403, {"message": message}, **{"x-amzn-errortype": error})


def targets(states: dict[str, str], *, protocol: str = "HTTPS", path: str = "/ping") -> Targets:
    return Targets(protocol=protocol, path=path, states=states, seconds=12)


OWN = answer(200)
OTHER = answer(200, {"it": "stock"})
FORBIDDEN = answer(403, {"message": "Forbidden"})
NO_ROUTE = answer(403, {"message": "Missing Authentication Token"})
DOWN = answer(504, {"message": "Endpoint request timed out"})


@pytest.mark.parametrize(
    ("own", "unlisted", "verdict"),
    [
        (OWN, FORBIDDEN, Verdict.AGREES),
        (OWN, OWN, Verdict.CONTRADICTS),
        (OWN, NO_ROUTE, Verdict.UNDECIDED),
        (OWN, DOWN, Verdict.UNDECIDED),
        (OWN, OTHER, Verdict.UNDECIDED),
        (OWN, SILENT, Verdict.UNDECIDED),
        (DOWN, FORBIDDEN, Verdict.UNDECIDED),
        (SILENT, FORBIDDEN, Verdict.UNDECIDED),
    ],
)
def test_a_refused_unlisted_id_shows_that_the_header_wins(own: Any, unlisted: Any, verdict: Verdict) -> None:
    assert api_id_over_host("orders", own, unlisted).verdict is verdict


@pytest.mark.parametrize(
    ("own", "other", "listed", "verdict"),
    [
        (OWN, OTHER, OTHER, Verdict.AGREES),
        (OWN, OTHER, OWN, Verdict.CONTRADICTS),
        (OWN, OTHER, FORBIDDEN, Verdict.CONTRADICTS),
        (OWN, OTHER, NO_ROUTE, Verdict.UNDECIDED),
        (OWN, OWN, OWN, Verdict.UNDECIDED),
        (OWN, OTHER, DOWN, Verdict.UNDECIDED),
        (OWN, DOWN, OTHER, Verdict.UNDECIDED),
        (SILENT, OTHER, OTHER, Verdict.UNDECIDED),
        (OWN, OTHER, SILENT, Verdict.UNDECIDED),
    ],
)
def test_a_listed_second_api_answers_in_its_own_words(
    own: Any, other: Any, listed: Any, verdict: Verdict
) -> None:
    assert listed_api_answers("orders", own, other, listed).verdict is verdict


@pytest.mark.parametrize(
    ("found", "works", "verdict"),
    [
        (targets(HEALTHY), True, Verdict.AGREES),
        (targets({**HEALTHY, "10.1.1.10": "unhealthy"}), True, Verdict.CONTRADICTS),
        (targets({**HEALTHY, "10.1.1.10": "initial"}), True, Verdict.UNDECIDED),
        (targets({**HEALTHY, "10.1.1.10": "unhealthy"}), False, Verdict.UNDECIDED),
        (targets({}), True, Verdict.UNDECIDED),
        (targets(HEALTHY, protocol="TCP"), True, Verdict.UNDECIDED),
        (targets(HEALTHY, path="/"), True, Verdict.UNDECIDED),
    ],
)
def test_a_check_that_stays_red_on_a_path_that_works_contradicts(
    found: Targets, works: bool, verdict: Verdict
) -> None:
    assert ping_shows_health("orders", found, path_works=works).verdict is verdict


@pytest.mark.parametrize(
    ("got", "verdict"),
    [
        (OWN, Verdict.AGREES),
        (refused("no", "IncompleteSignatureException"), Verdict.CONTRADICTS),
        (refused("no", "InvalidSignatureException:"), Verdict.CONTRADICTS),
        (refused("'b' not a valid key=value pair (missing equal-sign)"), Verdict.CONTRADICTS),
        (refused("The security token included in the request is invalid."), Verdict.CONTRADICTS),
        (FORBIDDEN, Verdict.UNDECIDED),
        (answer(401, {"message": "Unauthorized"}), Verdict.UNDECIDED),
        (DOWN, Verdict.UNDECIDED),
        (SILENT, Verdict.UNDECIDED),
    ],
)
@pytest.mark.parametrize("scheme", ["Bearer", "AWS4-HMAC-SHA256"])
def test_an_endpoint_that_reads_the_header_as_a_signature_contradicts(
    scheme: str, got: Any, verdict: Verdict
) -> None:
    assert authorization_handed_on("orders", scheme, got).verdict is verdict


@pytest.mark.parametrize(
    ("own", "written", "verdict"),
    [
        (OWN, OWN, Verdict.AGREES),
        (OWN, FORBIDDEN, Verdict.CONTRADICTS),
        (OWN, OTHER, Verdict.CONTRADICTS),
        (OWN, SILENT, Verdict.UNDECIDED),
        (OWN, answer(502), Verdict.UNDECIDED),
        (FORBIDDEN, FORBIDDEN, Verdict.UNDECIDED),
    ],
)
def test_an_endpoint_that_minds_its_headers_from_a_caller_contradicts(
    own: Any, written: Any, verdict: Verdict
) -> None:
    assert endpoint_headers_change_nothing("orders", own, written).verdict is verdict


@pytest.mark.parametrize(
    ("policy", "is_open"),
    [
        ({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}, True),
        ({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}, True),
        ({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:x"}]}, False),
        ({"Statement": []}, False),
    ],
)
def test_tells_a_policy_of_ones_own_from_the_default_one(policy: dict[str, Any], is_open: bool) -> None:
    assert is_open_policy(json.dumps(policy)) is is_open


def test_every_observation_names_a_decision_that_there_is() -> None:
    made = [
        api_id_over_host("orders", OWN, FORBIDDEN),
        listed_api_answers("orders", OWN, OTHER, OTHER),
        ping_shows_health("orders", targets(HEALTHY), path_works=True),
        authorization_handed_on("orders", "Bearer", OWN),
        endpoint_headers_change_nothing("orders", OWN, OWN),
    ]
    assert [one.decision for one in made if not (ROOT / one.decision).is_file()] == []


def test_what_contradicts_is_said_with_the_decision_the_service_and_the_answer() -> None:
    said = str(api_id_over_host("orders", OWN, OWN))
    assert "docs/decisions/0003-header-over-host.md" in said
    assert "orders" in said
    assert '200 {"it": "orders"}' in said


def test_observations_are_kept_with_their_date_and_earlier_ones_stay(tmp_path: Path) -> None:
    file = tmp_path / "made" / "live-observations.json"
    first, second = (api_id_over_host("orders", OWN, got) for got in (FORBIDDEN, OWN))
    keep(file, [first], {"at": "2026-11-27T12:00:00+00:00", "on": "AWS"})
    keep(file, [second], {"at": "2026-11-28T12:00:00+00:00", "on": "AWS"})
    assert [(one["at"], one["verdict"]) for one in json.loads(file.read_text("utf-8"))] == [
        ("2026-11-27T12:00:00+00:00", "agrees"),
        ("2026-11-28T12:00:00+00:00", "contradicts"),
    ]


def test_an_observation_is_not_a_pass_unless_it_agrees() -> None:
    assert [verdict for verdict in Verdict if Observation("d", "q", verdict, "s").holds] == [Verdict.AGREES]
