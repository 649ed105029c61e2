"""Canary releases of a stage, which moto drops.

https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
"""

import json
from typing import Any

from moto.apigateway import models, responses
from moto.apigateway.exceptions import BadRequestException

from hatchway.sandbox.control.patch_operations import Entries, Scalar, Setting, flag, patch
from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install"]

_PREFIX = "/canarySettings"
_WHOLE = 100.0


def install() -> None:
    """Corrects moto's stages."""
    around(responses.APIGatewayResponse, "create_stage", _a_stage_is_created_with_its_canary)
    around(models.Stage, "to_json", _a_stage_shows_its_canary)
    around(models.Stage, "apply_operations", _a_canary_changes_in_place)


class _Canary:
    """The settings of a canary, in the shape that patch operations change."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.percent = float(settings.get("percentTraffic") or 0)
        self.deployment_id = settings.get("deploymentId")
        self.overrides = dict(settings.get("stageVariableOverrides") or {})
        self.use_cache = bool(settings.get("useStageCache"))

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "percentTraffic": self.percent,
            "deploymentId": self.deployment_id,
            "useStageCache": self.use_cache,
        }
        return {**shown, "stageVariableOverrides": self.overrides} if self.overrides else shown


def _percent(value: str | None) -> float:
    try:
        percent = float(value or "")
    except ValueError as error:
        raise BadRequestException("Invalid percentTraffic specified") from error
    if not 0 <= percent <= _WHOLE:
        raise BadRequestException("Percent traffic should be between 0.0 and 100.0")
    return percent


_CANARY: dict[str, Setting] = {
    "percentTraffic": Scalar("percent", _percent),
    "deploymentId": Scalar("deployment_id"),
    "stageVariableOverrides": Entries("overrides"),
    "useStageCache": Scalar("use_cache", flag),
}


def _a_stage_is_created_with_its_canary(original: Any, response: Any) -> Any:
    """Keeps `canarySettings` of a new stage; goes when moto keeps them.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
    """
    status, headers, body = original(response)
    settings = parameter(response, "canarySettings")
    if not settings:
        return status, headers, body
    stage = response.backend.get_stage(response.path.split("/")[2], json.loads(body)["stageName"])
    stage.sandbox_canary = _Canary({"deploymentId": stage.deployment_id, **settings})
    return status, headers, json.dumps(stage.to_json())


def _a_stage_shows_its_canary(original: Any, stage: Any) -> dict[str, Any]:
    """Returns the settings kept; goes with them."""
    shown: dict[str, Any] = original(stage)
    canary = getattr(stage, "sandbox_canary", None)
    return {**shown, "canarySettings": canary.to_json()} if canary else shown


def _a_canary_changes_in_place(original: Any, stage: Any, operations: list[dict[str, Any]]) -> Any:
    """Applies the operations on a canary, its removal and its promotion; goes when moto does.

    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
    """
    others = []
    for operation in operations:
        path = str(operation["path"])
        if operation["op"] == "remove" and path == _PREFIX:
            stage.sandbox_canary = None
        elif operation["op"] == "copy" and path == "/deploymentId":
            stage.deployment_id = stage.sandbox_canary.deployment_id
        elif operation["op"] == "copy" and str(operation.get("from", "")).startswith(_PREFIX):
            stage.variables.update(stage.sandbox_canary.overrides)
        elif path.startswith(_PREFIX):
            canary = getattr(stage, "sandbox_canary", None) or _Canary({"deploymentId": stage.deployment_id})
            patch(canary, _CANARY, [{**operation, "path": path.removeprefix(_PREFIX)}])
            stage.sandbox_canary = canary
        else:
            others.append(operation)
    return original(stage, others)
