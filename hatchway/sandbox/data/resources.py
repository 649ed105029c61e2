"""Finds the resource and the method that a request is for.

An exact part of a path beats a `{parameter}`, which beats a greedy `{proxy+}`:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.world import ApiDefinition, Method, Resource

__all__ = ["Match", "fit", "match", "parts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The method that answers, and the values of its path parameters, decoded."""

    resource: Resource
    method: Method
    path_parameters: Mapping[str, str]


def match(definition: ApiDefinition, http_method: str, path: str) -> Match | None:
    """Returns the method for a request, or None where no resource or method is deployed for it.

    A resource is chosen by the path alone: where it lacks the HTTP method, no other resource is tried.
    """
    parts = parts_of(path)
    found = [
        (rank, resource, values)
        for resource in definition.resources
        if resource.methods and (fitted := fit(parts_of(resource.path), parts)) is not None
        for rank, values in [fitted]
    ]
    if not found:
        return None
    _, resource, values = min(found, key=lambda candidate: candidate[0])
    method = resource.methods.get(http_method) or resource.methods.get("ANY")
    if method is None:
        return None
    return Match(resource=resource, method=method, path_parameters=values)


def parts_of(path: str) -> list[str]:
    """The parts of a path between its slashes."""
    return [part for part in path.split("/") if part]


def fit(pattern: list[str], parts: list[str]) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """Returns how exact a fit is, part by part (lower is better), with the parameters' values."""
    rank: list[int] = []
    values: dict[str, str] = {}
    for index, expected in enumerate(pattern):
        if index >= len(parts):
            return None
        if expected.endswith("+}"):
            values[expected[1:-2]] = urllib.parse.unquote("/".join(parts[index:]))
            return (*rank, 2), values
        if expected.startswith("{"):
            values[expected[1:-1]] = urllib.parse.unquote(parts[index])
            rank.append(1)
        elif expected == urllib.parse.unquote(parts[index]):
            rank.append(0)
        else:
            return None
    return (tuple(rank), values) if len(pattern) == len(parts) else None
