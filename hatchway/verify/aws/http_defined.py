"""Routes, integrations and authorizers of an HTTP API as they are defined, in Terraform's words.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hatchway.route.sources.configuration import first
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.reads import V2

__all__ = ["AUTHORIZER", "INTEGRATION", "ROUTE", "Part", "authorizer_arguments", "defined", "who"]

AUTHORIZER = "aws_apigatewayv2_authorizer"
INTEGRATION = "aws_apigatewayv2_integration"
ROUTE = "aws_apigatewayv2_route"


class Part(NamedTuple):
    """A route, an integration or an authorizer, with the account it is seen in."""

    account: str
    kind: str
    id: str
    arguments: Mapping[str, Any]


def defined(answers: Answers) -> Iterator[Part]:
    """Give what is defined now."""
    for request, authorizer in answers.of(f"{V2}GetAuthorizer"):
        identity = str(authorizer.get("AuthorizerId"))
        yield Part(request.account, AUTHORIZER, identity, authorizer_arguments(authorizer))
    for account, integration in answers.items(f"{V2}GetIntegrations"):
        yield Part(account, INTEGRATION, str(integration.get("IntegrationId")), _integration(integration))
    for account, route in answers.items(f"{V2}GetRoutes"):
        yield Part(account, ROUTE, str(route.get("RouteId")), _route(route))


def authorizer_arguments(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an authorizer, as GetAuthorizer describes it, in Terraform's words."""
    jwt = authorizer.get("JwtConfiguration") or {}
    return {
        "authorizer_type": authorizer.get("AuthorizerType"),
        "authorizer_uri": authorizer.get("AuthorizerUri"),
        "authorizer_credentials_arn": authorizer.get("AuthorizerCredentialsArn"),
        "authorizer_payload_format_version": authorizer.get("AuthorizerPayloadFormatVersion"),
        "authorizer_result_ttl_in_seconds": authorizer.get("AuthorizerResultTtlInSeconds"),
        "identity_sources": authorizer.get("IdentitySource"),
        "jwt_configuration": [{"issuer": jwt.get("Issuer"), "audience": jwt.get("Audience")}]
        if jwt
        else None,
    }


def _integration(integration: Mapping[str, Any]) -> Mapping[str, Any]:
    tls = integration.get("TlsConfig") or {}
    return {
        "integration_type": integration.get("IntegrationType"),
        "integration_method": integration.get("IntegrationMethod"),
        "integration_uri": integration.get("IntegrationUri"),
        "connection_type": integration.get("ConnectionType"),
        "connection_id": integration.get("ConnectionId"),
        "credentials_arn": integration.get("CredentialsArn"),
        "request_parameters": integration.get("RequestParameters") or {},
        "timeout_milliseconds": integration.get("TimeoutInMillis"),
        "tls_config": [{"server_name_to_verify": tls.get("ServerNameToVerify")}] if tls else None,
    }


def _route(route: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "route_key": route.get("RouteKey"),
        "target": route.get("Target"),
        "authorization_type": route.get("AuthorizationType"),
        "authorizer_id": route.get("AuthorizerId"),
    }


def who(authorizer: Mapping[str, Any]) -> str:
    """Return whom an authorizer asks, for what: its name is not told by both sides alike."""
    jwt = first(authorizer.get("jwt_configuration"))
    given = jwt.get("audience") or ()
    audience = sorted(map(str, given if isinstance(given, Sequence) else (given,)))
    words = (authorizer.get("authorizer_uri"), jwt.get("issuer"), *audience)
    return " ".join(str(one) for one in words if one)
