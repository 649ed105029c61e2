"""Security schemes of an imported document: authorizers, IAM and API keys.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.moto_api._internal import mock_random

__all__ = ["Authorization", "Security", "import_security", "of_operation"]

_X = "x-amazon-apigateway-"
_DEFAULT_TTL_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What a method asks of its callers."""

    type: str = "NONE"
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()
    needs_key: bool = False


Security = Mapping[str, Authorization]
"""What each security scheme of a document asks for, by its name."""


def import_security(api: Any, document: dict[str, Any]) -> Security:
    """Makes the authorizers of a document; returns what each of its schemes asks for."""
    schemes = document.get("components", {}).get("securitySchemes") or {}
    return {name: _scheme(api, name, scheme) for name, scheme in schemes.items()}


def of_operation(security: Security, document: dict[str, Any], operation: dict[str, Any]) -> Authorization:
    """Returns what an operation asks of its callers.

    Raises:
        BadRequestException: It names a scheme that the document does not have.
    """
    explicit = operation.get(f"{_X}auth")
    if explicit is not None:
        return Authorization(type=str(explicit.get("type", "NONE")).upper())
    wanted = operation.get("security", document.get("security")) or ()
    found = Authorization()
    for requirement in wanted:
        for name, scopes in requirement.items():
            if name not in security:
                raise BadRequestException(f"Invalid security scheme {name!r} specified")
            found = _both(found, security[name], tuple(scopes))
    return found


def _both(one: Authorization, other: Authorization, scopes: tuple[str, ...]) -> Authorization:
    """An API key can be asked for along with a proof of identity; two proofs cannot."""
    if other.needs_key:
        return Authorization(
            type=one.type, authorizer_id=one.authorizer_id, scopes=one.scopes, needs_key=True
        )
    if one.type != "NONE":
        return one
    return Authorization(
        type=other.type, authorizer_id=other.authorizer_id, scopes=scopes, needs_key=one.needs_key
    )


def _scheme(api: Any, name: str, scheme: dict[str, Any]) -> Authorization:
    kind = str(scheme.get(f"{_X}authtype", "")).lower()
    if kind == "awssigv4":
        return Authorization(type="AWS_IAM")
    declared = scheme.get(f"{_X}authorizer")
    if declared is None:
        # A plain `apiKey` scheme is API Gateway's own key.
        return Authorization(needs_key=scheme.get("type") == "apiKey")
    authorizer = _authorizer(api, name, scheme, declared)
    cognito = authorizer.type == "COGNITO_USER_POOLS"
    return Authorization(type="COGNITO_USER_POOLS" if cognito else "CUSTOM", authorizer_id=authorizer.id)


def _authorizer(api: Any, name: str, scheme: dict[str, Any], declared: dict[str, Any]) -> Any:
    kind = str(declared.get("type", "")).upper()
    if kind not in {"TOKEN", "REQUEST", "COGNITO_USER_POOLS"}:
        raise BadRequestException(f"Invalid authorizer type {declared.get('type')!r} specified")
    known = {authorizer.name: authorizer.id for authorizer in api.authorizers.values()}
    source = declared.get("identitySource")
    if source is None and kind != "REQUEST":
        source = f"method.request.header.{scheme.get('name', 'Authorization')}"
    ttl = declared.get("authorizerResultTtlInSeconds")
    authorizer = api.create_authorizer(
        known.get(name) or mock_random.get_random_string(length=6).lower(),
        name,
        kind,
        declared.get("providerARNs"),
        scheme.get(f"{_X}authtype"),
        declared.get("authorizerUri"),
        declared.get("authorizerCredentials"),
        source,
        None,
        _DEFAULT_TTL_SECONDS if ttl is None else int(ttl),
    )
    authorizer.identity_validation_expression = declared.get("identityValidationExpression")
    return authorizer
