"""HTTP APIs: deployments, which moto does not have, and domain names as the provider reads them."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from moto.apigateway.exceptions import BadRequestException, DeploymentNotFoundException
from moto.apigatewayv2 import models, responses, urls
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random

from hatchway.sandbox.control.addresses import free_address
from hatchway.sandbox.control.domain_names import check_certificate, check_truststore
from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_HOSTED_ZONE = "ZLY8HYME6SFDD"
_SHOWN = ("deploymentId", "deploymentStatus", "autoDeployed", "createdDate", "description")


def install() -> None:
    """Corrects moto's HTTP APIs."""
    path = "{0}/v2/apis/(?P<api_id>[^/]+)/deployments"
    for pattern in (f"{path}$", f"{path}/(?P<deployment_id>[^/]+)$"):
        urls.url_paths[pattern] = responses.ApiGatewayV2Response.dispatch
    for name, handler in {
        "create_deployment": _create_deployment,
        "get_deployment": _get_deployment,
        "get_deployments": _get_deployments,
        "delete_deployment": _delete_deployment,
        "update_deployment": _update_deployment,
    }.items():
        setattr(responses.ApiGatewayV2Response, name, handler)
    around(models.Stage, "__init__", _a_stage_keeps_its_deployment)
    around(models.Stage, "to_json", _a_stage_shows_its_deployment)
    around(models.ApiGatewayV2Backend, "create_vpc_link", _a_link_has_interfaces)
    around(models.ApiGatewayV2Backend, "delete_vpc_link", _interfaces_go_with_the_link)
    around(models.DomainName, "__init__", _a_domain_has_a_target)
    around(models.DomainName, "to_json", _a_domain_without_mutual_tls_shows_none)


def _shown(deployment: dict[str, Any]) -> str:
    """A deployment as AWS shows it: without what others keep with it."""
    return json.dumps({name: deployment[name] for name in _SHOWN})


def _deployments(response: Any) -> tuple[Any, dict[str, dict[str, Any]]]:
    api = response.apigatewayv2_backend.get_api(unquote(response.path).split("/")[3])
    if not hasattr(api, "sandbox_deployments"):
        api.sandbox_deployments = {}
    return api, api.sandbox_deployments


def _deployment(response: Any) -> tuple[Any, dict[str, dict[str, Any]], str]:
    api, known = _deployments(response)
    identity = unquote(response.path).split("/")[5]
    if identity not in known:
        raise DeploymentNotFoundException
    return api, known, identity


def _create_deployment(response: Any) -> Any:
    """https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-deployments.html ."""
    api, known = _deployments(response)
    if not api.routes:
        raise BadRequestException("At least one route is required before deploying the Api.")
    given = json.loads(response.body or "{}")
    made = {
        "deploymentId": mock_random.get_random_string(length=6).lower(),
        "deploymentStatus": "DEPLOYED",
        "autoDeployed": False,
        "createdDate": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": given.get("description"),
    }
    known[made["deploymentId"]] = made
    if given.get("stageName") in api.stages:
        api.stages[given["stageName"]].sandbox_deployment_id = made["deploymentId"]
    return 201, {}, _shown(made)


def _get_deployment(response: Any) -> Any:
    _, known, identity = _deployment(response)
    return 200, {}, _shown(known[identity])


def _get_deployments(response: Any) -> Any:
    _, known = _deployments(response)
    return 200, {}, json.dumps({"items": [json.loads(_shown(item)) for item in known.values()]})


def _update_deployment(response: Any) -> Any:
    _, known, identity = _deployment(response)
    known[identity]["description"] = json.loads(response.body or "{}").get("description")
    return 200, {}, _shown(known[identity])


def _delete_deployment(response: Any) -> Any:
    api, known, identity = _deployment(response)
    stages = [
        name
        for name, stage in api.stages.items()
        if getattr(stage, "sandbox_deployment_id", None) == identity
    ]
    if stages:
        raise BadRequestException(
            "Active stages pointing to this deployment must be moved or deleted: " + ", ".join(stages)
        )
    del known[identity]
    return 204, {}, ""


def _a_stage_keeps_its_deployment(original: Any, stage: Any, api: Any, config: dict[str, Any]) -> None:
    """Keeps `deploymentId`, which moto drops; goes when it keeps it."""
    given = config.get("deploymentId")
    if given and given not in getattr(api, "sandbox_deployments", {}):
        raise BadRequestException("Invalid deployment identifier specified")
    original(stage, api, config)
    stage.sandbox_deployment_id = given


def _a_stage_shows_its_deployment(original: Any, stage: Any) -> dict[str, Any]:
    """Returns the deployment kept; goes with it."""
    shown: dict[str, Any] = original(stage)
    identity = getattr(stage, "sandbox_deployment_id", None)
    return {**shown, "deploymentId": identity} if identity else shown


def _a_domain_has_a_target(original: Any, domain: Any, *args: Any, **kwargs: Any) -> None:
    """Gives a domain name its status and its target, for which the provider waits; goes when moto does.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname.html
    """
    original(domain, *args, **kwargs)
    backend = kwargs.get("backend") or args[-1]
    for configuration in domain.domain_name_configurations:
        check_certificate(backend, configuration.get("certificateArn"), domain.domain_name)
        identity = mock_random.get_random_string(length=10).lower()
        configuration.setdefault(
            "apiGatewayDomainName", f"d-{identity}.execute-api.{backend.region_name}.amazonaws.com"
        )
        configuration.setdefault("hostedZoneId", _HOSTED_ZONE)
        configuration.setdefault("domainNameStatus", "AVAILABLE")
        configuration.setdefault("ipAddressType", "ipv4")
    if domain.mutual_tls_authentication.get("truststoreUri"):
        check_truststore(backend, domain.mutual_tls_authentication)


def _a_domain_without_mutual_tls_shows_none(original: Any, domain: Any) -> dict[str, Any]:
    """Leaves out an empty `mutualTlsAuthentication`, which the provider takes for a set one; as above."""
    shown: dict[str, Any] = original(domain)
    if not shown.get("mutualTlsAuthentication"):
        shown.pop("mutualTlsAuthentication", None)
    return shown


def _a_link_has_interfaces(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Gives a VPC link its network interfaces, one for each subnet, with its security groups.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
    Goes when moto makes them.
    """
    link = original(backend, *args, **kwargs)
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    made = []
    for subnet_id in link.subnet_ids or ():
        subnet = ec2.get_subnet(subnet_id)
        interface = ec2.create_network_interface(
            subnet_id,
            free_address(ec2, subnet),
            group_ids=list(link.sg_ids or ()),
            description=f"API Gateway VPC Link {link.id}",
        )
        interface.interface_type = "api_gateway_managed"
        interface.status = "in-use"
        interface.requester_managed = True
        made.append(interface.id)
    link.sandbox_interfaces = tuple(made)
    return link


def _interfaces_go_with_the_link(original: Any, backend: Any, vpc_link_id: str) -> None:
    """Takes the interfaces away; goes with them."""
    link = backend.vpc_links.get(vpc_link_id)
    original(backend, vpc_link_id)
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    for interface_id in getattr(link, "sandbox_interfaces", ()):
        ec2.enis.pop(interface_id, None)
