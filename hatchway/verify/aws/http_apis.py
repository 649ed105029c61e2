"""The public API where it is an HTTP API: routes and integrations, as resources.

Its stages deploy by themselves, as Hatchway makes them: what is defined is what is served. Of one that does
not, the served definition is not read, and nothing is said of it by what is defined.
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers, Refusal
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import V2, Request
from hatchway.verify.aws.shapes import Shapes

__all__ = [
    "authorizer_uris",
    "balancers",
    "is_served_as_defined",
    "listener_balancer",
    "mapped_domains",
    "wanted",
    "withhold_unserved",
    "write",
]


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for the API and everything in it, then for what its domain names are certified by."""
    if estate.kind != "http" or estate.api_id is None:
        return
    near, api = estate.gateway, estate.api_id
    for operation in ("GetApi", "GetStages", "GetRoutes", "GetIntegrations"):
        yield Request.of(near, V2 + operation, ApiId=api)
    for _, route in answers.items(f"{V2}GetRoutes"):
        if route.get("AuthorizerId"):
            yield Request.of(near, f"{V2}GetAuthorizer", ApiId=api, AuthorizerId=str(route["AuthorizerId"]))
    yield Request.of(near, f"{V2}GetDomainNames")
    for account, domain in answers.items(f"{V2}GetDomainNames"):
        yield Request.of(account, f"{V2}GetApiMappings", DomainName=str(domain.get("DomainName")))
    for account, _, certificate in mapped_domains(estate, answers):
        if certificate:
            yield Request.of(account, "DescribeCertificate", CertificateArn=certificate)


def mapped_domains(estate: Estate, answers: Answers) -> Iterator[tuple[str, str, str]]:
    """Give account, name and certificate of the domain names that lead to the API."""
    for account, domain in answers.items(f"{V2}GetDomainNames"):
        name = str(domain.get("DomainName"))
        mappings = answers.about(f"{V2}GetApiMappings", DomainName=name) or ()
        if any(one.get("ApiId") == estate.api_id for one in mappings):
            configurations = domain.get("DomainNameConfigurations") or [{}]
            yield account, name, str(configurations[0].get("CertificateArn") or "")


def listener_balancer(listener: str) -> str | None:
    """Return the load balancer of a listener, whose ARN begins as its own does; None for another ARN.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    """
    head, found, rest = listener.partition(":listener/")
    return f"{head}:loadbalancer/{rest.rpartition('/')[0]}" if found and rest.count("/") > 1 else None


def balancers(answers: Answers) -> Iterator[str]:
    """Give the load balancers that integrations lead to."""
    for _, integration in answers.items(f"{V2}GetIntegrations"):
        arn = listener_balancer(str(integration.get("IntegrationUri")))
        if arn is not None:
            yield arn


def authorizer_uris(answers: Answers) -> Iterator[str]:
    """Give what authorizers call."""
    for _, authorizer in answers.of(f"{V2}GetAuthorizer"):
        if authorizer.get("AuthorizerUri"):
            yield str(authorizer["AuthorizerUri"])


def is_served_as_defined(answers: Answers, stage: str) -> bool:
    """Whether a stage serves every change at once."""
    return any(
        one.get("StageName") == stage and one.get("AutoDeploy") for _, one in answers.items(f"{V2}GetStages")
    )


def withhold_unserved(estate: Estate, answers: Answers) -> None:
    """Take routes and integrations back where the stage does not serve them: they are not what callers meet.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """
    if estate.kind != "http" or estate.api_id is None or not answers.about(f"{V2}GetStages"):
        return
    if is_served_as_defined(answers, estate.stage):
        return
    for operation in ("GetRoutes", "GetIntegrations"):
        request = Request.of(estate.gateway, V2 + operation, ApiId=estate.api_id)
        answers.given[request] = Refusal(
            request=request,
            reason=f"stage {estate.stage} does not deploy by itself, and what it serves is not read",
            fix="Set auto_deploy = true on aws_apigatewayv2_stage, as Hatchway does.",
        )


