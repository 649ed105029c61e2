"""Headers of callers: one rule, one break, exactly that problem; and which headers may be sent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.topology import Problem, load
from hatchway.topology.allowed_headers import allowed_headers, may_be_sent
from hatchway.topology.header_rules import DROPPED_BY_REST_APIS, FAIL_IN_REST_APIS
from tests.unit.topology.test_http_api_rules import Break, orders, rest

GOOD = {
    "overwritten": "overwritten_request_headers: {X-Forwarded-User: nobody, x-amzn-vpce-id: none}",
    "overwritten_with_signs": "overwritten_request_headers: {X-A: 'a b/c=d, e;f~g:h@i+j.k_l-'}",
    "allowed": "web_acl: {create: {allowed_headers: [X-Request-Id]}}",
    "most_allowed": "web_acl: {create: {allowed_headers: [" + ", ".join(f"X-{n}" for n in range(184)) + "]}}",
}
OVERWRITTEN = "gateway.overwritten_request_headers"
ALLOWED = "gateway.web_acl.create.allowed_headers"
CASES = {
    "header_of_the_gateway": (
        "overwritten_request_headers: {X-Apigw-Api-Id: abc}",
        f"{OVERWRITTEN}.X-Apigw-Api-Id",
        "is a header that the gateway sets itself",
    ),
    "written_twice": (
        "overwritten_request_headers: {X-A: one, x-a: two}",
        f"{OVERWRITTEN}.x-a",
        "is the same header as one before, in other letters",
    ),
    "too_long": (
        f"web_acl: {{create: {{allowed_headers: [{'X' * 65}]}}}}",
        f"{ALLOWED}[0]",
        "is longer than the 64 characters that WAF takes",
    ),
    "too_many": (
        "web_acl: {create: {allowed_headers: [" + ", ".join(f"X-{n}" for n in range(185)) + "]}}",
        ALLOWED,
        "makes 200 names with those that Hatchway adds, and WAF takes 199",
    ),
    **{
        name: (
            f"overwritten_request_headers: {{{name}: a}}",
            f"{OVERWRITTEN}.{name}",
            "is a header that API Gateway sets itself: requests fail",
        )
        for name in FAIL_IN_REST_APIS
    },
    **{
        name: (
            f"overwritten_request_headers: {{{name}: a}}",
            f"{OVERWRITTEN}.{name}",
            "is a header that API Gateway hands on to nobody",
        )
        for name in DROPPED_BY_REST_APIS
    },
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_accepts(breaking: Break, text: str) -> None:
    assert breaking(rest(text)) == ()


@pytest.mark.parametrize(("text", "key", "message"), CASES.values(), ids=CASES)
def test_refuses(breaking: Break, text: str, key: str, message: str) -> None:
    (problem,) = breaking(rest(text))
    assert (problem.key, problem.message) == (key, message)
    assert problem.fix


@pytest.mark.parametrize("value", ["it's", "${uuid()}", "", " a", "a ", "a\\n", "a" * 257])
def test_a_value_stands_in_quotes_and_in_terraform_text(breaking: Break, value: str) -> None:
    (problem,) = breaking(rest(f'overwritten_request_headers: {{X-A: "{value}"}}'))
    assert problem.key == f"{OVERWRITTEN}.X-A"


@pytest.fixture
def allowed(estate: str, tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """What may be sent with these keys of the gateway."""

    def ask(text: str) -> tuple[str, ...]:
        written = estate
        for old, new in (rest(text), orders("api_key_required: true" if "usage_plans" in text else "")):
            written = written.replace(old, new)
        (tmp_path / "hatchway.yaml").write_text(written)
        return allowed_headers(load(tmp_path / "hatchway.yaml").gateway)

    return ask


ONE = "web_acl: {create: {allowed_headers: [X-One]}}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", set()),
        ("authorizer: {lambda: {identity_header: X-Token}}", {"X-Token"}),
        ("authorizer: {iam: {}}", {"Authorization", "X-Amz-Date", "X-Amz-Security-Token"}),
        ("usage_plans: {basic: {api_keys: [acme]}}", {"X-Api-Key"}),
        ("api_id_header: passthrough", {"x-apigw-api-id"}),
        ("cors: {allow_origins: ['*'], allow_headers: [X-Page]}", {"Origin", "X-Page"}),
    ],
)
def test_what_a_request_needs_to_get_through_is_allowed_too(
    allowed: Callable[[str], tuple[str, ...]], text: str, wanted: set[str]
) -> None:
    found = allowed(f"{ONE}\n{text}")
    assert {"Host", "X-Forwarded-For", "User-Agent", "Content-Length", "X-One"} | wanted <= set(found)
    assert len({name.lower() for name in found}) == len(found)


def test_without_a_list_every_header_is_allowed(allowed: Callable[[str], tuple[str, ...]]) -> None:
    assert allowed("web_acl: {create: {}}") == ()
    assert allowed("") == ()


def test_names_are_the_same_in_capitals_and_without(estate: str, tmp_path: Path) -> None:
    old, new = rest(ONE)
    (tmp_path / "hatchway.yaml").write_text(estate.replace(old, new))
    gateway = load(tmp_path / "hatchway.yaml").gateway
    assert may_be_sent(gateway, "x-ONE")
    assert may_be_sent(gateway, "content-type")
    assert not may_be_sent(gateway, "x-apigw-api-id")
    assert not may_be_sent(gateway, "x-amzn-vpce-id")


def test_breaking_gives_problems(breaking: Break) -> None:
    problems: tuple[Problem, ...] = breaking(rest("removed_request_headers: [X-A]"))
    assert [(one.key, "overwritten_request_headers" in (one.fix or "")) for one in problems] == [
        ("gateway.removed_request_headers", True)
    ]
