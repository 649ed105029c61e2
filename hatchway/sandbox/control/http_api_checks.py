"""What API Gateway refuses of an HTTP API's integration, at its creation and at its changes."""

import re
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigatewayv2 import models

from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_RESERVED = re.compile(
    r"access-control-.*|apigw-.*|x-amz-.*|x-amzn-.*|authorization|connection|content-encoding|content-length"
    r"|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers"
    r"|transfer-encoding|upgrade|via|x-forwarded-(?:for|host|proto)"
)
_MAPPING = re.compile(r"(append|overwrite|remove):(header|querystring)\.(.+)|overwrite:path")
_LISTENER = re.compile(
    r"arn:aws[\w-]*:(?:elasticloadbalancing:[^:]*:\d{12}:listener/|servicediscovery:[^:]*:\d{12}:service/).+"
)


def install() -> None:
    """Corrects moto's integrations of HTTP APIs."""
    for name in ("create_integration", "update_integration"):
        around(models.ApiGatewayV2Backend, name, _an_integration_is_checked)


def _an_integration_is_checked(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Refuses a private integration that leads nowhere, and mappings that AWS does not take.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html and
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
    Goes when moto refuses them.
    """
    if kwargs.get("connection_type") == "VPC_LINK":
        if kwargs.get("connection_id") not in backend.vpc_links:
            raise BadRequestException(f"Invalid VpcLink identifier specified: {kwargs.get('connection_id')}")
        if not _LISTENER.fullmatch(kwargs.get("integration_uri") or ""):
            raise BadRequestException(
                "For VpcLink integrations, integration uri should be a valid ELB listener ARN or a valid "
                "Cloud Map service ARN."
            )
    for destination in kwargs.get("request_parameters") or {}:
        _check_mapping(str(destination))
    return original(backend, *args, **kwargs)


def _check_mapping(destination: str) -> None:
    found = _MAPPING.fullmatch(destination)
    if found is None:
        raise BadRequestException(f"Invalid mapping expression specified: {destination}")
    if found[2] == "header" and _RESERVED.fullmatch(found[3].lower()):
        raise BadRequestException(f"Operations on header {found[3]} are restricted")
