"""Which stage of which HTTP API a request is for, by its host name and its path."""

import re

from hatchway.sandbox.data.domains import base_path_of
from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import NOT_FOUND, HttpApiError
from hatchway.sandbox.data.message import Caller, Request, Trace
from hatchway.sandbox.data.stages import split_stage
from hatchway.sandbox.data.world import HttpApi, HttpStage, World

__all__ = ["find_call"]

_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com")
_DEFAULT = "$default"


def find_call(world: World, request: Request, caller: Caller, trace: Trace) -> HttpCall | None:
    """Returns the call, or None where the request is for no HTTP API.

    Raises:
        HttpApiError: there is an HTTP API, but not for this request.
    """
    host = (request.header("Host") or "").partition(":")[0].lower()
    found = _HOST.fullmatch(host)
    base_path, stage_name, rest = "", None, request.path
    if found is not None:
        api = world.http_api(found[1])
        if api is None or api.region != found[2]:
            return None
        if api.default_endpoint_disabled:
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
            raise HttpApiError(NOT_FOUND, f"{api.id} has its default endpoint disabled")
    else:
        domain = world.domain(host)
        mapped = base_path_of(domain, request.path) if domain else None
        api = world.http_api(mapped.mapping.api_id) if mapped else None
        if mapped is None or api is None:
            return None
        base_path, stage_name, rest = mapped.base_path, mapped.mapping.stage, mapped.rest
    stage, path = _stage(api, stage_name, rest)
    return HttpCall(
        api=api,
        stage=stage,
        request=request.with_path(path),
        called_path=request.path,
        caller=caller,
        trace=trace,
        request_id=trace.request_id,
        known={"customDomain.basePathMatched": base_path} if base_path else {},
    )


def _stage(api: HttpApi, name: str | None, path: str) -> tuple[HttpStage, str]:
    """The stage that a domain maps, else the one the path begins with, else `$default`."""
    if name is not None:
        first, rest = name, path
    else:
        first, rest = split_stage(path)
        if first not in api.stages:
            first, rest = _DEFAULT, path
    stage = api.stages.get(first)
    if stage is None:
        raise HttpApiError(NOT_FOUND, f"{api.id} has no stage for {path}")
    return stage, rest
