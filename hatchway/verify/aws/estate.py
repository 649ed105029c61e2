"""What a topology and its outputs say is deployed: where reading begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hatchway.topology.addresses import endpoint_network
from hatchway.verify.aws.reads import Side

if TYPE_CHECKING:
    from hatchway.topology.model import Account, Topology

__all__ = ["Estate", "Site", "estate_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One service: the accounts of its API and endpoint, and their ids, None before they are known."""

    account: str
    endpoint_account: str
    stage: str
    api_id: str | None = None
    endpoint_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Accounts by name, and what is known by id in them."""

    accounts: Mapping[str, "Account"]
    gateway: str
    transit: str | None
    stage: str
    sites: Mapping[str, Site]
    kind: str = "rest"
    links: str = "v1"
    api_id: str | None = None
    link_ids: tuple[str, ...] = ()
    raised_quotas: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_links_of_version_2(self) -> bool:
        """Whether the gateway reaches its load balancers over VPC links of version 2."""
        return self.kind == "http" or self.links == "v2"

    def sides_of(self, account: str) -> set[Side]:
        """Return what an account is to the path."""
        sites = self.sites.values()
        found = {
            Side.GATEWAY: account == self.gateway,
            Side.TRANSIT: account == self.transit,
            Side.SERVICE: any(site.account == account for site in sites),
            Side.ENDPOINT: any(site.endpoint_account == account for site in sites),
        }
        return {side for side, is_so in found.items() if is_so}

    def account_of(self, side: Side, service: str) -> str | None:
        """Return the account that is one side of the path to a service."""
        site = self.sites[service]
        return {
            Side.GATEWAY: self.gateway,
            Side.TRANSIT: self.transit,
            Side.SERVICE: site.account,
            Side.ENDPOINT: site.endpoint_account,
        }[side]

    def named(self, account_id: str) -> str | None:
        """Return the name of an account, None for one that the topology does not know."""
        return next((name for name, one in self.accounts.items() if one.id == account_id), None)


def estate_of(
    topology: "Topology",
    gateway: Mapping[str, Any] | None = None,
    services: Mapping[str, Mapping[str, Any]] | None = None,
) -> Estate:
    """Return what to read, from the topology and the outputs of its stacks as far as they are there."""
    outputs = gateway or {}
    return Estate(
        accounts=_of_one_region(topology),
        gateway=topology.gateway.account,
        transit=_transit(topology),
        stage=str(outputs.get("stage_name", topology.gateway.stage)),
        sites={
            name: _site(topology, name, outputs, (services or {}).get(name, {})) for name in topology.services
        },
        kind=topology.gateway.kind,
        links=topology.gateway.vpc_link or "v1",
        api_id=outputs.get("api_id", outputs.get("rest_api_id")),
        raised_quotas={str(name): most for name, most in topology.gateway.raised_quotas.items()},
        link_ids=tuple(sorted(outputs.get("vpc_link_ids", {}).values())),
    )


def _of_one_region(topology: "Topology") -> Mapping[str, "Account"]:
    """Accounts of the gateway's region: every hop is there, and an id may have a name in each region."""
    region = topology.accounts[topology.gateway.account].region
    return {name: account for name, account in topology.accounts.items() if account.region == region}


def _site(topology: "Topology", name: str, gateway: Mapping[str, Any], own: Mapping[str, Any]) -> Site:
    service = topology.services[name]
    network = topology.networks.get(endpoint_network(topology, name))
    declared = service.api.existing.rest_api_id if service.api.existing is not None else None
    return Site(
        account=service.account,
        endpoint_account=network.account if network is not None else service.account,
        stage=str(own.get("stage_name", service.api.stage)),
        api_id=gateway.get("private_api_ids", {}).get(name, own.get("rest_api_id", declared)),
        endpoint_id=own.get("vpc_endpoint_id", service.endpoint.existing),
    )


def _transit(topology: "Topology") -> str | None:
    transit = topology.transit
    if transit is None:
        return None
    if transit.create is not None:
        return transit.create.account
    # A gateway that is shared from elsewhere is seen only in the accounts attached to it.
    return transit.existing.account if transit.existing is not None else None
