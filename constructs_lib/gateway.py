"""The stack `gateway`: the public API and the way from it to each service."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import TerraformOutput
from constructs import Construct

from constructs_lib.lambda_authorizer import LambdaAuthorizer, LambdaAuthorizerProps
from constructs_lib.network import NetworkReference
from constructs_lib.partition import execute_api_host
from constructs_lib.public_rest_api import PublicRestApi, PublicRestApiProps
from constructs_lib.public_route import Admission, Passthrough
from constructs_lib.service import PrivateApiReference
from constructs_lib.service_path import ServicePath, ServicePathProps
from constructs_lib.stack import HatchwayStack
from hatchway.topology import endpoint_addresses, load_balancer_addresses
from hatchway.topology.model import API_ID_HEADER

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayProps:
    """What `Gateway` needs from the other stacks."""

    network: NetworkReference
    """Network of the load balancers."""
    private_apis: Mapping[str, PrivateApiReference]
    """Private APIs by the name of their service."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""


class Gateway(HatchwayStack):
    """The public API with its authorizer, and per service a path that shares nothing with the others.

    Terraform: those of `PublicRestApi`, `LambdaAuthorizer` and `ServicePath`; outputs `public_url`,
    `rest_api_id`, `stage_name`, `clients_secret_arn`, `api_id_header`, `private_api_ids`, `vpc_link_ids`,
    `load_balancer_arns` and `target_group_arns`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        topology: "Topology",
        props: GatewayProps,
    ) -> None:
        super().__init__(scope, name, topology)
        self._declared = topology.gateway
        self._network = props.network
        self._private_apis = props.private_apis
        self._api = PublicRestApi(
            self,
            "public",
            PublicRestApiProps(
                provider=self.provider(self._declared.account),
                name=self._declared.name or f"{topology.name}-gateway",
                requires_parameters=self._declared.api_id_header == "passthrough",
            ),
        )
        authorizer = self._add_authorizer(props.staging)
        admission = self._admission(authorizer)
        paths = {service: self._add_path(service, admission) for service in topology.services}
        parts = [part for path in paths.values() for part in path.definition]
        parts += () if authorizer is None else authorizer.definition
        links = [path.link for path in paths.values()]
        self._stage = self._api.deploy(self._declared.stage, parts, links)
        self._add_outputs(paths, authorizer)

    def _add_authorizer(self, staging: Path) -> LambdaAuthorizer | None:
        if self._declared.authorizer == "none":
            return None
        settings = self._declared.authorizer.lambda_
        props = LambdaAuthorizerProps(
            provider=self.provider(self._declared.account),
            topology_name=self.topology.name,
            rest_api_id=self._api.rest_api_id,
            execution_arn=self._api.execution_arn,
            result_ttl_seconds=settings.result_ttl_seconds,
            timeout_seconds=settings.timeout_seconds,
            memory_megabytes=settings.memory_megabytes,
            staging=staging,
        )
        return LambdaAuthorizer(self, "authorizer", props)

    def _admission(self, authorizer: LambdaAuthorizer | None) -> Admission:
        validator_id = self._api.request_validator_id
        return Admission(
            authorizer_id=None if authorizer is None else authorizer.authorizer_id,
            passthrough=None if validator_id is None else Passthrough(request_validator_id=validator_id),
        )

    def _add_path(self, service: str, admission: Admission) -> ServicePath:
        private_api = self._private_apis[service]
        declared = self.topology.services[service]
        props = ServicePathProps(
            provider=self.provider(self._declared.account),
            network=self._network,
            display_name=f"{self.topology.name}-{service}",
            load_balancer_addresses=load_balancer_addresses(self.topology, service),
            endpoint_addresses=endpoint_addresses(self.topology, service),
            public_api=self._api,
            path=declared.path,
            admission=admission,
            private_api_id=private_api.rest_api_id,
            private_api_url=f"https://{private_api.host}/{private_api.stage_name}",
            timeout_milliseconds=declared.integration_timeout_milliseconds,
        )
        # The kind keeps a service named like another construct of this stack apart from it.
        return ServicePath(Construct(self, f"Path-{service}"), service, props)

    def _add_outputs(self, paths: Mapping[str, ServicePath], authorizer: LambdaAuthorizer | None) -> None:
        region = self.topology.accounts[self._declared.account].region
        host = execute_api_host(self._api.rest_api_id, region)
        outputs = {
            "public_url": f"https://{host}/{self._declared.stage}",
            "rest_api_id": self._api.rest_api_id,
            "stage_name": self._stage.stage_name,
            "clients_secret_arn": None if authorizer is None else authorizer.clients_secret_arn,
            "api_id_header": API_ID_HEADER,
            "private_api_ids": {name: api.rest_api_id for name, api in self._private_apis.items()},
            "vpc_link_ids": {name: path.vpc_link_id for name, path in paths.items()},
            "load_balancer_arns": {name: path.load_balancer_arn for name, path in paths.items()},
            "target_group_arns": {name: path.target_group_arn for name, path in paths.items()},
        }
        for name, value in outputs.items():
            if value is not None:
                TerraformOutput(self, name, static_id=True, value=value)
