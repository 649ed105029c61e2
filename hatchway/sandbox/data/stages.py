"""The stage in a request's path."""

from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError
from hatchway.sandbox.data.world import RestApi, Stage

__all__ = ["find_stage", "split_stage"]


def find_stage(api: RestApi, name: str) -> Stage:
    """Returns a stage of an API.

    Raises:
        GatewayError: it has no such stage, which API Gateway answers like an unknown API.
    """
    stage = api.stages.get(name)
    if stage is None:
        raise GatewayError(FORBIDDEN, f"{api.id} has no stage {name!r}")
    return stage


def split_stage(path: str) -> tuple[str, str]:
    """Splits `/stage/path` into the stage's name and the path on the stage, which is `/` at least."""
    name, _, rest = path.lstrip("/").partition("/")
    return name, "/" + rest
