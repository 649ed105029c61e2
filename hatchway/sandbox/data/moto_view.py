"""The estate as the control plane has it: reads moto's records of all accounts.

Reads without a lock: every collection is copied in one step before it is gone through, and single values
are replaced, never changed in place, by moto.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.sts.models import sts_backends

from hatchway.sandbox.data import moto_networks
from hatchway.sandbox.data.world import (
    Address,
    ApiDefinition,
    Document,
    Endpoint,
    Function,
    Interface,
    Listener,
    LoadBalancer,
    Networks,
    RestApi,
    Stage,
    Target,
    TargetGroup,
    VpcLink,
)

__all__ = ["DEFINITION", "MotoView", "document"]

DEFINITION = "hatchway_definition"
"""The attribute of a deployment that holds the API as it was deployed."""

_EXECUTE_API = ".execute-api"


def document(value: object) -> Document | None:
    """Reads a policy that may be text, text with its quotes escaped, or parsed already."""
    if not value:
        return None
    if isinstance(value, Mapping):
        return value
    text = str(value)
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = json.loads(json.loads(f'"{text}"'))
    return parsed if isinstance(parsed, Mapping) else None


class MotoView:
    """A `World` over moto's backends in this process."""

    def rest_api(self, api_id: str) -> RestApi | None:
        """The REST API with this id, in whichever account it is."""
        for backend in _each(apigateway_backends):
            api = backend.apis.get(api_id)
            if api is not None:
                return _rest_api(api)
        return None

    def vpc_link(self, link_id: str) -> VpcLink | None:
        """The VPC link with this id."""
        for backend in _each(apigateway_backends):
            link = backend.vpc_links.get(link_id)
            if link is not None:
                return VpcLink(
                    id=link.id,
                    account_id=backend.account_id,
                    status=link.status,
                    target_arns=tuple(link.target_arns or ()),
                )
        return None

    def load_balancer(self, arn: str) -> LoadBalancer | None:
        """The network load balancer with this ARN."""
        for backend in _each(elbv2_backends):
            balancer = backend.load_balancers.get(arn)
            if balancer is not None and balancer.type == "network":
                return _load_balancer(backend, balancer)
        return None

    def target_group(self, arn: str) -> TargetGroup | None:
        """The target group with this ARN."""
        for backend in _each(elbv2_backends):
            group = backend.target_groups.get(arn)
            if group is not None:
                return target_group(group)
        return None

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All execute-api interface endpoints."""
        return tuple(
            _endpoint(backend, endpoint)
            for backend in _each(ec2_backends)
            for endpoint in list(backend.vpc_end_points.values())
            if endpoint.service_name.endswith(_EXECUTE_API) and endpoint.state != "deleted"
        )

    def function(self, arn: str) -> Function | None:
        """The Lambda function with this ARN."""
        _, _, _, region, account_id, _, name, *_ = arn.split(":")
        for backend in _each(lambda_backends):
            if (backend.account_id, backend.region_name) == (account_id, region):
                names = {function.function_name for function in backend.list_functions()}
                return _function(backend.get_function(name)) if name in names else None
        return None

    def networks(self) -> Networks:
        """Everything that decides where packets go."""
        return moto_networks.read(list(_each(ec2_backends)))

    def role_credentials(self, role_arn: str) -> Mapping[str, str]:
        """Temporary credentials of a role, as environment variables."""
        account_id = role_arn.split(":")[4]
        role = sts_backends[account_id]["aws"].assume_role(
            region_name="us-east-1",
            role_session_name="function",
            role_arn=role_arn,
            policy="",
            duration=43200,
            external_id="",
        )
        return {
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
        }


def _each(backends: Any) -> Iterator[Any]:  # noqa: ANN401 - moto is not typed
    """Yields what exists of a service in every account and region, creating nothing."""
    for regions in list(backends.values()):
        yield from list(regions.values())


def _rest_api(api: Any) -> RestApi:  # noqa: ANN401 - moto is not typed
    configuration = api.endpoint_configuration or {}
    stages = {}
    for name, stage in list(api.stages.items()):
        definition = getattr(api.deployments.get(stage.deployment_id), DEFINITION, None)
        if isinstance(definition, ApiDefinition):
            stages[name] = Stage(
                name=name,
                deployment_id=stage.deployment_id,
                definition=definition,
                variables={key: str(value) for key, value in (stage.variables or {}).items()},
            )
    return RestApi(
        id=api.id,
        account_id=api.account_id,
        region=api.region_name,
        is_private="PRIVATE" in configuration.get("types", ()),
        vpc_endpoint_ids=frozenset(configuration.get("vpcEndpointIds") or ()),
        default_endpoint_disabled=bool(api.disableExecuteApiEndpoint),
        stages=stages,
    )


def _load_balancer(backend: Any, balancer: Any) -> LoadBalancer:  # noqa: ANN401 - moto is not typed
    switch = getattr(balancer, "enforce_security_group_inbound_rules_on_private_link_traffic", None)
    groups = tuple(balancer.security_groups or ())
    enis = [
        backend.ec2_backend.enis.get(interface_id)
        for interface_id in getattr(balancer, "sandbox_interfaces", ())
    ]
    nodes = tuple(
        Interface(
            vpc_id=balancer.vpc_id,
            subnet_id=eni.subnet.id,
            address=Address(eni.private_ip_address),
            security_group_ids=groups,
            is_filtered=bool(groups),
        )
        for eni in enis
        if eni is not None
    )
    return LoadBalancer(
        arn=balancer.arn,
        account_id=backend.account_id,
        vpc_id=balancer.vpc_id,
        state=balancer.state,
        nodes=nodes,
        listeners=tuple(_listener(listener) for listener in list(balancer.listeners.values())),
        enforces_rules_on_private_link=switch != "off",
        crosses_zones=str(balancer.attrs.get("load_balancing.cross_zone.enabled")).lower() == "true",
    )


def _listener(listener: Any) -> Listener:  # noqa: ANN401 - moto is not typed
    return Listener(
        port=int(listener.port),
        protocol=listener.protocol,
        target_group_arn=_forward(listener.default_actions),
    )


def _forward(actions: Any) -> str | None:  # noqa: ANN401 - moto is not typed
    """The target group of a forward action, which AWS accepts in two forms."""
    for action in actions:
        data = action.data if hasattr(action, "data") else action
        if data.get("TargetGroupArn"):
            return str(data["TargetGroupArn"])
        groups = (data.get("ForwardConfig") or {}).get("TargetGroups") or ()
        for group in groups:
            return str(group["TargetGroupArn"])
    return None


def target_group(group: Any) -> TargetGroup:  # noqa: ANN401 - moto is not typed
    """Reads moto's target group."""
    crosses = str(group.attributes.get("load_balancing.cross_zone.enabled")).lower()
    return TargetGroup(
        arn=group.arn,
        vpc_id=group.vpc_id,
        protocol=group.protocol or "",
        target_type=group.target_type,
        targets=tuple(
            Target(
                address=str(target["Id"]),
                port=int(target.get("Port") or group.port),
                availability_zone=target.get("AvailabilityZone"),
            )
            for target in list(group.targets.values())
        ),
        preserves_client_address=str(group.attributes.get("preserve_client_ip.enabled")).lower() == "true",
        crosses_zones={"true": True, "false": False}.get(crosses),
        health_protocol=group.health_check_protocol or "TCP",
        health_port=str(group.health_check_port or "traffic-port"),
        health_path=group.health_check_path or "/",
        health_matcher=str((getattr(group, "matcher", None) or {}).get("HttpCode") or "200-399"),
        health_timeout_seconds=float(group.health_check_timeout_seconds or 10),
        load_balancer_arns=tuple(group.load_balancer_arns),
    )


def _endpoint(backend: Any, endpoint: Any) -> Endpoint:  # noqa: ANN401 - moto is not typed
    enis = [backend.enis.get(interface_id) for interface_id in list(endpoint.network_interface_ids)]
    return Endpoint(
        id=endpoint.id,
        account_id=backend.account_id,
        region=backend.region_name,
        vpc_id=endpoint.vpc_id,
        state=endpoint.state,
        interfaces=tuple(moto_networks.interface(eni) for eni in enis if eni is not None),
        policy=document(endpoint.policy_document),
        private_dns_enabled=bool(endpoint.private_dns_enabled),
    )


def _function(function: Any) -> Function:  # noqa: ANN401 - moto is not typed
    statements = list(function.policy.statements)
    return Function(
        arn=function.function_arn,
        account_id=function.account_id,
        region=function.region,
        name=function.function_name,
        role=function.role,
        handler=function.handler or "",
        runtime=function.run_time or "",
        timeout_seconds=float(function.timeout),
        memory_megabytes=int(function.memory_size),
        environment=dict(function.environment_vars or {}),
        code=function.code_bytes,
        digest=function.code_digest,
        policy={"Version": "2012-10-17", "Statement": statements} if statements else None,
    )
