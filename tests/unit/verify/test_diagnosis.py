import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchway.route.hop import Hop
from hatchway.verify.calling import Answer, NoAnswer, Silence
from hatchway.verify.diagnosis import Known, diagnose
from tests.unit.verify.conftest import PRIVATE, PUBLIC, answer, gateway_error

KNOWN = Known(public_api_id=PUBLIC, private_api_id=PRIVATE)
ADMITTED = Known(public_api_id=PUBLIC, private_api_id=PRIVATE, authorizer_answers=True)
DENIED = (
    "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:x:*:"
)
BEHIND = {"x_amzn_remapped_date": "now"}


@pytest.mark.parametrize(
    ("given_answer", "hop"),
    [
        (gateway_error(401, "Unauthorized", "UnauthorizedException"), Hop.AUTHORIZER),
        (gateway_error(403, "User is not authorized to access this resource"), Hop.AUTHORIZER),
        (gateway_error(500, "", "AuthorizerFailureException"), Hop.AUTHORIZER),
        (gateway_error(500, "", "AuthorizerConfigurationException"), Hop.AUTHORIZER),
        (gateway_error(400, "Missing required request parameters: [x-apigw-api-id]"), Hop.INTEGRATION),
        (gateway_error(403, f"{DENIED}{PUBLIC}/live/GET/test"), Hop.ENTRY),
        (
            gateway_error(
                403, f"{DENIED}{PRIVATE}/v1/GET/test with an explicit deny in a VPC endpoint policy"
            ),
            Hop.ENDPOINT,
        ),
        (
            gateway_error(403, f"{DENIED}{PRIVATE}/v1/GET/test because no VPC endpoint policy allows it"),
            Hop.ENDPOINT,
        ),
        (
            gateway_error(403, f"{DENIED}{PRIVATE}/v1/GET with an explicit deny in a resource-based policy"),
            Hop.PRIVATE_API,
        ),
        (gateway_error(403, "Missing Authentication Token", **BEHIND), Hop.PRIVATE_API),
    ],
)
def test_a_symptom_that_only_one_hop_can_give_names_it(given_answer: Answer, hop: Hop) -> None:
    found = diagnose(given_answer, KNOWN)
    assert found.broken_hop is hop
    assert found.fix


@pytest.mark.parametrize(
    ("given_answer", "suspects"),
    [
        (gateway_error(403, f"{DENIED}{PRIVATE}/v1/GET/test with an explicit deny"), "endpoint private-api"),
        (gateway_error(403, "Missing Authentication Token"), "entry integration private-api"),
        (gateway_error(403, "Forbidden", **BEHIND), "integration endpoint private-api"),
        (gateway_error(403, "Forbidden"), "entry integration endpoint private-api"),
        (
            gateway_error(500, "Internal server error"),
            "integration vpc-link load-balancer transit endpoint private-api backend",
        ),
        (gateway_error(500, "Internal server error", **BEHIND), "private-api backend"),
        (
            gateway_error(504, "Endpoint request timed out"),
            "integration vpc-link load-balancer transit endpoint private-api backend",
        ),
        (gateway_error(504, "Endpoint request timed out", **BEHIND), "private-api backend"),
        (gateway_error(401, "Unauthorized", **BEHIND), "private-api backend"),
        (answer(200, '{"response":"other"}'), "integration private-api backend"),
        (Answer(status=200, headers={}, body=b"<html>log in</html>"), "entry backend"),
    ],
)
def test_a_symptom_that_fits_several_hops_names_all_of_them_and_blames_none(
    given_answer: Answer, suspects: str
) -> None:
    found = diagnose(given_answer, KNOWN)
    assert found.broken_hop is None
    assert [hop.value for hop in found.suspects] == suspects.split()


@pytest.mark.parametrize("reason", list(Silence))
def test_silence_blames_nobody(reason: Silence) -> None:
    assert diagnose(NoAnswer(reason=reason), KNOWN).suspects == tuple(Hop)


def test_an_authorizer_that_answers_clears_the_entry() -> None:
    assert Hop.ENTRY not in diagnose(gateway_error(403, "Forbidden"), ADMITTED).suspects
    assert Hop.ENTRY not in diagnose(NoAnswer(reason=Silence.TIMEOUT), ADMITTED).suspects


@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=40)
    | st.sampled_from([b'{"message":null}', b'{"message":"Forbidden"}', b"[]", b"null"]),
    headers=st.dictionaries(
        st.sampled_from(["x-amzn-errortype", "x-amzn-remapped-date", "x-amzn-requestid"]), st.text()
    ),
    known=st.sampled_from([KNOWN, ADMITTED]),
)
def test_every_answer_has_suspects_in_the_order_of_the_path(
    status: int, body: bytes, headers: dict[str, str], known: Known
) -> None:
    found = diagnose(Answer(status=status, headers=headers, body=body), known)
    assert found.suspects
    assert list(found.suspects) == sorted(found.suspects, key=tuple(Hop).index)
