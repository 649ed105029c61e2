"""Cognito user pools: what moto cannot delete."""

from typing import Any

from moto.cognitoidp import responses
from moto.cognitoidp.exceptions import ResourceNotFoundError

from hatchway.sandbox.control.patching import parameter

__all__ = ["install"]


def install() -> None:
    """Adds the operations."""
    setattr(responses.CognitoIdpResponse, "delete_resource_server", _delete_resource_server)  # noqa: B010 - moto has none


def _delete_resource_server(response: Any) -> str:
    """Deletes a resource server; goes when moto does.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html
    """
    pool = response.backend.describe_user_pool(parameter(response, "UserPoolId"))
    identifier = parameter(response, "Identifier")
    if identifier not in pool.resource_servers:
        raise ResourceNotFoundError(f"Resource server {identifier} does not exist.")
    del pool.resource_servers[identifier]
    return ""
