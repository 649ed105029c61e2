"""Interface endpoints for execute-api."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from hatchway.route.facts import AttachedPolicy, Endpoint
from hatchway.route.network.model import Place
from hatchway.route.sources import attributes
from hatchway.route.sources.apis import policy_of
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index
from hatchway.route.sources.networks import Networks
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Symbol, Text


class Endpoints:
    """The execute-api endpoints of a configuration, found by id or by address."""

    def __init__(self, index: Index, networks: Networks) -> None:
        self._index = index
        self._networks = networks
        self._kept: dict[Text, Endpoint] = {}

    @cached_property
    def resources(self) -> Mapping[Text, Resource]:
        """Every endpoint that may be for execute-api, by id."""
        return {
            attributes.identity(one): one
            for one in self._index.of_type("aws_vpc_endpoint")
            if "execute-api" in (name := self._index.word(one, "service_name", "")) or "${" in name
        }

    @cached_property
    def by_address(self) -> Mapping[Text, tuple[Text, ...]]:
        """Ids of the endpoints that pin an address."""
        found: dict[Text, tuple[Text, ...]] = {}
        for identity, resource in self.resources.items():
            for address in self._pinned(resource).values():
                found[address] = (*found.get(address, ()), identity)
        return found

    def by_interface(self, address: Text) -> Text | None:
        """Return the endpoint whose interfaces an address is looked up from."""
        for symbol in address.symbols:
            for identity, resource in self.resources.items():
                if self._reads(symbol, resource):
                    return identity
        return None

    def _reads(self, symbol: Symbol, resource: Resource) -> bool:
        if symbol.name.startswith(f"{resource.subject}."):
            return True
        owner = next((one for one in self._lookups if symbol.name.startswith(f"{one.subject}.")), None)
        named = self._index.resolver.mentions(dict(owner.arguments), owner) if owner is not None else ()
        return owner is not None and owner.stack == resource.stack and ".".join(resource.path) in named

    @cached_property
    def _lookups(self) -> tuple[Resource, ...]:
        kinds = {"aws_network_interface", "aws_network_interfaces"}
        stacks = self._index.resolver.configuration.stacks
        return tuple(
            one for stack in stacks for one in stack.resources if one.mode == "data" and one.type in kinds
        )

    def endpoint(self, identity: Text | None) -> Endpoint | None:
        """Return the endpoint with an id."""
        resource = self.resources.get(identity) if identity is not None else None
        if resource is None or identity is None:
            return None
        if identity not in self._kept:
            self._kept[identity] = self._endpoint(identity, resource)
        return self._kept[identity]

    def _pinned(self, resource: Resource) -> dict[Text, Text]:
        found = {}
        for block in self._index.blocks(resource, "subnet_configuration"):
            subnet, address = as_text(block.get("subnet_id")), as_text(block.get("ipv4"))
            if subnet is not None and address is not None:
                found[subnet] = address
        return found

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
            mismatched_subnets=tuple(str(one) for one in pinned if one not in subnets),
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
            yield AttachedPolicy(subject=resource.subject, address=resource.address, policy=policy_of(own))
        for one in self._index.pointing("aws_vpc_endpoint_policy", "vpc_endpoint_id", identity):
            policy = self._index.resolver.argument(one, "policy")
            if policy is not None:
                yield AttachedPolicy(
                    subject=one.subject, address=".".join(one.path), policy=policy_of(policy)
                )

    def _namesakes(self, resource: Resource) -> Iterator[str]:
        vpc = self._index.text(resource, "vpc_id")
        if not self._index.flag(resource, "private_dns_enabled"):
            return
        for one in self._index.pointing("aws_vpc_endpoint", "vpc_id", vpc):
            same = attributes.identity(one) in self.resources and one is not resource
            if same and self._index.flag(one, "private_dns_enabled"):
                yield one.subject
