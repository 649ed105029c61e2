"""Finding resources by what points at them, each look-up in constant time."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from ipaddress import IPv4Network
from typing import Any

from hatchway.route.facts import Fact, Known, Location, Unknown
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.mentions import Mentions
from hatchway.route.sources.resolve import Resolver, as_text
from hatchway.route.symbols import Text


class Index:
    """A configuration seen from its references."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.mentions = Mentions(resolver.configuration)
        self._groups: dict[tuple[str, str], dict[Text, list[Resource]]] = {}

    @cached_property
    def _by_identity(self) -> Mapping[Text, Resource]:
        return {attributes.identity(resource): resource for resource in self.resolver.configuration.resources}

    def find(self, identity: Text | None, *types: str) -> Resource | None:
        """Return the resource with an id, if it is one of some types."""
        found = self._by_identity.get(identity) if identity is not None else None
        return found if found is not None and found.type in types else None

    def pointing(self, kind: str, argument: str, target: Text | None) -> list[Resource]:
        """Return the resources of a type whose argument is a given value."""
        if (kind, argument) not in self._groups:
            grouped: dict[Text, list[Resource]] = {}
            for resource in self.resolver.configuration.of_type(kind):
                value = self.resolver.text(resource, argument)
                if value is not None:
                    grouped.setdefault(value, []).append(resource)
            self._groups[kind, argument] = grouped
        return self._groups[kind, argument].get(target, []) if target is not None else []

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Every managed resource of some types."""
        return self.resolver.configuration.of_type(*types)

    def location(self, resource: Resource) -> Location:
        """Account and region of a resource."""
        return Location(
            account=attributes.account(self.resolver, resource),
            region=attributes.region(self.resolver, resource),
        )

    def text(self, resource: Resource, name: str) -> Text | None:
        """Return an argument as text."""
        return self.resolver.text(resource, name)

    def word(self, resource: Resource, name: str, default: str) -> str:
        """Return an argument as plain text; with symbols in it when it is not known."""
        value = self.resolver.text(resource, name)
        return default if value is None else str(value)

    def flag(self, resource: Resource, name: str) -> bool:
        """Whether an argument is known to be true."""
        return self.word(resource, name, "false") == "true"

    def number(self, resource: Resource, name: str, default: int) -> Fact[int]:
        """Return an argument as a number."""
        return number(self.resolver.argument(resource, name), default)

    def texts(self, resource: Resource, name: str) -> tuple[Text, ...]:
        """Return a list argument as texts."""
        return listed(self.resolver.argument(resource, name))

    def blocks(self, resource: Resource, name: str) -> list[Mapping[str, Any]]:
        """Return the blocks of a name, resolved."""
        value = self.resolver.argument(resource, name)
        if isinstance(value, Mapping):
            return [value]
        return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []

    def is_open(self, resource: Resource, name: str) -> bool:
        """Whether there may be more blocks of a name than can be told."""
        value = self.resolver.argument(resource, name)
        return isinstance(value, Text) or (
            isinstance(value, list) and any(isinstance(one, Text) for one in value)
        )

    def lifecycle(self, resource: Resource) -> bool:
        """Whether a resource is created before the one it replaces is destroyed."""
        return str(self.resolver.block(resource, "lifecycle").get("create_before_destroy")) == "True"


def number(value: object, default: int) -> Fact[int]:
    """Read a whole number."""
    if value is None:
        return Known(default)
    text = as_text(value)
    if text is not None and text.literal is not None and text.literal.isdecimal():
        return Known(int(text.literal))
    return Unknown(f"{value} is not known yet")


def listed(value: object) -> tuple[Text, ...]:
    """Read a list of text; one text that is not a list is a list not known yet."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(text for text in map(as_text, items) if text is not None)


def network(text: Text | None) -> IPv4Network | None:
    """Read an IPv4 address or network; None when it is not known."""
    if text is None or text.literal is None:
        return None
    try:
        return IPv4Network(text.literal, strict=False)
    except ValueError:
        return None
