"""An HTTP API as AWS describes it: the good one passes, and each fault breaks its hop.

The answers are those of `examples/http-api`, deployed into the sandbox, recorded once.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.topology import load
from hatchway.topology.model import Topology
from hatchway.verify.aws.estate import Estate, estate_of
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.http_apis import listener_balancer
from hatchway.verify.aws.judging import see
from hatchway.verify.aws.reads import READS
from hatchway.verify.aws.shapes import Names
from hatchway.verify.evidence import Seen
from tests.unit.verify_aws.conftest import RecordedReader

ROOT = Path(__file__).resolve().parents[3]
RECORDED: dict[str, Any] = json.loads((ROOT / "tests/fixtures/verify_aws/http_api.json").read_text("utf-8"))
Edit = Callable[[Any], Any]


@pytest.fixture(scope="module")
def topology() -> Topology:
    return load(ROOT / "examples" / "http-api" / "hatchway.yaml")


@pytest.fixture
def http(topology: Topology) -> Estate:
    outputs = RECORDED["outputs"]
    services = {name: outputs[name] for name in topology.services}
    return estate_of(topology, outputs["gateway"], services)


@pytest.fixture
def asked() -> RecordedReader:
    return RecordedReader(RECORDED["answers"])


def seen(estate: Estate, reader: RecordedReader, service: str = "orders", path: str = "/orders/7") -> Seen:
    answers = gather(estate, reader)
    facts = LiveFacts(estate, answers, Names({})).of(service, "GET", path)
    return see(facts, estate, service, answers.refusals())


def failing(found: Seen) -> set[str]:
    return {check.id for hop in Hop for check in found.of(hop) if check.breaks_path}


def each(**changes: Any) -> Edit:
    return lambda answer: [{**one, **changes} for one in answer]


def whole(**changes: Any) -> Edit:
    return lambda answer: {**answer, **changes}


def mapped(name: str, value: str | None) -> Edit:
    """Gives each integration another parameter mapping, or takes it away."""

    def edit(integrations: Any) -> Any:
        for one in integrations:
            one["RequestParameters"].pop(name)
            if value is not None:
                one["RequestParameters"][name] = value
        return integrations

    return edit


def nothing(_answer: Any) -> list[Any]:
    return []


def shut(name: str, rules: str = "IpPermissions") -> Edit:
    """Takes the rules of one direction out of the security groups with this in their names."""
    return lambda groups: [
        {**group, rules: []} if name in group["GroupName"] else group for group in groups or ()
    ]


@pytest.mark.parametrize(("service", "path"), [("orders", "/orders/7"), ("reports", "/reports/2026/11")])
def test_the_good_path_passes_at_every_hop(
    http: Estate, asked: RecordedReader, service: str, path: str
) -> None:
    found = seen(http, asked, service, path)
    assert failing(found) == set()
    assert {hop for hop in Hop if any(one.outcome is Outcome.UNKNOWN for one in found.of(hop))} == set()
    assert found.risks == ()


def test_what_a_rest_api_is_read_by_is_not_asked_in_the_gateways_account(
    http: Estate, asked: RecordedReader
) -> None:
    gather(http, asked)
    made = {one.operation for one in asked.asked if one.account == "edge"}
    assert {operation for operation in made if READS[operation].service == "apigateway"} == set()
    assert "v2:GetRoutes" in made


FAULTS = [
    ("v2:GetRoutes", nothing, Hop.ENTRY, "HW103"),
    ("v2:GetStages", nothing, Hop.ENTRY, "HW102"),
    ("DescribeCertificate", whole(Status="EXPIRED"), Hop.ENTRY, "HW171"),
    ("v2:GetRoutes", each(AuthorizationType="CUSTOM"), Hop.AUTHORIZER, "HW201"),
    ("v2:GetIntegrations", each(ConnectionType="INTERNET"), Hop.INTEGRATION, "HW301"),
    ("v2:GetIntegrations", each(TlsConfig=None), Hop.INTEGRATION, "HW315"),
    (
        "v2:GetIntegrations",
        each(TlsConfig={"ServerNameToVerify": "nlb.example.com"}),
        Hop.INTEGRATION,
        "HW303",
    ),
    ("v2:GetIntegrations", mapped("overwrite:path", "/other/$request.path"), Hop.PRIVATE_API, "HW806"),
    (
        "v2:GetIntegrations",
        mapped("overwrite:header.x-apigw-api-id", "abcdefghij"),
        Hop.INTEGRATION,
        "HW306",
    ),
    (
        "v2:GetIntegrations",
        each(IntegrationUri="arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/a/b"),
        Hop.LOAD_BALANCER,
        "HW570",
    ),
    ("v2:GetVpcLinks", each(VpcLinkStatus="INACTIVE"), Hop.VPC_LINK, "HW470"),
    ("v2:GetVpcLinks", each(VpcLinkStatus="FAILED", VpcLinkStatusMessage="why"), Hop.VPC_LINK, "HW470"),
    ("v2:GetVpcLinks", nothing, Hop.VPC_LINK, "HW470"),
    ("DescribeListeners", nothing, Hop.LOAD_BALANCER, "HW570"),
    ("DescribeLoadBalancers", each(State={"Code": "failed"}), Hop.LOAD_BALANCER, "HW570"),
    ("DescribeRouteTables", each(Routes=[]), Hop.TRANSIT, "HW602"),
    ("DescribeSecurityGroups", shut("orders-link", "IpPermissionsEgress"), Hop.VPC_LINK, "HW407"),
    ("DescribeSecurityGroups", shut("orders-load-balancer"), Hop.LOAD_BALANCER, "HW521"),
    ("DescribeSecurityGroups", shut("orders-execute-api"), Hop.ENDPOINT, "HW703"),
    # The load balancer's group is shut as well, and comes before the endpoint's.
    ("DescribeSecurityGroups", shut("orders"), Hop.LOAD_BALANCER, "HW521"),
    ("DescribeVpcEndpoints", each(State="failed"), Hop.ENDPOINT, "HW770"),
    ("GetStages", nothing, Hop.PRIVATE_API, "HW806"),
]


@pytest.mark.parametrize(("operation", "edit", "hop", "check"), FAULTS)
def test_each_fault_breaks_its_hop_and_none_before_it(  # noqa: PLR0913, PLR0917 -- fixtures and cases
    http: Estate, asked: RecordedReader, operation: str, edit: Edit, hop: Hop, check: str
) -> None:
    asked.edits[operation] = edit
    found = seen(http, asked)
    assert found.broken[:1] == (hop,), "another hop is named, or none"
    assert check in {one.id for one in found.of(hop) if one.breaks_path}


def test_links_of_version_2_have_a_quota_of_their_own(http: Estate, asked: RecordedReader) -> None:
    asked.edits["v2:GetVpcLinks"] = lambda links: links * 4
    assert [risk.id for risk in seen(http, asked).risks] == ["HW174"]


def test_a_function_that_cannot_be_called_breaks_the_authorizer_that_calls_it(
    http: Estate, asked: RecordedReader
) -> None:
    asked.edits["GetFunctionConfiguration"] = whole(State="Failed")
    assert failing(seen(http, asked, "reports", "/reports")) == {"HW270"}
    assert failing(seen(http, asked)) == set()


@pytest.mark.parametrize(
    ("listener", "balancer"),
    [
        (
            "arn:aws:elasticloadbalancing:eu-west-1:1:listener/net/a/0b/1c",
            "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/a/0b",
        ),
        ("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/a/0b", None),
        ("arn:aws:servicediscovery:eu-west-1:1:service/srv-a", None),
        ("https://example.com/", None),
    ],
)
def test_a_listener_tells_its_load_balancer(listener: str, balancer: str | None) -> None:
    assert listener_balancer(listener) == balancer
