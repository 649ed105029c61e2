"""What Terraform is told to invent in a shadow run, so that each invented value can be told by its look.

A mock provider makes values up where AWS would assign them. Those that have to look like something (ARNs,
addresses, JSON) are given here, each with a mark that says which attribute of which resource it is.
https://developer.hashicorp.com/terraform/language/tests/mocking
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
from itertools import count

from hatchway.route.sources.attributes import partition
from hatchway.route.sources.configuration import Json, Resource, Stack
from hatchway.route.sources.index import Index
from hatchway.route.sources.mentions import references_in
from hatchway.route.sources.providers import alias_of
from hatchway.route.sources.resolve import Scope, Value
from hatchway.route.sources.syntax import Reference
from hatchway.route.symbols import Text

MARK = "hw[0-9]{7}"
_INTERFACES = 6
"""Interfaces that an endpoint may have: one for each zone of the largest region."""
_BENCHMARKS = IPv4Address("198.18.0.0")
"""Addresses that belong to nobody: https://www.rfc-editor.org/rfc/rfc2544"""
_NO_REGION, _NO_ACCOUNT = "us-east-1", "000000000000"


class Mocks:
    """The values to invent for one stack, and what each of them stands for."""

    def __init__(self, stack: Stack, index: Index) -> None:
        self.values: dict[str, Value] = {}
        """What a mark, or a whole invented value, stands for."""
        self._stack = stack
        self._index = index
        self._numbers = count(1)
        self._addresses = count(1)

    def document(self) -> Mapping[str, Json]:
        """Return the test file, in JSON syntax."""
        modules = self._stack.modules
        resources = [one for module in modules for one in module.resources]
        managed = [dict(self._resource(one)) for one in resources if one.mode == "managed" and _is_aws(one)]
        data = [found for one in resources if one.mode == "data" and (found := dict(self._data(one)))]
        aliases = {str(one.get("alias") or "") for module in modules for one in module.providers}
        aliases |= {alias_of(one, self._index.resolver.module) for one in resources if _is_aws(one)}
        mocks = [{"override_during": "plan"} | ({"alias": one} if one else {}) for one in sorted(aliases)]
        return {
            "mock_provider": {"aws": mocks},
            "override_resource": managed,
            "override_data": data,
            "run": {"shadow": {"command": "plan"}},
        }

    def _resource(self, resource: Resource) -> Iterator[tuple[str, Json]]:
        region, account = self._place(resource)
        identity = self._mark(resource, "id")
        values: dict[str, Json] = {"id": identity}
        values["arn"] = f"arn:aws:hatchway:{region}:{account}:{self._mark(resource, 'arn')}"
        if resource.type.startswith("aws_api_gateway_rest_api") or resource.type == "aws_apigatewayv2_api":
            mark = self._mark(resource, "execution_arn")
            values["execution_arn"] = f"arn:aws:execute-api:{region}:{account}:{mark}"
        if resource.type == "aws_vpc_endpoint":
            every = range(_INTERFACES)
            values["network_interface_ids"] = sorted(
                self._mark(resource, "network_interface_ids", at) for at in every
            )
            values["dns_entry"] = [
                {"dns_name": self._mark(resource, "dns_entry", at, "dns_name"), "hosted_zone_id": "Z0"}
                for at in every
            ]
        yield "target", resource.address
        yield "override_during", "plan"
        yield "values", {name: one for name, one in values.items() if name not in resource.arguments}

    def _data(self, resource: Resource) -> Iterator[tuple[str, Json]]:
        values = dict(self._data_values(resource))
        if values:
            yield "target", resource.address
            yield "override_during", "plan"
            yield "values", values

    def _data_values(self, resource: Resource) -> Iterator[tuple[str, Json]]:
        region, account = self._place(resource)
        match resource.type:
            case "aws_region":
                yield from (("name", region), ("id", region), ("region", region))
            case "aws_caller_identity":
                yield from (("account_id", account), ("id", account))
            case "aws_partition":
                yield from (("partition", partition(Text.of(region))), ("dns_suffix", "amazonaws.com"))
            case "aws_availability_zones":
                yield "names", [f"{region}{letter}" for letter in "abcdef"]
                yield "zone_ids", [f"{region}-az{number}" for number in range(1, 7)]
            case "aws_iam_policy_document":
                for name in ("json", "minified_json"):
                    yield name, f'{{"hatchway":"{self._mark(resource, name)}"}}'
            case "aws_network_interface":
                yield "private_ip", self._address(resource, "private_ip")
                yield "private_ips", [self._address(resource, "private_ips", 0)]
            case "terraform_remote_state":
                yield (
                    "outputs",
                    {
                        name: self._invented(self._read(resource, "outputs", name))
                        for name in self._outputs(resource)
                    },
                )

    def _outputs(self, resource: Resource) -> Iterator[str]:
        """Yield the outputs of another stack that are read anywhere in the module of a data source."""
        module = self._index.resolver.module(resource)
        written = [dict(one.arguments) for one in (*module.resources, *module.calls)]
        found = {
            str(path[4])
            for raw in (*written, dict(module.locals), dict(module.outputs))
            for path in references_in(raw)
            if path[:3] == resource.path and len(path) > _OUTPUT
        }
        yield from sorted(found)

    def _invented(self, value: Value) -> Json:
        """Give a value of another stack as it is, with marks for what is not known in it."""
        if isinstance(value, list):
            return [self._invented(one) for one in value]
        if isinstance(value, Mapping):
            return {str(key): self._invented(one) for key, one in value.items()}
        if not isinstance(value, Text):
            return value if value is None or isinstance(value, bool | int | float) else str(value)
        if value.literal is not None:
            return value.literal
        return self._named(value)

    def _mark(self, resource: Resource, *steps: str | int) -> str:
        return self._named(self._read(resource, *steps))

    def _named(self, value: Value) -> str:
        mark = f"hw{next(self._numbers):07}"
        self.values[mark] = value
        return mark

    def _address(self, resource: Resource, *steps: str | int) -> str:
        address = str(_BENCHMARKS + next(self._addresses))
        self.values[address] = self._read(resource, *steps)
        return address

    def _read(self, resource: Resource, *steps: str | int) -> Value:
        """Read an attribute as an expression in its own module would."""
        module = self._index.resolver.module(resource)
        key = () if resource.key is None else (resource.key,)
        return self._index.resolver.value(Reference((*resource.path, *key, *steps)), Scope(module))

    def _place(self, resource: Resource) -> tuple[str, str]:
        location = self._index.location(resource)
        return location.region.literal or _NO_REGION, location.account.literal or _NO_ACCOUNT


_OUTPUT = 4


def _is_aws(resource: Resource) -> bool:
    return resource.type.startswith("aws_")
