"""The stack `foundation`: networks, and what connects them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cdktf import ITerraformDependable, TerraformOutput
from constructs import Construct

from constructs_lib.foundation_logs import add_logging
from constructs_lib.network import Network, NetworkProps, NetworkReference
from constructs_lib.network_peering import NetworkPeering, NetworkPeeringProps
from constructs_lib.stack import HatchwayStack
from constructs_lib.transit_attachment import TransitAttachment, TransitAttachmentProps
from constructs_lib.transit_gateway import TransitGateway, TransitGatewayProps, TransitGatewayReference
from constructs_lib.transit_routes import TransitRoutes, TransitRoutesProps
from constructs_lib.transit_share import ShareTaker, TransitShare, TransitShareProps
from hatchway.topology.addresses import transit_network

if TYPE_CHECKING:
    from hatchway.topology.model import Topology, TransitGatewayToCreate

TRANSIT = "transit"
Acceptances = Mapping[str, tuple[ITerraformDependable, ...]]


def existing_networks(topology: "Topology") -> dict[str, NetworkReference]:
    """The networks that exist already, by name."""
    return {
        name: NetworkReference.from_existing(name, network.account, network.existing)
        for name, network in topology.networks.items()
        if network.existing is not None
    }


def spokes(topology: "Topology") -> tuple[str, ...]:
    """Networks that the gateway's network has to reach over transit, in the order of the file."""
    needed = {transit_network(topology, service) for service in topology.services}
    return tuple(name for name in topology.networks if name in needed)


class Foundation(HatchwayStack):
    """Networks to create, the Transit Gateway, its sharing, or peering, and the routes; spans accounts.

    Each service's network is connected with the gateway's network and with no other.

    Terraform: those of `Network`, `TransitGateway`, `TransitShare`, `TransitAttachment`,
    `NetworkPeering` and `TransitRoutes`; outputs `vpc_ids`, `transit_gateway_id` and
    `vpc_peering_connection_ids`.
    """

    def __init__(self, scope: Construct, name: str, topology: "Topology") -> None:
        super().__init__(scope, name, topology)
        self._networks = {**existing_networks(topology), **self._create_networks()}
        add_logging(self, self._networks)
        transit = topology.transit
        gateway: TransitGatewayReference | None = None
        if transit is not None and transit.create is not None:
            gateway = self._create_transit(transit.create)
        elif transit is not None and transit.existing is not None:
            gateway = TransitGatewayReference.from_existing(
                transit.existing.transit_gateway_id, transit.existing.account
            )
            self._connect(gateway, {})
        peerings = self._peer() if transit is not None and transit.peering else {}
        self._add_outputs(gateway, peerings)

    @property
    def networks(self) -> Mapping[str, NetworkReference]:
        """All networks of the topology, by name."""
        return self._networks

    def _create_networks(self) -> dict[str, NetworkReference]:
        created = {}
        for name, network in self.topology.networks.items():
            if network.create is not None:
                props = NetworkProps(
                    provider=self.provider(network.account),
                    account=network.account,
                    display_name=f"{self.topology.name}-{name}",
                    definition=network.create,
                )
                # The kind keeps a network named like another construct of this stack apart from it.
                created[name] = Network(Construct(self, f"Network-{name}"), name, props).reference
        return created

    def _create_transit(self, definition: "TransitGatewayToCreate") -> TransitGatewayReference:
        provider = self.provider(definition.account)
        gateway = TransitGateway(
            self,
            TRANSIT,
            TransitGatewayProps(
                provider=provider,
                owner=definition.account,
                display_name=self.topology.name,
                amazon_side_asn=definition.amazon_side_asn,
            ),
        )
        accounts = {self._networks[name].account for name in self._attached_networks()}
        takers = {
            name: ShareTaker(account_id=account.id, provider=self.provider(name))
            for name, account in self.topology.accounts.items()
            if name in accounts and name != definition.account
        }
        acceptances: Acceptances = {}
        if takers:
            props = TransitShareProps(
                provider=provider,
                display_name=f"{self.topology.name}-{TRANSIT}",
                transit_gateway_arn=gateway.arn,
                takers=takers,
                within_organization=definition.within_organization,
            )
            acceptances = TransitShare(gateway, "Share", props).acceptances
        self._connect(gateway.reference, acceptances)
        return gateway.reference

    def _attached_networks(self) -> tuple[str, ...]:
        far = spokes(self.topology)
        return (self.topology.gateway.network, *far) if far else ()

    def _connect(self, gateway: TransitGatewayReference, acceptances: Acceptances) -> None:
        hub = self.topology.gateway.network
        attachments = {name: self._attach(name, gateway, acceptances) for name in self._attached_networks()}
        for spoke in spokes(self.topology):
            for source, destination in ((hub, spoke), (spoke, hub)):
                props = TransitRoutesProps(
                    provider=self.provider(self._networks[source].account),
                    transit_gateway_id=gateway.transit_gateway_id,
                    source=self._networks[source],
                    destination=self._networks[destination],
                    attached=attachments[source].attached,
                )
                TransitRoutes(self, f"Routes-{source}-to-{destination}", props)

    def _attach(
        self, name: str, gateway: TransitGatewayReference, acceptances: Acceptances
    ) -> TransitAttachment:
        network = self._networks[name]
        props = TransitAttachmentProps(
            provider=self.provider(network.account),
            owner_provider=None if gateway.owner is None else self.provider(gateway.owner),
            transit_gateway=gateway,
            network=network,
            display_name=f"{self.topology.name}-{name}",
            is_hub=name == self.topology.gateway.network,
            depends_on=acceptances.get(network.account, ()),
        )
        return TransitAttachment(Construct(self, f"Transit-{name}"), name, props)

    def _peer(self) -> dict[str, str]:
        hub = self._networks[self.topology.gateway.network]
        return {name: self._peer_with(hub, self._networks[name]) for name in spokes(self.topology)}

    def _peer_with(self, hub: NetworkReference, spoke: NetworkReference) -> str:
        props = NetworkPeeringProps(
            provider=self.provider(hub.account),
            network=hub,
            peer_provider=self.provider(spoke.account),
            peer_network=spoke,
            peer_account_id=self.topology.accounts[spoke.account].id,
            display_name=f"{self.topology.name}-{spoke.name}",
        )
        peering = NetworkPeering(Construct(self, f"Peering-{spoke.name}"), spoke.name, props)
        for source, destination in ((hub, spoke), (spoke, hub)):
            routes = TransitRoutesProps(
                provider=self.provider(source.account),
                vpc_peering_connection_id=peering.vpc_peering_connection_id,
                source=source,
                destination=destination,
                attached=peering.accepted,
            )
            TransitRoutes(self, f"Routes-{source.name}-to-{destination.name}", routes)
        return peering.vpc_peering_connection_id

    def _add_outputs(self, gateway: TransitGatewayReference | None, peerings: Mapping[str, str]) -> None:
        vpc_ids = {name: network.vpc_id for name, network in self._networks.items()}
        TerraformOutput(self, "vpc_ids", static_id=True, value=vpc_ids)
        if gateway is not None:
            TerraformOutput(self, "transit_gateway_id", static_id=True, value=gateway.transit_gateway_id)
        if peerings:
            TerraformOutput(self, "vpc_peering_connection_ids", static_id=True, value=dict(peerings))
