"""Answers in the shape of Terraform's resources, so that one reading of them serves plan and deployment.

`Routes` and everything it is made of reads these as it reads a configuration whose values are all known.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hatchway.route.sources.configuration import Configuration, Resource, Stack
from hatchway.route.sources.plan_values import escaped
from hatchway.verify.aws.estate import Estate

__all__ = ["Names", "Shapes"]

Json = Any


class Names:
    """What Terraform calls things, by type and id, read from its state.

    Nothing but types, names, keys and ids is taken from a state: it may hold secrets.
    """

    def __init__(self, states: Mapping[str, bytes]) -> None:
        self._found: dict[tuple[str, str], tuple[str, str, str | int | None]] = {}
        for stack, document in states.items():
            for resource in _resources(document):
                for instance in resource.get("instances") or []:
                    attributes = instance.get("attributes") or {}
                    known = (stack, str(resource.get("name")), instance.get("index_key"))
                    for key in {str(attributes.get("id")), str(attributes.get("arn"))}:
                        self._found.setdefault((str(resource.get("type")), key), known)

    def of(self, kind: str, identity: str) -> tuple[str, str, str | int | None] | None:
        """Return stack, name and key of a resource, None for one that Terraform does not know."""
        return self._found.get((kind, identity))


def _resources(document: bytes) -> Iterable[Mapping[str, Json]]:
    try:
        found = json.loads(document).get("resources", [])
    except (ValueError, AttributeError, RecursionError):
        return []
    return [one for one in found if isinstance(one, Mapping) and one.get("mode") == "managed"]


class Shapes:
    """Collects resources, each once."""

    def __init__(self, estate: Estate, names: Names) -> None:
        self._estate = estate
        self._names = names
        self._kept: dict[tuple[str, str], Resource] = {}

    def add(
        self, account: str, kind: str, identity: str, *, called: str | None = None, **arguments: Json
    ) -> None:
        """Add a resource; `called` is its id in Terraform's state, where that is another one."""
        if (kind, identity) in self._kept:
            return
        stack, name, key = self._names.of(kind, called or identity) or (account, identity, None)
        given = {argument: escaped(value) for argument, value in arguments.items() if value is not None}
        self._kept[kind, identity] = Resource(
            stack=stack,
            mode="managed",
            type=kind,
            name=name,
            key=key,
            # Nothing is about to be replaced, so that nothing is to be said about it.
            arguments={"id": identity, **given, "provider": f"aws.{account}"}
            | {"lifecycle": {"create_before_destroy": True}},
        )

    def has(self, kind: str, identity: str) -> bool:
        """Whether a resource was added."""
        return (kind, identity) in self._kept

    def configuration(self) -> Configuration:
        """Return everything as the configuration of as many stacks as it is from."""
        providers = tuple(
            {"alias": name, "region": account.region, "allowed_account_ids": [account.id]}
            for name, account in self._estate.accounts.items()
        )
        stacks: dict[str, list[Resource]] = {}
        for resource in self._kept.values():
            stacks.setdefault(resource.stack, []).append(resource)
        return Configuration(
            tuple(
                Stack(name=name, resources=tuple(resources), providers=providers)
                for name, resources in stacks.items()
            )
        )
