"""Changes in place to usage plans, which moto applies in part.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch
"""

from typing import Any

from moto.apigateway import models
from moto.apigateway.exceptions import BadRequestException, NotFoundException

from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_TEXTS = {"name": "name", "description": "description", "productCode": "product_code"}
_READERS = {"rateLimit": float, "burstLimit": int, "limit": int, "offset": int, "period": str}


def install() -> None:
    """Corrects moto's usage plans."""
    around(models.UsagePlan, "apply_patch_operations", _all_operations_are_applied)
    around(models.APIGatewayBackend, "create_usage_plan", _its_stages_exist)
    around(models.APIGatewayBackend, "update_usage_plan", _its_new_stages_exist)


def _all_operations_are_applied(_original: Any, plan: Any, operations: list[dict[str, Any]]) -> None:
    """Applies each operation; moto passes over limits of single methods, and cannot read a rate of 0.5.

    Goes when moto does.
    """
    for operation in operations:
        path = str(operation["path"])
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path.strip("/").split("/")]
        if not _apply(plan, operation["op"] == "remove", parts, operation.get("value")):
            raise BadRequestException(f"Invalid patch path  '{path}' specified for op '{operation['op']}'.")


def _apply(plan: Any, removes: bool, parts: list[str], value: Any) -> bool:  # noqa: FBT001 - one of two operations
    match parts:
        case [name] if name in _TEXTS:
            setattr(plan, _TEXTS[name], None if removes else value)
        case ["apiStages"]:
            _change_stages(plan, removes, str(value))
        case ["apiStages", key, "throttle", *rest]:
            _limit(_stage(plan, key).setdefault("throttle", {}), removes, rest)(value)
        case ["throttle" | "quota" as name]:
            getattr(plan, name).clear()
        case ["throttle" | "quota" as name, setting] if setting in _READERS:
            getattr(plan, name)[setting] = _READERS[setting](value)
        case _:
            return False
    return True


def _change_stages(plan: Any, removes: bool, value: str) -> None:  # noqa: FBT001 - as above
    api_id, _, name = value.partition(":")
    kept = [stage for stage in plan.api_stages if (stage["apiId"], stage["stage"]) != (api_id, name)]
    plan.api_stages = kept if removes else [*kept, {"apiId": api_id, "stage": name}]


def _stage(plan: Any, key: str) -> dict[str, Any]:
    for stage in plan.api_stages:
        if f"{stage['apiId']}:{stage['stage']}" == key:
            found: dict[str, Any] = stage
            return found
    raise NotFoundException(f"API Stage not found: {key}")


def _limit(throttles: dict[str, Any], removes: bool, rest: list[str]) -> Any:  # noqa: FBT001 - as above
    """Returns what changes the limits of a stage's methods."""

    def change(value: Any) -> None:
        match rest:
            case []:
                throttles.clear()
            case [method]:
                throttles.pop(method, None)
            case [method, setting] if setting in _READERS and not removes:
                throttles.setdefault(method, {})[setting] = _READERS[setting](value)

    return change


def _its_stages_exist(original: Any, backend: Any, payload: dict[str, Any]) -> Any:
    """Refuses a plan for a stage that is not there; goes when moto does.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlan.html
    """
    for stage in payload.get("apiStages") or ():
        _check_stage(backend, stage["apiId"], stage["stage"])
    return original(backend, payload)


def _its_new_stages_exist(
    original: Any, backend: Any, usage_plan_id: str, patch_operations: list[dict[str, Any]]
) -> Any:
    """Refuses to add a stage that is not there, as above."""
    for operation in patch_operations:
        if operation["op"] == "add" and operation["path"] == "/apiStages":
            api_id, _, name = str(operation["value"]).partition(":")
            _check_stage(backend, api_id, name)
    return original(backend, usage_plan_id, patch_operations)


def _check_stage(backend: Any, api_id: str, name: str) -> None:
    api = backend.apis.get(api_id)
    if api is None or name not in api.stages:
        raise NotFoundException(f"API Stage not found: {api_id}:{name}")
