"""The article's path for any number of services behind one public API."""

import json
from typing import Any

from hatchway.route.sources.configuration import Configuration, read_stack
from tests.unit.review.article import Article, F, G, S

_SHARED = ("public", "authorizer")


def configuration(services: int) -> Configuration:
    """Return stacks with a route, a load balancer and a private API for each service."""
    stacks = Article().stacks
    names = [f"s{number}" for number in range(services)]
    found = {F: stacks[F]}
    for name in names:
        found[f"service-{name}"] = json.loads(
            json.dumps(stacks[S]).replace("service-orders", f"service-{name}")
        )
    found[G] = _gateway(stacks[G], names)
    return Configuration(tuple(read_stack(name, [document]) for name, document in found.items()))


def _gateway(stack: dict[str, Any], names: list[str]) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    triggers = []
    for name in names:
        for kind, named in _own(stack["resource"], name).items():
            resources.setdefault(kind, {}).update(named)
        for route in (f"orders_{name}", f"orders_proxy_{name}"):
            triggers += [
                f"aws_api_gateway_integration.{route}.uri",
                f"aws_api_gateway_method.{route}.authorizer_id",
            ]
    triggers.append("aws_api_gateway_authorizer.authorizer.authorizer_uri")
    digest = "${sha1(jsonencode([" + ", ".join(triggers) + "]))}"
    resources["aws_api_gateway_deployment"]["public"]["triggers"] = {"redeployment": digest}
    sources = stack["data"]["terraform_remote_state"]
    for name in names:
        text = json.dumps(sources["service-orders"]).replace("service-orders", f"service-{name}")
        sources[f"service-{name}"] = json.loads(text)
    return stack | {"resource": resources, "output": {}}


def _own(resources: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what one service has of the gateway's stack, under names of its own."""
    text = json.dumps(resources).replace("service-orders", f"service-{name}")
    for kind, named in resources.items():
        for key in named:
            if key not in _SHARED:
                text = text.replace(f"{kind}.{key}.", f"{kind}.{key}_{name}.")
    found = {
        kind: {key if key in _SHARED else f"{key}_{name}": one for key, one in named.items()}
        for kind, named in json.loads(text).items()
    }
    api = "${aws_api_gateway_rest_api.public"
    base = {"provider": "aws.edge", "rest_api_id": api + ".id}", "path_part": name}
    paths = found["aws_api_gateway_resource"]
    for one in paths.values():
        one["parent_id"] = "${aws_api_gateway_resource." + name + ".id}"
    paths[name] = base | {"parent_id": api + ".root_resource_id}"}
    for kind in ("aws_api_gateway_method", "aws_api_gateway_integration"):
        found[kind][f"orders_{name}"]["resource_id"] = "${aws_api_gateway_resource." + name + ".id}"
    return found
