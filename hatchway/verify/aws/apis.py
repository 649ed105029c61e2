"""REST APIs on both sides: what is deployed, as resources."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hatchway.route.sources.attributes import partition
from hatchway.route.symbols import Text
from hatchway.verify.aws import definitions
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.definitions import Definition, MethodShape
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["Apis", "mapped_domains", "stage_arn", "wanted"]

_LIMITS = {"throttling_rate_limit": "throttlingRateLimit", "throttling_burst_limit": "throttlingBurstLimit"}


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for each API, its stages, what its stage serves, what it is now."""
    for account, api, stage in _apis(estate):
        yield Request.of(account, "GetRestApi", restApiId=api)
        yield Request.of(account, "GetStages", restApiId=api)
        yield Request.of(account, "GetExport", restApiId=api, stageName=stage)
        yield Request.of(account, "GetResources", restApiId=api)
        yield Request.of(account, "GetAuthorizers", restApiId=api)
    if estate.api_id is not None and estate.kind == "rest":
        yield Request.of(estate.gateway, "GetAccount")
        yield Request.of(estate.gateway, "GetUsagePlans")
        yield from _domains(estate, answers)


def _apis(estate: Estate) -> Iterator[tuple[str, str, str]]:
    if estate.api_id is not None and estate.kind == "rest":
        yield estate.gateway, estate.api_id, estate.stage
    for site in estate.sites.values():
        if site.api_id is not None:
            yield site.account, site.api_id, site.stage


def _domains(estate: Estate, answers: Answers) -> Iterator[Request]:
    yield Request.of(estate.gateway, "GetDomainNames")
    for account, domain in answers.items("GetDomainNames"):
        yield Request.of(account, "GetBasePathMappings", domainName=str(domain.get("domainName")))
    for account, domain in mapped_domains(estate, answers):
        certificate = domain.get("regionalCertificateArn")
        if certificate:
            yield Request.of(account, "DescribeCertificate", CertificateArn=str(certificate))


def mapped_domains(estate: Estate, answers: Answers) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the domain names that lead to the public API."""
    for account, domain in answers.items("GetDomainNames"):
        name = domain.get("domainName")
        mappings = answers.about("GetBasePathMappings", domainName=name) or ()
        if any(one.get("restApiId") == estate.api_id for one in mappings):
            yield account, domain


def stage_arn(region: str, api: str, stage: str) -> str:
    """Return the ARN of a stage, which names no account.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """
    return f"arn:{partition(Text.of(region))}:apigateway:{region}::/restapis/{api}/stages/{stage}"


def root_id(api: str, about: Mapping[str, Any]) -> str:
    """Return the id of an API's root."""
    return str(about.get("rootResourceId") or f"{api}/")


