"""The public API where it is an HTTP API: routes and integrations, as resources.

Its stages deploy by themselves, as Hatchway makes them: what is defined is what is served. Of one that does
not, an export tells what is served; without that, nothing is said of it by what is defined.
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers, Refusal
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.http_changes import changes
from hatchway.verify.aws.http_defined import AUTHORIZER, INTEGRATION
from hatchway.verify.aws.http_served import met, served
from hatchway.verify.aws.reads import V2, Request
from hatchway.verify.aws.shapes import Shapes

__all__ = [
    "authorizer_uris",
    "balancers",
    "listener_balancer",
    "mapped_domains",
    "undeployed_changes",
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
    if _deploys_by_hand(answers, estate.stage):
        yield Request.of(near, f"{V2}ExportApi", ApiId=api, StageName=estate.stage)
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
    for part in met(answers):
        if part.kind == INTEGRATION:
            arn = listener_balancer(str(part.arguments.get("integration_uri")))
            if arn is not None:
                yield arn


def authorizer_uris(answers: Answers) -> Iterator[str]:
    """Give what authorizers call."""
    for part in met(answers):
        if part.kind == AUTHORIZER and part.arguments.get("authorizer_uri"):
            yield str(part.arguments["authorizer_uri"])


def undeployed_changes(answers: Answers, stage: str) -> tuple[str, ...] | None:
    """Return what was changed since a stage was deployed, as words; None if that cannot be told."""
    return () if _serves_every_change(answers, stage) else changes(answers)


def _serves_every_change(answers: Answers, stage: str) -> bool:
    return any(one.get("AutoDeploy") for one in _stages(answers, stage))


def _deploys_by_hand(answers: Answers, stage: str) -> bool:
    return any(not one.get("AutoDeploy") for one in _stages(answers, stage))


def _stages(answers: Answers, stage: str) -> Iterator[Mapping[str, Any]]:
    return (one for _, one in answers.items(f"{V2}GetStages") if one.get("StageName") == stage)


def withhold_unserved(estate: Estate, answers: Answers) -> None:
    """Take routes and integrations back where it is not known what is served: callers may meet others.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """
    if estate.kind != "http" or estate.api_id is None or not answers.about(f"{V2}GetStages"):
        return
    if _serves_every_change(answers, estate.stage) or served(answers) is not None:
        return
    why = _unread(estate, answers)
    for operation in ("GetRoutes", "GetIntegrations"):
        request = Request.of(estate.gateway, V2 + operation, ApiId=estate.api_id)
        answers.take(request, Refusal(request=request, reason=why.reason, fix=why.fix))


def _unread(estate: Estate, answers: Answers) -> Refusal:
    """Return why it is not known what the stage serves."""
    request = Request.of(estate.gateway, f"{V2}ExportApi", ApiId=estate.api_id, StageName=estate.stage)
    refused = answers.given.get(request)
    if isinstance(refused, Refusal):
        return refused
    return Refusal(
        request=request,
        reason=f"stage {estate.stage} does not deploy by itself, and no export tells what it serves",
        fix="Deploy the API to the stage, or set auto_deploy = true on aws_apigatewayv2_stage, as Hatchway "
        "does.",
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
    for part in met(answers):
        shapes.add(near, part.kind, part.id, api_id=api, **part.arguments)
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
