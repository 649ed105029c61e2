"""The execute-api endpoints of the services, with the addresses they have today."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["wanted", "write"]


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for each service's endpoint and those of its API, then for their interfaces."""
    for site in estate.sites.values():
        for identity in dict.fromkeys(_identities(site.endpoint_id, site.api_id, answers)):
            yield Request.of(site.endpoint_account, "DescribeVpcEndpoints", VpcEndpointIds=[identity])
    for account, endpoint in answers.items("DescribeVpcEndpoints"):
        interfaces = tuple(sorted(endpoint.get("NetworkInterfaceIds") or ()))
        if interfaces:
            yield Request.of(
                account, "DescribeNetworkInterfaces", Filters=(("network-interface-id", interfaces),)
            )


def _identities(declared: str | None, api: str | None, answers: Answers) -> Iterator[str]:
    if declared is not None:
        yield declared
    about = answers.about("GetRestApi", restApiId=api) or {}
    yield from (about.get("endpointConfiguration") or {}).get("vpcEndpointIds") or ()


def write(answers: Answers, shapes: Shapes) -> None:
    """Add every endpoint that exists."""
    interfaces = {
        str(one.get("NetworkInterfaceId")): one for _, one in answers.items("DescribeNetworkInterfaces")
    }
    for account, endpoint in answers.items("DescribeVpcEndpoints"):
        if str(endpoint.get("State")).lower() != "deleted":
            _endpoint(account, endpoint, interfaces, shapes)


def _endpoint(
    account: str, endpoint: Mapping[str, Any], interfaces: Mapping[str, Mapping[str, Any]], shapes: Shapes
) -> None:
    own = [interfaces[one] for one in endpoint.get("NetworkInterfaceIds") or () if one in interfaces]
    shapes.add(
        account,
        "aws_vpc_endpoint",
        str(endpoint.get("VpcEndpointId")),
        service_name=endpoint.get("ServiceName"),
        vpc_endpoint_type=endpoint.get("VpcEndpointType"),
        vpc_id=endpoint.get("VpcId"),
        subnet_ids=endpoint.get("SubnetIds"),
        # The addresses of today, whether or not Terraform pins them.
        subnet_configuration=[
            {"subnet_id": one.get("SubnetId"), "ipv4": one.get("PrivateIpAddress")} for one in own
        ],
        security_group_ids=[str(group.get("GroupId")) for group in endpoint.get("Groups") or ()],
        private_dns_enabled=bool(endpoint.get("PrivateDnsEnabled")),
        policy=endpoint.get("PolicyDocument"),
    )