class Apis:
    """Writes the APIs of an estate as resources; judged is what is deployed, not what was edited since."""

    def __init__(self, estate: Estate, answers: Answers, shapes: Shapes) -> None:
        self._estate = estate
        self._answers = answers
        self._shapes = shapes

    def write(self) -> None:
        """Add every API, with what stands before it: domain names and usage plans."""
        for account, api, stage in _apis(self._estate):
            self._api(account, api, stage)
        self._plans()
        for account, domain in mapped_domains(self._estate, self._answers):
            name = str(domain.get("domainName"))
            kind = "aws_api_gateway_base_path_mapping"
            self._shapes.add(account, kind, name, api_id=self._estate.api_id, domain_name=name)

    def deployed(self, api: str, stage: str) -> Definition | None:
        """Return what a stage serves, None where that could not be read."""
        document = self._answers.about("GetExport", restApiId=api, stageName=stage)
        return None if document is None else definitions.exported(document)

    def current(self, api: str) -> Definition | None:
        """Return the definition of today with its policy, None where that could not be read."""
        about = self._answers.about("GetRestApi", restApiId=api)
        resources = self._answers.about("GetResources", restApiId=api)
        if about is None or resources is None:
            return None
        found = definitions.current(resources, self._answers.about("GetAuthorizers", restApiId=api) or ())
        return replace(found, policy=definitions.policy_of(about.get("policy")))

    def _api(self, account: str, api: str, stage: str) -> None:
        about = self._answers.about("GetRestApi", restApiId=api)
        if about is None and not self._answers.is_refused("GetRestApi", restApiId=api):
            return
        about = about or {}
        endpoint = about.get("endpointConfiguration") or {}
        now, served = self.current(api), self.deployed(api, stage)
        definition = served or now or Definition()
        policy = definition.policy or definitions.policy_of(about.get("policy"))
        self._shapes.add(
            account,
            "aws_api_gateway_rest_api",
            api,
            root_resource_id=root_id(api, about),
            endpoint_configuration=[
                {"types": endpoint.get("types"), "vpc_endpoint_ids": endpoint.get("vpcEndpointIds")}
            ],
            endpoint_access_mode=about.get("endpointAccessMode"),
            disable_execute_api_endpoint=bool(about.get("disableExecuteApiEndpoint")),
            policy=None if policy is None else json.dumps(policy),
        )
        self._stages(account, api)
        for authorizer in self._answers.about("GetAuthorizers", restApiId=api) or ():
            self._authorizer(account, api, authorizer)
        for (path, verb), method in definition.methods.items():
            self._method(account, api, path, verb, method)

    def _stages(self, account: str, api: str) -> None:
        for stage in self._answers.about("GetStages", restApiId=api) or ():
            deployment = str(stage.get("deploymentId"))
            self._shapes.add(account, "aws_api_gateway_deployment", deployment, rest_api_id=api)
            self._shapes.add(
                account,
                "aws_api_gateway_stage",
                f"ags-{api}-{stage.get('stageName')}",
                arn=stage_arn(self._estate.accounts[account].region, api, str(stage.get("stageName"))),
                rest_api_id=api,
                stage_name=stage.get("stageName"),
                deployment_id=deployment,
                variables=stage.get("variables"),
            )
            for route, settings in (stage.get("methodSettings") or {}).items():
                self._settings(account, api, str(stage.get("stageName")), route, settings)

    def _settings(self, account: str, api: str, stage: str, route: str, settings: Mapping[str, Any]) -> None:
        # A limit of -1 is none.
        limits = {
            argument: int(settings[name])
            for argument, name in _LIMITS.items()
            if settings.get(name) is not None and settings[name] >= 0
        }
        self._shapes.add(
            account,
            "aws_api_gateway_method_settings",
            f"{api}-{stage}-{route}",
            rest_api_id=api,
            stage_name=stage,
            method_path=route,
            settings=[limits],
        )

    def _plans(self) -> None:
        for account, plan in self._answers.items("GetUsagePlans"):
            throttle = plan.get("throttle") or {}
            limits = {"rate_limit": throttle.get("rateLimit"), "burst_limit": throttle.get("burstLimit")}
            known = {name: int(value) for name, value in limits.items() if value is not None}
            self._shapes.add(
                account,
                "aws_api_gateway_usage_plan",
                str(plan.get("id")),
                api_stages=[
                    {"api_id": one.get("apiId"), "stage": one.get("stage")}
                    for one in plan.get("apiStages") or ()
                ],
                throttle_settings=[known] if known else None,
            )

    def _authorizer(self, account: str, api: str, authorizer: Mapping[str, Any]) -> None:
        self._shapes.add(
            account,
            "aws_api_gateway_authorizer",
            str(authorizer.get("id")),
            rest_api_id=api,
            type=authorizer.get("type"),
            authorizer_uri=authorizer.get("authorizerUri"),
            identity_source=authorizer.get("identitySource"),
            authorizer_result_ttl_in_seconds=authorizer.get("authorizerResultTtlInSeconds"),
            authorizer_credentials=authorizer.get("authorizerCredentials"),
            provider_arns=authorizer.get("providerARNs"),
        )

    def _method(self, account: str, api: str, path: str, verb: str, method: MethodShape) -> None:
        resource = self._resource_id(api, path)
        if path != "/":
            kind, part = "aws_api_gateway_resource", path.strip("/")
            self._shapes.add(account, kind, resource, rest_api_id=api, path_part=part)
        place = {"rest_api_id": api, "resource_id": resource, "http_method": verb}
        suffix = f"{api}-{resource}-{verb}"
        self._shapes.add(
            account,
            "aws_api_gateway_method",
            f"agm-{suffix}",
            **place,
            authorization=method.authorization,
            authorizer_id=self._authorizer_id(api, method.authorizer),
            api_key_required=method.api_key_required,
            request_parameters=dict(method.request_parameters),
        )
        if method.integration is not None:
            integration = dict(method.integration)
            self._shapes.add(account, "aws_api_gateway_integration", f"agi-{suffix}", **place, **integration)
        for kind, prefix, codes in (
            ("aws_api_gateway_method_response", "agmr", method.responses),
            ("aws_api_gateway_integration_response", "agir", method.integration_responses),
        ):
            for code in codes:
                self._shapes.add(account, kind, f"{prefix}-{suffix}-{code}", **place, status_code=code)

    def _resource_id(self, api: str, path: str) -> str:
        """Return the id of a path; one that is deployed and was removed since has none any more."""
        if path == "/":
            return root_id(api, self._answers.about("GetRestApi", restApiId=api) or {})
        resources = self._answers.about("GetResources", restApiId=api) or ()
        found = (str(one.get("id")) for one in resources if one.get("path") == path)
        return next(found, f"{api}{path}")

    def _authorizer_id(self, api: str, name: str | None) -> str | None:
        authorizers = self._answers.about("GetAuthorizers", restApiId=api) or ()
        found = next((one for one in authorizers if name in {one.get("name"), one.get("id")}), None)
        return name if found is None else str(found.get("id"))
