"""A REST API with VPC links of version 2: the article's path as recorded, with such a link in its place.

No provider that the tests have makes one, and nothing was recorded of one: the answers are put together from
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_reliance import seen

LINK = "vtzxjsce"
GROUP = "sg-0123456789abcdef0"
ANYWHERE = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.fixture
def second(estate: Estate) -> Estate:
    return replace(estate, links="v2", link_ids=(LINK,))


def linked(answer: Any, balancer: str) -> Any:
    """Gives every integration over a link, wherever it is in an answer, one of version 2."""
    if isinstance(answer, list):
        return [linked(one, balancer) for one in answer]
    if not isinstance(answer, dict):
        return answer
    found = {name: linked(one, balancer) for name, one in answer.items()}
    if found.get("connectionType") == "VPC_LINK":
        found |= {"connectionId": LINK, "integrationTarget": balancer}
    return found


@pytest.fixture
def asked(reader: RecordedReader) -> RecordedReader:
    (name,) = [one for one in reader.answers if one.startswith("edge DescribeLoadBalancers ")]
    (balancer,) = reader.answers[name]
    link = {
        "VpcLinkId": LINK,
        "VpcLinkStatus": "AVAILABLE",
        "SubnetIds": [zone["SubnetId"] for zone in balancer["AvailabilityZones"]],
        "SecurityGroupIds": [GROUP],
    }
    group = {"GroupId": GROUP, "VpcId": balancer["VpcId"], "IpPermissionsEgress": [ANYWHERE]}

    def grouped(groups: Any) -> Any:
        # The link's network interfaces are the load balancer's clients, where those of PrivateLink were.
        return [*({**one, "IpPermissions": [*one["IpPermissions"], ANYWHERE]} for one in groups or ()), group]

    for operation in ("GetExport", "GetResources"):
        reader.edits[operation] = lambda answer: linked(answer, balancer["LoadBalancerArn"])
    reader.edits |= {"DescribeSecurityGroups": grouped, "v2:GetVpcLinks": lambda _: [link]}
    return reader


def failing(estate: Estate, reader: RecordedReader) -> dict[str, Hop]:
    found = seen(estate, reader)
    return {one.id: hop for hop in Hop for one in found.of(hop) if one.breaks_path}


def test_the_good_path_passes_at_every_hop(second: Estate, asked: RecordedReader) -> None:
    found = seen(second, asked)
    assert found.broken == ()
    assert set(found.sound) == set(Hop)
    assert found.risks == ()
    made = {one.operation for one in asked.asked}
    assert ("v2:GetVpcLinks" in made, "GetVpcLinks" in made) == (True, False)


def with_state(state: str) -> Callable[[Any], Any]:
    return lambda links: [{**one, "VpcLinkStatus": state} for one in links]


@pytest.mark.parametrize(
    ("operation", "edit", "hop", "check"),
    [
        ("v2:GetVpcLinks", with_state("INACTIVE"), Hop.VPC_LINK, "HW470"),
        ("v2:GetVpcLinks", with_state("FAILED"), Hop.VPC_LINK, "HW470"),
        ("v2:GetVpcLinks", lambda _: [], Hop.VPC_LINK, "HW470"),
        ("DescribeListeners", lambda _: [], Hop.LOAD_BALANCER, "HW502"),
        (
            "DescribeSecurityGroups",
            lambda groups: [{**one, "IpPermissions": []} for one in groups],
            Hop.LOAD_BALANCER,
            "HW521",
        ),
    ],
)
def test_each_fault_breaks_its_hop(  # noqa: PLR0913, PLR0917 -- fixtures and cases
    second: Estate,
    asked: RecordedReader,
    operation: str,
    edit: Callable[[Any], Any],
    hop: Hop,
    check: str,
) -> None:
    before = asked.edits.get(operation, lambda answer: answer)
    asked.edits[operation] = lambda answer: edit(before(answer))
    assert failing(second, asked).get(check) is hop


def test_without_the_permission_the_link_is_unknown_and_named(second: Estate, asked: RecordedReader) -> None:
    asked.refused.add(("edge", "v2:GetVpcLinks"))
    found = seen(second, asked)
    assert found.broken == ()
    (state,) = [one for one in found.of(Hop.VPC_LINK) if one.id == "HW470"]
    assert (state.outcome, "apigateway:GET" in state.fix) == (Outcome.UNKNOWN, True)


def test_links_of_version_2_have_a_quota_of_their_own(second: Estate, asked: RecordedReader) -> None:
    links = asked.edits["v2:GetVpcLinks"]
    asked.edits["v2:GetVpcLinks"] = lambda answer: links(answer) * 10
    assert [risk.id for risk in seen(second, asked).risks] == ["HW174"]
