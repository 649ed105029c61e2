"""Which version of VPC links a topology has."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


def uses_links_of_version_2(topology: "Topology") -> bool:
    """Whether links have network interfaces in the gateway's network; those of version 1 use PrivateLink.

    An HTTP API has no others. A REST API has those of version 1 unless the topology says otherwise.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
    """
    return (topology.gateway.vpc_link or {"rest": "v1", "http": "v2"}[topology.gateway.kind]) == "v2"
