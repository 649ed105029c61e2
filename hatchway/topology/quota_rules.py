"""Rules about how many of a thing an account or an API takes before AWS refuses more.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from collections.abc import Iterator
from typing import Literal

from hatchway.topology.bulkheads import bulkheads
from hatchway.topology.model import Topology
from hatchway.topology.open_routes import has_to_be_closed, joined, open_routes, resources, unlisted
from hatchway.topology.problems import KeyPath, Misfit

Quota = Literal["resources", "authorizers", "vpc_links", "usage_plans"]

RESOURCES = 300
AUTHORIZERS = 10
VPC_LINKS = 20
USAGE_PLANS = 300


def rest_api_has_few_enough_resources(topology: Topology) -> Iterator[Misfit]:
    """Each distinct start of an open path is a resource of the public API."""
    if topology.gateway.kind == "rest":
        needed = len(resources(_paths(topology)))
        yield from _over(topology, ("services",), "resources", needed, RESOURCES)


def rest_api_has_few_enough_authorizers(topology: Topology) -> Iterator[Misfit]:
    """Lambda and Cognito authorizers count; AWS_IAM is none."""
    gateway = topology.gateway
    named = [it for it in gateway.authorizers.values() if it.iam is None]
    default = gateway.authorizer if gateway.authorizer != "none" and gateway.authorizer.iam is None else None
    needed = len(named) + (default is not None)
    yield from _over(topology, ("gateway", "authorizers"), "authorizers", needed, AUTHORIZERS)


def region_has_few_enough_vpc_links(topology: Topology) -> Iterator[Misfit]:
    """Services that share a bulkhead share its link."""
    if topology.gateway.kind == "rest" and topology.gateway.vpc_link != "v2":
        yield from _over(topology, ("services",), "vpc_links", len(bulkheads(topology)), VPC_LINKS)


def region_has_few_enough_usage_plans(topology: Topology) -> Iterator[Misfit]:
    """Usage plans are counted per account and region."""
    needed = len(topology.gateway.usage_plans)
    yield from _over(topology, ("gateway", "usage_plans"), "usage_plans", needed, USAGE_PLANS)


def _paths(topology: Topology) -> Iterator[str]:
    for name, service in topology.services.items():
        routes = open_routes(service)
        yield from (route.public_path for route in routes)
        if has_to_be_closed(topology, name):
            closed = unlisted([(route.http_method, route.path) for route in routes])
            yield from (joined(service.path, path) for path in closed)


def _over(topology: Topology, path: KeyPath, quota: Quota, needed: int, default: int) -> Iterator[Misfit]:
    allowed = topology.gateway.raised_quotas.get(quota, default)
    if needed > allowed:
        yield Misfit(
            path=path,
            message=f"need {needed} {quota.replace('_', ' ')}, and the quota is {allowed}",
            fix=(
                "Take fewer, or have AWS raise the quota and write the new one under "
                f"gateway.raised_quotas.{quota}."
            ),
        )
