"""Which IAM action a call to an AWS API needs, and on what, as far as the call says it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from botocore.loaders import Loader

# Whose operations are told apart by method and path. API Gateway's actions are methods on paths.
_BY_PATH = {"lambda", "ram", "route53", "synthetics"}
# The name that signs, and the one that policies use, where they differ.
_PREFIXES = {"monitoring": "cloudwatch"}
# Operations whose action has another name.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
_RENAMED = {"lambda:Invoke": "lambda:InvokeFunction"}
# The state's own role calls S3; identity and taking a role are not the deploy role's to allow.
_NOT_THE_ROLES = {"s3", "sts"}


@dataclass(frozen=True, slots=True)
class Needed:
    """An action, and the resource where the call's path says it, else None."""

    action: str
    resource: str | None = None


def needed(call: Mapping[str, Any], region: str) -> Needed | None:
    """What a line of `calls.jsonl` needs of a deploy role; None where it needs nothing of it."""
    service, operation, path = call["service"], call["operation"], call["path"]
    if service in _NOT_THE_ROLES:
        return None
    if service == "apigateway":
        # Version 2 of the API has `/v2` before paths, which ARNs have not.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
        resource = re.sub(r"^/v2(?=/)", "", path.rstrip("/"))
        return Needed(f"apigateway:{call['method']}", f"arn:aws:apigateway:{region}::{unquote(resource)}")
    if service in _BY_PATH:
        operation = _operation(service, call["method"], path)
    action = f"{_PREFIXES.get(service, service)}:{operation.rsplit('/', 1)[-1]}"
    return Needed(_RENAMED.get(action, action))


def _operation(service: str, method: str, path: str) -> str:
    found = [
        (len(literal), name)
        for name, verb, pattern, literal in _paths(service)
        if verb == method and pattern.fullmatch(path.rstrip("/") or "/")
    ]
    assert found, f"{service}: no operation is called by {method} {path}"
    return max(found)[1]


@cache
def _paths(service: str) -> list[tuple[str, str, re.Pattern[str], str]]:
    operations = Loader().load_service_model(service, "service-2")["operations"]
    return [_path(name, each["http"]) for name, each in operations.items()]


def _path(name: str, http: Mapping[str, str]) -> tuple[str, str, re.Pattern[str], str]:
    uri = http["requestUri"].split("?", 1)[0].rstrip("/") or "/"
    parts = re.split(r"(\{[^}]+\})", uri)
    pattern = "".join(
        (".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part)
        for part in parts
    )
    return name, http["method"], re.compile(pattern), re.sub(r"\{[^}]+\}", "", uri)
