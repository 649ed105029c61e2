"""The role with which API Gateway writes logs: one setting of an account in a region.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

import json
from typing import Any

from moto.apigateway import models
from moto.apigateway.exceptions import BadRequestException
from moto.iam.models import iam_backends

from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_SERVICE = "apigateway.amazonaws.com"


def install() -> None:
    """Corrects moto's account settings and stages."""
    around(models.APIGatewayBackend, "update_account", _the_role_can_be_assumed)
    around(models.APIGatewayBackend, "update_stage", _logging_needs_the_role)


def _the_role_can_be_assumed(original: Any, backend: Any, patch_operations: list[dict[str, Any]]) -> Any:
    """Refuses a role that API Gateway cannot assume; goes when moto looks at it.

    https://github.com/hashicorp/terraform-provider-aws/issues/4582 has AWS's message.
    """
    for operation in patch_operations:
        arn = operation.get("value")
        if operation["path"] == "/cloudwatchRoleArn" and arn and not _trusts_the_service(backend, arn):
            raise BadRequestException("The role ARN does not have required permissions set to API Gateway")
    return original(backend, patch_operations)


def _trusts_the_service(backend: Any, arn: str) -> bool:
    roles = iam_backends[backend.account_id]["aws"].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    return role is not None and _SERVICE in json.dumps(json.loads(role.assume_role_policy_document))


def _logging_needs_the_role(
    original: Any, backend: Any, function_id: str, stage_name: str, patch_operations: Any
) -> Any:
    """Refuses to switch logs on while the account has no role; goes when moto refuses it.

    https://repost.aws/knowledge-center/api-gateway-cloudwatch-logs
    """
    if not backend.account.cloudwatch_role_arn and any(map(_switches_on, patch_operations or ())):
        raise BadRequestException(
            "CloudWatch Logs role ARN must be set in account settings to enable logging"
        )
    return original(backend, function_id, stage_name, patch_operations)


def _switches_on(operation: dict[str, Any]) -> bool:
    path, value = str(operation["path"]), operation.get("value")
    if operation["op"] == "remove" or not value:
        return False
    return path.startswith("/accessLogSettings") or (path.endswith("/logging/loglevel") and value != "OFF")
