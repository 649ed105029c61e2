"""Reads REST APIs with their stages from moto's records."""

from collections.abc import Mapping
from typing import Any

from hatchway.sandbox.data.moto_callers import throttle
from hatchway.sandbox.data.world import (
    ApiDefinition,
    Canary,
    MethodSettings,
    RestApi,
    Stage,
    Throttle,
)

__all__ = ["DEFINITION", "read_rest_api"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any

DEFINITION = "hatchway_definition"
"""The attribute of a deployment that holds the API as it was deployed."""


def read_rest_api(api: _Moto) -> RestApi:
    """Reads moto's REST API: what takes effect at once, and what its stages' deployments froze."""
    configuration = api.endpoint_configuration or {}
    found = {name: _stage(api, name, stage) for name, stage in list(api.stages.items())}
    stages = {name: stage for name, stage in found.items() if stage is not None}
    return RestApi(
        id=api.id,
        account_id=api.account_id,
        region=api.region_name,
        is_private="PRIVATE" in configuration.get("types", ()),
        vpc_endpoint_ids=frozenset(configuration.get("vpcEndpointIds") or ()),
        default_endpoint_disabled=bool(api.disableExecuteApiEndpoint),
        stages=stages,
    )


def _stage(api: _Moto, name: str, stage: _Moto) -> Stage | None:
    """Reads a stage; None where its deployment was made before there were snapshots."""
    definition = getattr(api.deployments.get(stage.deployment_id), DEFINITION, None)
    if not isinstance(definition, ApiDefinition):
        return None
    logs = stage.access_log_settings or {}
    variables = {key: str(value) for key, value in (stage.variables or {}).items()}
    return Stage(
        name=name,
        deployment_id=stage.deployment_id,
        definition=definition,
        variables=variables,
        method_settings={
            path: MethodSettings(throttle=_throttle(settings))
            for path, settings in stage.method_settings.items()
        },
        canary=_canary(api, getattr(stage, "sandbox_canary", None), variables),
        access_log_arn=logs.get("destinationArn"),
        access_log_format=logs.get("format") or "",
    )


def _throttle(settings: Mapping[str, Any]) -> Throttle | None:
    rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
    return throttle({"rateLimit": rate, "burstLimit": burst})


def _canary(api: _Moto, canary: _Moto, variables: Mapping[str, str]) -> Canary | None:
    definition = getattr(api.deployments.get(canary.deployment_id), DEFINITION, None) if canary else None
    if canary is None or not isinstance(definition, ApiDefinition):
        return None
    return Canary(
        percent=canary.percent,
        deployment_id=canary.deployment_id,
        definition=definition,
        variables={**variables, **canary.overrides},
    )
