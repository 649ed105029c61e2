"""Interface endpoints for execute-api."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from hatchway.route.facts import AttachedPolicy, Endpoint
from hatchway.route.network.model import Place
from hatchway.route.policy.matching import equals
from hatchway.route.sources import attributes
from hatchway.route.sources.apis import policy_of
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index, network
from hatchway.route.sources.networks import Networks
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Symbol, Text
from hatchway.route.truth import Truth


class Endpoints:
    """The execute-api endpoints of a configuration, found by id or by address."""

    def __init__(self, index: Index, networks: Networks) -> None:
        self._index = index
        self._networks = networks
        self._kept: dict[Text, Endpoint] = {}

    @cached_property
    def every(self) -> Mapping[Text, Resource]:
        """Every endpoint by id: targets may be of one that is for another service."""
        return {attributes.identity(one): one for one in self._index.of_type("aws_vpc_endpoint")}

    @cached_property
    def resources(self) -> Mapping[Text, Resource]:
        """Every endpoint that may be for execute-api, by id."""
        return {
            identity: one
            for identity, one in self.every.items()
            if "execute-api" in (name := self._index.word(one, "service_name", "")) or "${" in name
        }

    @cached_property
    def by_address(self) -> Mapping[Text, tuple[Text, ...]]:
        """Ids of the endpoints that pin an address."""
        found: dict[Text, tuple[Text, ...]] = {}
        for identity, resource in self.every.items():
            for address in self._pinned(resource).values():
                found[address] = (*found.get(address, ()), identity)
        return found

    def at(self, address: Text) -> tuple[Text, ...]:
        """Return the endpoints an address may be of: pinned there, else looked up from their interfaces."""
        known = self.by_address.get(address)
        looked_up = None if known else self.by_interface(address)
        return known or ((looked_up,) if looked_up is not None else ())

    def has_any(self, identity: Text, addresses: Iterable[Text]) -> bool:
        """Whether an endpoint has one of some addresses."""
        resource = self.every.get(identity)
        if resource is None:
            return False
        pinned = self._pinned(resource).values()
        return any(one in pinned or self.at(one) == (identity,) for one in addresses)

    def by_interface(self, address: Text) -> Text | None:
        """Return the endpoint whose interfaces an address is looked up from."""
        for symbol in address.symbols:
            for identity, resource in self.every.items():
                sources = (resource.subject, *self._readers.get(resource.declared, ()))
                if symbol.name.startswith(tuple(f"{one}." for one in sources)):
                    return identity
        return None

    @cached_property
    def _readers(self) -> Mapping[str, tuple[str, ...]]:
        """Data sources by the address of the endpoint whose interfaces they read."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self._lookups:
            for address in self._index.mentions.before(one):
                found[address] = (*found.get(address, ()), one.subject)
        return found

    @cached_property
    def _lookups(self) -> tuple[Resource, ...]:
        kinds = {"aws_network_interface", "aws_network_interfaces"}
        every = self._index.resolver.configuration.resources
        return tuple(one for one in every if one.mode == "data" and one.type in kinds)

    def endpoint(self, identity: Text | None) -> Endpoint | None:
        """Return the endpoint with an id."""
        resource = self.every.get(identity) if identity is not None else None
        if resource is None or identity is None:
            return None
        if identity not in self._kept:
            self._kept[identity] = self._endpoint(identity, resource)
        return self._kept[identity]

    def _pinned(self, resource: Resource) -> dict[Text, Text]:
        """Return pinned addresses by subnet, by the one they lie in where a plan does not say."""
        found: dict[Text, Text] = {}
        for block in self._index.blocks(resource, "subnet_configuration"):
            address = as_text(block.get("ipv4"))
            if address is not None:
                found[as_text(block.get("subnet_id")) or self._around(address, resource)] = address
        return found

    def _around(self, address: Text, resource: Resource) -> Text:
        own = network(address)
        for subnet in self._subnets(resource) if own is not None else ():
            around = self._networks.place(subnet, None).network
            if around is not None and own is not None and own.subnet_of(around):
                return subnet
        return Text.of(Symbol(f"the subnet of {address}"))

    def _endpoint(self, identity: Text, resource: Resource) -> Endpoint:
        pinned, subnets = self._pinned(resource), self._subnets(resource)
        groups = self._groups(resource, identity)
        vpcs = [(self._networks.group(one).subject, self._networks.group_vpc(one)) for one in groups]
        return Endpoint(
            subject=resource.subject,
            id=identity,
            type=self._index.word(resource, "vpc_endpoint_type", "Gateway"),
            service_name=self._index.text(resource, "service_name"),
            location=self._index.location(resource),
            vpc=self._index.text(resource, "vpc_id"),
            places=tuple(self._place(one, pinned.get(one)) for one in subnets),
            group_ids=groups,
            groups=tuple(map(self._networks.group, groups)),
            group_vpcs=tuple((subject, vpc) for subject, vpc in vpcs if vpc is not None),
            private_dns=self._index.flag(resource, "private_dns_enabled"),
            policies=tuple(self._policies(resource, identity)),
            has_pinned_addresses=bool(subnets) and all(one in pinned for one in subnets),
            mismatched_subnets=tuple(str(one) for one in pinned if _is_elsewhere(one, subnets)),
            lookups=self._readers.get(resource.declared, ()),
            namesakes=tuple(self._namesakes(resource)),
        )

    def _place(self, subnet: Text, address: Text | None) -> Place:
        return self._networks.place(subnet, address)

    def _subnets(self, resource: Resource) -> tuple[Text, ...]:
        own = self._index.texts(resource, "subnet_ids")
        more = self._associated("aws_vpc_endpoint_subnet_association", "subnet_id", resource)
        return tuple(dict.fromkeys((*own, *more)))

    def _groups(self, resource: Resource, identity: Text) -> tuple[Text, ...]:
        own = self._index.texts(resource, "security_group_ids")
        kind = "aws_vpc_endpoint_security_group_association"
        more = tuple(self._associated(kind, "security_group_id", resource))
        if own or more:
            return tuple(dict.fromkeys((*own, *more)))
        vpc = self._index.find(self._index.text(resource, "vpc_id"), "aws_vpc")
        if vpc is None:
            return (Text.of(Symbol(f"{identity}: default group")),)
        return (attributes.value(vpc, "default_security_group_id"),)

    def _associated(self, kind: str, argument: str, resource: Resource) -> Iterator[Text]:
        for one in self._index.pointing(kind, "vpc_endpoint_id", attributes.identity(resource)):
            value = self._index.text(one, argument)
            if value is not None:
                yield value

    def _policies(self, resource: Resource, identity: Text) -> Iterator[AttachedPolicy]:
        own = self._index.resolver.argument(resource, "policy")
        if own is not None:
            yield AttachedPolicy(subject=resource.subject, address=resource.declared, policy=policy_of(own))
        for one in self._index.pointing("aws_vpc_endpoint_policy", "vpc_endpoint_id", identity):
            policy = self._index.resolver.argument(one, "policy")
            if policy is not None:
                yield AttachedPolicy(subject=one.subject, address=one.declared, policy=policy_of(policy))

    def _namesakes(self, resource: Resource) -> Iterator[str]:
        vpc = self._index.text(resource, "vpc_id")
        if not self._index.flag(resource, "private_dns_enabled"):
            return
        for one in self._index.pointing("aws_vpc_endpoint", "vpc_id", vpc):
            same = attributes.identity(one) in self.resources and one is not resource
            if same and self._index.flag(one, "private_dns_enabled"):
                yield one.subject


def _is_elsewhere(subnet: Text, subnets: tuple[Text, ...]) -> bool:
    """Whether a subnet is none of some, as far as is known."""
    return all(equals(subnet, one) is Truth.NO for one in subnets)