def write(estate: Estate, answers: Answers, shapes: Shapes) -> None:
    """Add the API with everything in it, and what stands before and behind it."""
    if estate.kind != "http" or estate.api_id is None:
        return
    near, api = estate.gateway, estate.api_id
    about = answers.about(f"{V2}GetApi", ApiId=api)
    if about is None and not answers.is_refused(f"{V2}GetApi", ApiId=api):
        return
    shapes.add(
        near,
        "aws_apigatewayv2_api",
        api,
        protocol_type="HTTP",
        disable_execute_api_endpoint=bool((about or {}).get("DisableExecuteApiEndpoint")),
    )
    for _, stage in answers.items(f"{V2}GetStages"):
        _stage(near, api, stage, shapes)
    for _, authorizer in answers.of(f"{V2}GetAuthorizer"):
        _authorizer(near, api, authorizer, shapes)
    for _, integration in answers.items(f"{V2}GetIntegrations"):
        _integration(near, api, integration, shapes)
    for _, route in answers.items(f"{V2}GetRoutes"):
        _route(near, api, route, shapes)
    for account, name, _ in mapped_domains(estate, answers):
        _mappings(account, api, name, answers, shapes)


def _stage(account: str, api: str, stage: Mapping[str, Any], shapes: Shapes) -> None:
    name, given = str(stage.get("StageName")), stage.get("DefaultRouteSettings") or {}
    limits = {
        "throttling_rate_limit": given.get("ThrottlingRateLimit"),
        "throttling_burst_limit": given.get("ThrottlingBurstLimit"),
    }
    # A limit of zero is what AWS answers where none was set.
    known = {argument: int(value) for argument, value in limits.items() if value}
    shapes.add(
        account,
        "aws_apigatewayv2_stage",
        f"{api}/{name}",
        called=name,
        api_id=api,
        name=name,
        auto_deploy=bool(stage.get("AutoDeploy")),
        deployment_id=stage.get("DeploymentId"),
        stage_variables=stage.get("StageVariables"),
        default_route_settings=[known] if known else None,
    )


def _authorizer(account: str, api: str, authorizer: Mapping[str, Any], shapes: Shapes) -> None:
    jwt = authorizer.get("JwtConfiguration") or {}
    shapes.add(
        account,
        "aws_apigatewayv2_authorizer",
        str(authorizer.get("AuthorizerId")),
        api_id=api,
        authorizer_type=authorizer.get("AuthorizerType"),
        authorizer_uri=authorizer.get("AuthorizerUri"),
        authorizer_credentials_arn=authorizer.get("AuthorizerCredentialsArn"),
        authorizer_payload_format_version=authorizer.get("AuthorizerPayloadFormatVersion"),
        authorizer_result_ttl_in_seconds=authorizer.get("AuthorizerResultTtlInSeconds"),
        identity_sources=authorizer.get("IdentitySource"),
        jwt_configuration=[{"issuer": jwt.get("Issuer"), "audience": jwt.get("Audience")}] if jwt else None,
    )


def _integration(account: str, api: str, integration: Mapping[str, Any], shapes: Shapes) -> None:
    tls = integration.get("TlsConfig") or {}
    shapes.add(
        account,
        "aws_apigatewayv2_integration",
        str(integration.get("IntegrationId")),
        api_id=api,
        integration_type=integration.get("IntegrationType"),
        integration_method=integration.get("IntegrationMethod"),
        integration_uri=integration.get("IntegrationUri"),
        connection_type=integration.get("ConnectionType"),
        connection_id=integration.get("ConnectionId"),
        credentials_arn=integration.get("CredentialsArn"),
        request_parameters=integration.get("RequestParameters") or {},
        timeout_milliseconds=integration.get("TimeoutInMillis"),
        tls_config=[{"server_name_to_verify": tls.get("ServerNameToVerify")}] if tls else None,
    )


def _route(account: str, api: str, route: Mapping[str, Any], shapes: Shapes) -> None:
    shapes.add(
        account,
        "aws_apigatewayv2_route",
        str(route.get("RouteId")),
        api_id=api,
        route_key=route.get("RouteKey"),
        target=route.get("Target"),
        authorization_type=route.get("AuthorizationType"),
        authorizer_id=route.get("AuthorizerId"),
    )


def _mappings(account: str, api: str, domain: str, answers: Answers, shapes: Shapes) -> None:
    for one in answers.about(f"{V2}GetApiMappings", DomainName=domain) or ():
        if one.get("ApiId") == api:
            shapes.add(
                account,
                "aws_apigatewayv2_api_mapping",
                str(one.get("ApiMappingId")),
                api_id=api,
                domain_name=domain,
                stage=one.get("Stage"),
            )
