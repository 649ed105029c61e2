"""The stack `service-<name>`: a private API and the endpoint that leads to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import TerraformOutput
from constructs import Construct

from constructs_lib.allowed_callers import AllowedCallers
from constructs_lib.execute_api_endpoint import EndpointReference
from constructs_lib.execute_api_endpoint_policy import ExecuteApiEndpointPolicy, ExecuteApiEndpointPolicyProps
from constructs_lib.log_group import LogSettings
from constructs_lib.network import NetworkReference
from constructs_lib.openapi_rest_api import OpenApiRestApi, OpenApiRestApiProps
from constructs_lib.private_rest_api import PrivateRestApi, PrivateRestApiProps
from constructs_lib.private_route import PrivateRoute
from constructs_lib.rest_api_reference import RestApiReference, execution_arn
from constructs_lib.service_endpoint import ENDPOINT, add_endpoint
from constructs_lib.stack import HatchwayStack
from constructs_lib.stage_observability import StageObservability
from hatchway.topology import endpoint_is_outside, endpoint_network, load_balancer_addresses, service_stack
from hatchway.topology.bulkheads import bulkhead_of
from hatchway.topology.openapi import openapi_document
from hatchway.topology.partition import execute_api_host

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

API = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateApiReference:
    """A private API as the gateway's stack uses it."""

    rest_api_id: str
    host: str
    stage_name: str
    """Known up front, so that the path can be reviewed before anything exists."""
    base_path: str
    """Path on the API that the service's public path leads to."""
    endpoint_addresses: Mapping[str, str]
    """Addresses of the endpoint, by subnet name: known up front, or looked up."""
    endpoint_is_outside: bool
    """Whether the endpoint is in another VPC than the load balancers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProps:
    """What `Service` needs from the other stacks."""

    networks: Mapping[str, NetworkReference]
    """Networks by name."""
    shared_endpoint: EndpointReference | None
    """The endpoint that it shares with other services; None for one of its own."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""


class Service(HatchwayStack):
    """A private API with its endpoint, in the account of the service.

    With placement `gateway`, the endpoint is in the gateway's network, made with the provider of that
    network's account. An endpoint that is shared is not in this stack, and of an API that exists
    already nothing is.

    Terraform: those of `ExecuteApiEndpoint` or `ExistingEndpoint`, `ExecuteApiEndpointPolicy`, and
    `PrivateRestApi` or `OpenApiRestApi`; outputs `rest_api_id`, `stage_name`, `vpc_endpoint_id`,
    `vpc_endpoint_addresses` and `invoke_url`, and what the owner of something existing has to allow:
    `resource_policy_to_add`, `endpoint_access_to_add`.
    """

    def __init__(self, scope: Construct, service: str, topology: "Topology", props: ServiceProps) -> None:
        super().__init__(scope, service_stack(service), topology)
        self._service = service
        self._declared = topology.services[service]
        self._props = props
        self._endpoint = props.shared_endpoint or add_endpoint(
            self, bulkhead_of(topology, service), props.networks
        )
        self._api = self._add_api()
        if self._owns_endpoint:
            self._restrict_endpoint()
        self._add_outputs()

    @property
    def reference(self) -> PrivateApiReference:
        """The private API as the gateway's stack uses it."""
        region = self.topology.accounts[self._declared.account].region
        return PrivateApiReference(
            rest_api_id=self._api.rest_api_id,
            host=execute_api_host(self._api.rest_api_id, region),
            stage_name=self._declared.api.stage,
            base_path=self._declared.api.base_path,
            endpoint_addresses=self._endpoint.addresses,
            endpoint_is_outside=endpoint_is_outside(self.topology, self._service),
        )

    @property
    def execution_arns(self) -> tuple[str, ...]:
        """ARNs of the APIs that have to be let through the endpoint, the service's own first."""
        account = self.topology.accounts[self._declared.account]
        allowed = self._declared.endpoint.allowed_api_ids
        return (
            self._api.execution_arn,
            *(execution_arn(api_id, account.region, account.id) for api_id in allowed),
        )

    @property
    def _owns_endpoint(self) -> bool:
        return self._props.shared_endpoint is None and self._declared.endpoint.existing is None

    @property
    def _network(self) -> NetworkReference:
        return self._props.networks[endpoint_network(self.topology, self._service)]

    def _callers(self) -> AllowedCallers:
        access = self._declared.api.access
        vpc_ids = dict.fromkeys((self._endpoint.vpc_id, *access.vpc_ids)) if access.vpc_ids else ()
        return AllowedCallers(
            vpc_endpoint_ids=tuple(dict.fromkeys((self._endpoint.vpc_endpoint_id, *access.endpoint_ids))),
            vpc_ids=tuple(vpc_ids),
            source_cidrs=tuple(str(cidr) for cidr in access.source_cidrs),
        )

    def _add_api(self) -> RestApiReference:
        declared = self._declared.api
        account = self.topology.accounts[self._declared.account]
        name = declared.name or f"{self.topology.name}-{self._service}"
        if declared.existing is not None:
            return RestApiReference.from_existing(
                declared.existing.rest_api_id, declared.stage, region=account.region, account_id=account.id
            )
        if declared.openapi is not None:
            from_document = OpenApiRestApiProps(
                provider=self.provider(self._declared.account),
                name=name,
                vpc_endpoint_id=self._endpoint.vpc_endpoint_id,
                callers=self._callers(),
                stage_name=declared.stage,
                document=openapi_document(self.topology.directory / declared.openapi),
                observability=StageObservability.of(self.topology, self._declared.account),
            )
            return OpenApiRestApi(self, API, from_document).reference
        from_routes = PrivateRestApiProps(
            provider=self.provider(self._declared.account),
            name=name,
            vpc_endpoint_id=self._endpoint.vpc_endpoint_id,
            callers=self._callers(),
            stage_name=declared.stage,
            routes=[PrivateRoute.from_declared(route) for route in declared.declared_routes],
            sources=self.topology.directory,
            staging=self._props.staging,
            logs=LogSettings.of(self.topology, self._declared.account),
            observability=StageObservability.of(self.topology, self._declared.account),
        )
        return PrivateRestApi(self, API, from_routes).reference

    def _restrict_endpoint(self) -> None:
        props = ExecuteApiEndpointPolicyProps(
            provider=self.provider(self._network.account),
            vpc_endpoint_id=self._endpoint.vpc_endpoint_id,
            execution_arns=self.execution_arns,
        )
        ExecuteApiEndpointPolicy(Construct(self, "Access"), ENDPOINT, props)

    def _add_outputs(self) -> None:
        reference = self.reference
        outputs: dict[str, object] = {
            "rest_api_id": self._api.rest_api_id,
            "stage_name": self._api.stage_name,
            "vpc_endpoint_id": self._endpoint.vpc_endpoint_id,
            "vpc_endpoint_addresses": list(self._endpoint.addresses.values()),
            "invoke_url": f"https://{reference.host}/{reference.stage_name}",
        }
        if self._declared.api.existing is not None:
            outputs["resource_policy_to_add"] = self._callers().render(f"{self._api.execution_arn}/*")
        if self._declared.endpoint.existing is not None:
            clients = load_balancer_addresses(self.topology, self._service)
            outputs["endpoint_access_to_add"] = {
                "execution_arns": list(self.execution_arns),
                "client_addresses": [str(address) for address in clients.values()],
            }
        for name, value in outputs.items():
            TerraformOutput(self, name, static_id=True, value=value)
