"""Facts read in the background, and what is said of a request where they cannot be read."""

import json
from typing import Any

import pytest

from hatchway.errors import UndecidedError
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.topology.model import Topology
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.judging import AwsFacts
from hatchway.verify.aws.reads import Request


class RecordedStates:
    """States with outputs, and with one resource that Terraform names."""

    def __init__(self, recorded: dict[str, Any]) -> None:
        outputs = recorded["outputs"]["orders"]
        self.documents = {
            "service-orders": {
                "outputs": {name: {"value": value} for name, value in outputs.items()},
                "resources": [
                    {
                        "mode": "managed",
                        "type": "aws_vpc_endpoint",
                        "name": "execute_api",
                        "instances": [{"attributes": {"id": outputs["vpc_endpoint_id"], "secret": "s3cret"}}],
                    },
                    {"mode": "data", "type": "aws_vpc", "name": "x", "instances": [{}]},
                    "no resource",
                ],
            }
        }

    def read(self, stack: str, /) -> bytes | None:
        if stack == "foundation":
            raise UndecidedError("may not be read")
        found = self.documents.get(stack)
        return None if found is None else json.dumps(found).encode()


def begun(topology: Topology, recorded: dict[str, Any], reader: Any) -> AwsFacts:
    facts = AwsFacts(topology, RecordedStates(recorded), reader)
    facts.start(recorded["outputs"]["gateway"])
    return facts


def test_facts_are_judged_in_the_words_of_terraform(article: Topology, recorded: Any, reader: Any) -> None:
    seen = begun(article, recorded, reader).of("orders", "GET", "/test")
    assert seen is not None
    assert set(seen.sound) == set(Hop)
    subjects = {check.subject for check in seen.of(Hop.ENDPOINT)}
    assert "service-orders: aws_vpc_endpoint.execute_api" in subjects
    assert "s3cret" not in repr(seen)


def test_each_request_is_judged_by_its_own_route(article: Topology, recorded: Any, reader: Any) -> None:
    facts = begun(article, recorded, reader)
    other = facts.of("orders", "GET", "/another")
    assert other is not None
    assert other.broken == (Hop.PRIVATE_API,)
    assert facts.of("orders", "GET", "/test").broken == ()  # type: ignore[union-attr]


def test_each_reason_is_found_once_with_what_to_grant(article: Topology, recorded: Any, reader: Any) -> None:
    reader.refused |= {("edge", "DescribeSubnets"), ("edge", "GetUsagePlans")}
    found = begun(article, recorded, reader).findings()
    assert [(one.id, one.severity, one.subject) for one in found] == [
        ("HW005", Severity.WARNING, "accounts.edge")
    ] * len(found)
    assert {one.fix for one in found} == {"Grant ec2:DescribeSubnets.", "Grant apigateway:GET."}


class NoCredentials:
    def read(self, request: Request, /) -> Any:
        return Refusal(
            request=request, reason="there are no AWS credentials", fix="Set.", lacks_credentials=True
        )


def test_without_credentials_there_is_nothing_to_judge_by_and_that_is_said(
    article: Topology, recorded: Any
) -> None:
    facts = begun(article, recorded, NoCredentials())
    assert facts.of("orders", "GET", "/test") is None
    assert {one.message for one in facts.findings()} == {"there are no AWS credentials"}


def test_a_public_api_that_is_not_there_leaves_every_hop_unknown(
    article: Topology, recorded: Any, reader: Any
) -> None:
    reader.edits["GetRestApi"] = lambda _answer: None
    seen = begun(article, recorded, reader).of("orders", "GET", "/test")
    assert seen is not None
    assert {check.outcome for hop in Hop for check in seen.of(hop)} == {Outcome.UNKNOWN}


def test_a_failure_of_the_reading_itself_is_raised_where_it_is_asked(
    article: Topology, recorded: Any
) -> None:
    class Broken:
        def read(self, _request: Request, /) -> Any:
            raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        begun(article, recorded, Broken()).of("orders", "GET", "/test")
