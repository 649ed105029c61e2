"""The call that reaches the private API, as its policies see it."""

from collections.abc import Iterator

from hatchway.route.facts import Endpoint, Private, RouteFacts
from hatchway.route.network.model import Place
from hatchway.route.policy import PolicyRequest, private_call
from hatchway.route.symbols import Symbol, Text

_UNKNOWN_STAGE = Symbol("the stage")


def call_of(facts: RouteFacts, endpoint: Endpoint, private: Private, node: Place | None) -> PolicyRequest:
    """Describe the call as it comes from one node of the load balancer; from an unknown one for None."""
    destination = facts.destination
    stage = destination.stage if destination is not None and destination.stage is not None else None
    path = destination.path if destination is not None else Text.of("/")
    verb = facts.http_method
    source = Text.of(str(node.network)) if node is not None and node.network is not None else None
    return private_call(
        resource=Text.of(private.api.execution_arn, "/", stage or _UNKNOWN_STAGE, f"/{verb}", path),
        endpoint=endpoint.id,
        vpc=endpoint.vpc,
        source_address=source,
    )


def calls_of(facts: RouteFacts) -> Iterator[PolicyRequest]:
    """Give the call from every node of the load balancer; one from nowhere when none is in sight."""
    endpoint, private = facts.endpoint, facts.private
    if endpoint is None or private is None:
        return
    nodes = facts.balancer.nodes if facts.balancer is not None else ()
    for node in nodes or (None,):
        yield call_of(facts, endpoint, private, node)
