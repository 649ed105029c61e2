"""VPC links of both versions: those that are used, and what they lead to, as resources.

A link of the first version names its load balancer itself. With one of the second, a REST API's integration
names it, and an HTTP API's names its listener.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.http_served import met
from hatchway.verify.aws.reads import V2, Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["balancers", "of_version_2", "wanted", "write"]

_INTEGRATION = "x-amazon-apigateway-integration"


def wanted(estate: Estate, _answers: Answers) -> Iterator[Request]:
    """Ask for the links of the gateway's account, of the version that the gateway has."""
    if estate.api_id is not None:
        version = V2 if estate.has_links_of_version_2 else ""
        yield Request.of(estate.gateway, f"{version}GetVpcLinks")


def of_version_2(answers: Answers) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give account and description of each link of version 2 that an integration uses."""
    used = {one.arguments.get("connection_id") for one in met(answers)}
    used |= {one.get("connectionId") for one in _integrations(answers)}
    for account, link in answers.items(f"{V2}GetVpcLinks"):
        if link.get("VpcLinkId") in used:
            yield account, link


def balancers(estate: Estate, answers: Answers) -> Iterator[str]:
    """Give the load balancers of a REST API: those its integrations name, and those its links do."""
    used = set(estate.link_ids)
    for integration in _integrations(answers, estate.api_id):
        used.add(str(integration.get("connectionId")))
        if integration.get("integrationTarget"):
            yield str(integration["integrationTarget"])
    for _, link in answers.items("GetVpcLinks"):
        if link.get("id") in used:
            yield from link.get("targetArns") or ()


def write(answers: Answers, shapes: Shapes) -> None:
    """Add the links."""
    for account, link in answers.items("GetVpcLinks"):
        identity = str(link.get("id"))
        shapes.add(account, "aws_api_gateway_vpc_link", identity, target_arns=link.get("targetArns"))
    for account, link in of_version_2(answers):
        shapes.add(
            account,
            "aws_apigatewayv2_vpc_link",
            str(link.get("VpcLinkId")),
            subnet_ids=link.get("SubnetIds"),
            security_group_ids=link.get("SecurityGroupIds"),
        )


def _integrations(answers: Answers, api: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Give the integrations of every stage that was exported, or of those of one API."""
    for request, document in answers.of("GetExport"):
        if api not in {None, dict(request.about).get("restApiId")}:
            continue
        for operations in (document.get("paths") or {}).values():
            for operation in operations.values():
                yield operation.get(_INTEGRATION) or {}
