"""Changes in place to stages, and to the tags of everything in API Gateway that has tags."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.apigateway import models, responses
from moto.apigateway.exceptions import BadRequestException

from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install"]


def install() -> None:
    """Corrects moto's stages and tags."""
    around(models.Stage, "apply_operations", _a_stage_has_no_other_paths)
    around(models.APIGatewayBackend, "update_stage", _a_stage_runs_a_deployment_that_exists)
    for name in ("get_tags", "tag_resource", "untag_resource"):
        around(responses.APIGatewayResponse, name, _every_kind_has_tags(name))


def _a_stage_has_no_other_paths(original: Any, stage: Any, operations: list[dict[str, Any]]) -> Any:
    """Refuses a path that moto passes over in silence; goes when moto refuses it.

    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
    """
    known = re.compile(
        r"/(?:accessLogSettings(?:/\w+)?|cacheClusterEnabled|cacheClusterSize|clientCertificateId|deploymentId"
        r"|description|documentationVersion|tracingEnabled|variables/\w+|canarySettings(?:/.*)?)"
        r"|/[^/]+/[^/]+(?:/(?:logging|metrics|throttling|caching)/\w+)?"
    )
    for operation in operations:
        if not known.fullmatch(operation["path"]):
            raise BadRequestException(
                f"Invalid patch path  '{operation['path']}' specified for op '{operation['op']}'."
            )
    return original(stage, operations)


def _a_stage_runs_a_deployment_that_exists(
    original: Any, backend: Any, function_id: str, stage_name: str, patch_operations: Any
) -> Any:
    """Refuses to move a stage to a deployment of nobody; goes when moto looks it up.

    https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html
    """
    deployments = backend.get_rest_api(function_id).deployments
    for operation in patch_operations:
        if operation["path"] == "/deploymentId" and operation.get("value") not in deployments:
            raise BadRequestException("Deployment id does not exist")
    return original(backend, function_id, stage_name, patch_operations)


def _every_kind_has_tags(name: str) -> Callable[[Any, Any], Any]:
    """Returns the correction of one tag operation, for APIs and VPC links; moto has stages only.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    Goes when moto has all kinds.
    """

    def correction(original: Any, response: Any) -> Any:
        kind, _, identity = unquote(response.path).rpartition("::/")[2].partition("/")
        if kind == "restapis" and "/" not in identity:
            tagged = response.backend.get_rest_api(identity)
        elif kind == "vpclinks":
            tagged = response.backend.get_vpc_link(identity)
        else:
            return original(response)
        tagged.tags = dict(tagged.tags or {})
        if name == "get_tags":
            return json.dumps({"tags": tagged.tags})
        if name == "tag_resource":
            tagged.tags.update(parameter(response, "tags") or {})
        else:
            for key in response.querystring.get("tagKeys") or ():
                tagged.tags.pop(key, None)
        return "{}"

    return correction
