"""What API Gateway refuses of an integration, at its creation and at its changes."""

import re
from typing import Any

from moto.apigateway.exceptions import BadRequestException, InvalidHttpEndpoint

__all__ = ["check_link", "check_mappings", "check_uri"]


def check_uri(integration_type: str, uri: str | None) -> None:
    """Refuses an HTTP integration without an HTTP address.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    """
    if integration_type in {"HTTP", "HTTP_PROXY"} and not re.match(r"https?://[^/]+", uri or ""):
        raise InvalidHttpEndpoint


def check_link(backend: Any, connection_type: str | None, connection_id: str | None) -> None:
    """Refuses an integration over a VPC link that does not exist, unless a stage variable names it.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    """
    if connection_type != "VPC_LINK":
        return
    if not connection_id:
        raise BadRequestException("ConnectionId is required for VPC_LINK connection type")
    if "${" not in connection_id and connection_id not in backend.vpc_links:
        raise BadRequestException(f"Invalid Vpc Link identifier specified: {connection_id}")


_DESTINATION = re.compile(r"integration\.request\.(?:header|querystring|path)\.\S+")
_SOURCE = re.compile(
    r"method\.request\.(?:header|querystring|path|multivalueheader|multivaluequerystring)\.\S+"
    r"|method\.request\.body(?:[.\[].*)?|stageVariables\.\w+|context\.\S+|'.*'",
    re.DOTALL,
)
_DECLARED = re.compile(r"method\.request\.(?:header|querystring|path)\.")


def check_mappings(method: Any, mappings: dict[str, str] | None) -> None:
    """Refuses a mapping that is malformed, or that reads a parameter which the method does not declare.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
    https://github.com/aws/aws-cdk/issues/17318 has AWS's message.

    Raises:
        BadRequestException: As AWS words it.
    """
    declared = method.request_parameters or {}
    for destination, source in (mappings or {}).items():
        if not _DESTINATION.fullmatch(destination) or not _SOURCE.fullmatch(str(source)):
            wrong = f"Invalid mapping expression specified: {destination}, {source}"
        elif _DECLARED.match(source) and source not in declared:
            wrong = f"Invalid mapping expression parameter specified: {source}"
        else:
            continue
        raise BadRequestException(
            f"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{wrong}]"
        )
