"""CloudWatch Synthetics canaries, as Terraform makes, starts, changes and deletes them. They do not run.

https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_Operations.html
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.synthetics import models, responses, urls

from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_CHANGEABLE = {
    "ArtifactS3Location": "artifact_s3_location",
    "ExecutionRoleArn": "execution_role_arn",
    "FailureRetentionPeriodInDays": "failure_retention_period_in_days",
    "RunConfig": "run_config",
    "RuntimeVersion": "runtime_version",
    "Schedule": "schedule",
    "SuccessRetentionPeriodInDays": "success_retention_period_in_days",
    "VpcConfig": "vpc_config",
}


class _NotFoundError(JsonRESTError):
    code = 404

    def __init__(self, name: str) -> None:
        super().__init__("ResourceNotFoundException", f"Canary {name} not found.")


def install() -> None:
    """Corrects moto's canaries, and adds the operations it lacks."""
    for action in ("start", "stop"):
        urls.url_paths[f"{{0}}/canary/(?P<name>[^/]+)/{action}$"] = responses.SyntheticsResponse.dispatch
    urls.url_paths["{0}/tags/(?P<arn>.+)$"] = responses.SyntheticsResponse.dispatch
    around(models.Canary, "to_dict", _in_awss_shape)
    around(models.SyntheticsBackend, "create_canary", _a_canary_knows_its_region)
    handlers = {
        "get_canary": _get,
        "start_canary": _start,
        "stop_canary": _stop,
        "update_canary": _update,
        "delete_canary": _delete,
        "tag_resource": _tag,
        "untag_resource": _untag,
        "list_tags_for_resource": _tags,
    }
    for name, handler in handlers.items():
        setattr(responses.SyntheticsResponse, name, handler)


def _in_awss_shape(original: Any, canary: Any) -> dict[str, Any]:
    """Returns times as numbers, and what the provider reads besides; goes when moto does.

    https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_Canary.html
    """
    shown: dict[str, Any] = original(canary)
    account = str(canary.execution_role_arn).split(":")[4]
    engine = f"arn:aws:lambda:{canary.sandbox_region}:{account}:function:cwsyn-{canary.name}"
    schedule = {"DurationInSeconds": 0, **canary.schedule}
    shown |= {
        "Timeline": {name: at.timestamp() for name, at in canary.timeline.items() if at is not None},
        "Status": {"State": canary.state, "StateReason": "", "StateReasonCode": ""},
        "EngineArn": engine,
        "Code": {"Handler": canary.code.get("Handler"), "SourceLocationArn": f"{engine}-layer"},
        "ArtifactS3Location": str(canary.artifact_s3_location).removeprefix("s3://"),
        # Values of environment variables are never read back.
        "RunConfig": {
            name: value
            for name, value in {"TimeoutInSeconds": 840, "MemoryInMB": 1000, **canary.run_config}.items()
            if name != "EnvironmentVariables"
        },
        "Schedule": {name: value for name, value in schedule.items() if value is not None},
    }
    return {name: value for name, value in shown.items() if value is not None}


def _a_canary_knows_its_region(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Keeps the region, which is part of ARNs; goes with the shape above."""
    canary = original(backend, *args, **kwargs)
    canary.sandbox_region = backend.region_name
    return canary


def _canary(response: Any) -> Any:
    name = unquote(response.path).split("/")[2]
    found = response.synthetics_backend.canaries.get(name)
    if found is None:
        raise _NotFoundError(name)
    return found


def _get(response: Any) -> str:
    return json.dumps({"Canary": _canary(response).to_dict()})


def _start(response: Any) -> str:
    _canary(response).state = "RUNNING"
    return "{}"


def _stop(response: Any) -> str:
    _canary(response).state = "STOPPED"
    return "{}"


def _update(response: Any) -> str:
    canary, given = _canary(response), json.loads(response.body or "{}")
    for name, attribute in _CHANGEABLE.items():
        if given.get(name) is not None:
            setattr(canary, attribute, given[name])
    canary.code |= given.get("Code") or {}
    return "{}"


def _delete(response: Any) -> str:
    del response.synthetics_backend.canaries[_canary(response).name]
    return "{}"


def _tagged(response: Any) -> Any:
    name = unquote(response.path).rpartition(":")[2]
    found = response.synthetics_backend.canaries.get(name)
    if found is None:
        raise _NotFoundError(name)
    return found


def _tag(response: Any) -> str:
    canary = _tagged(response)
    canary.tags = {**canary.tags, **json.loads(response.body)["Tags"]}
    return "{}"


def _untag(response: Any) -> str:
    canary = _tagged(response)
    for key in response.querystring.get("tagKeys") or ():
        canary.tags.pop(key, None)
    return "{}"


def _tags(response: Any) -> str:
    return json.dumps({"Tags": _tagged(response).tags})
