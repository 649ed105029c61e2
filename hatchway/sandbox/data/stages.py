"""The stage in a request's path, and which of its deployments answers."""

import random
from collections.abc import Callable
from dataclasses import replace

from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError
from hatchway.sandbox.data.world import RestApi, Stage

__all__ = ["find_stage", "split_stage"]

_WHOLE = 100


def find_stage(api: RestApi, name: str, chance: Callable[[], float] = random.random) -> Stage:
    """Returns a stage of an API, with its canary in place of its deployment for a share of the requests.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html

    Raises:
        GatewayError: it has no such stage, which API Gateway answers like an unknown API.
    """
    stage = api.stages.get(name)
    if stage is None:
        raise GatewayError(FORBIDDEN, f"{api.id} has no stage {name!r}")
    canary = stage.canary
    if canary is None or chance() * _WHOLE >= canary.percent:
        return stage
    return replace(
        stage,
        deployment_id=canary.deployment_id,
        definition=canary.definition,
        variables=canary.variables,
    )


def split_stage(path: str) -> tuple[str, str]:
    """Splits `/stage/path` into the stage's name and the path on the stage, which is `/` at least."""
    name, _, rest = path.lstrip("/").partition("/")
    return name, "/" + rest
