"""What every stack `gateway` has, whatever the kind of its API."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf import ITerraformDependable, TerraformOutput
from constructs import Construct

from constructs_lib.api_metrics import ApiMetrics
from constructs_lib.authorizers import AuthorizersProps
from constructs_lib.bulkhead import Bulkhead, BulkheadProps
from constructs_lib.gateway_watch import GatewayWatch, GatewayWatchProps
from constructs_lib.log_group import LogSettings
from constructs_lib.network import NetworkReference
from constructs_lib.service import PrivateApiReference
from constructs_lib.stack import HatchwayStack
from hatchway.topology import load_balancer_addresses
from hatchway.topology.bulkheads import Bulkhead as Shared
from hatchway.topology.bulkheads import bulkheads
from hatchway.topology.model import API_ID_HEADER
from hatchway.topology.partition import execute_api_host
from hatchway.topology.vpc_links import uses_links_of_version_2

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayProps:
    """What the stack `gateway` needs from the other stacks."""

    network: NetworkReference
    """Network of the load balancers."""
    private_apis: Mapping[str, PrivateApiReference]
    """Private APIs by the name of their service."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""


class GatewayStack(HatchwayStack):
    """The bulkheads behind a public API, what watches it, and what is said about it.

    Services of one account share a load balancer and a VPC link if they say so.

    Terraform: those of `Bulkhead` and `GatewayWatch`; outputs `public_url`, `stage_name`, `api_id_header`,
    `private_api_ids`, `vpc_link_ids`, `load_balancer_arns` and `target_group_arns`; where there is any also
    `execute_api_url`.
    """

    def __init__(self, scope: Construct, name: str, topology: "Topology", props: GatewayProps) -> None:
        super().__init__(scope, name, topology)
        self._declared = topology.gateway
        self._props = props

    @property
    @abstractmethod
    def _api_id(self) -> str:
        """Id of the public API."""

    @property
    def _links(self) -> list[ITerraformDependable]:
        """The VPC links and what they lead to, as something to wait for."""
        return [part for lead in self._leads.values() for part in lead.serves_through]

    def _authorizers_props(self, execution_arn: str) -> AuthorizersProps:
        default = self._declared.authorizer
        return AuthorizersProps(
            provider=self.provider(self._declared.account),
            topology_name=self.topology.name,
            api_id=self._api_id,
            execution_arn=execution_arn,
            default=None if default == "none" else default,
            named=self._declared.authorizers,
            sources=self.topology.directory,
            staging=self._props.staging,
            logs=LogSettings.of(self.topology, self._declared.account),
        )

    def _add_bulkheads(self) -> None:
        self._leads = {_address(shared): self._add_bulkhead(shared) for shared in bulkheads(self.topology)}
        self._bulkheads = {
            service: self._leads[_address(shared)]
            for shared in bulkheads(self.topology)
            for service in shared.services
        }

    def _add_bulkhead(self, shared: Shared) -> Bulkhead:
        name = _address(shared)
        declared = self.topology.services[shared.leader]
        props = BulkheadProps(
            provider=self.provider(self._declared.account),
            network=self._props.network,
            display_name=f"{self.topology.name}-{name.replace('_', '-')}",
            load_balancer_addresses=load_balancer_addresses(self.topology, shared.leader),
            endpoint_addresses=self._props.private_apis[shared.leader].endpoint_addresses,
            endpoint_is_outside=self._props.private_apis[shared.leader].endpoint_is_outside,
            deletion_protection=declared.load_balancer.deletion_protection,
            has_link_of_version_2=uses_links_of_version_2(self.topology),
        )
        # The kind keeps a service named like another construct of this stack apart from it.
        return Bulkhead(Construct(self, f"Bulkhead-{name}"), name, props)

    def _add_watch(self, api: ApiMetrics) -> None:
        props = GatewayWatchProps(
            provider=self.provider(self._declared.account),
            topology=self.topology,
            api=api,
            bulkheads={name: lead.metrics for name, lead in self._leads.items()},
            public_url=self._public_url,
            private_api_ids={name: api.rest_api_id for name, api in self._props.private_apis.items()},
            staging=self._props.staging,
        )
        GatewayWatch(self, "Watch", props)

    @property
    def _public_url(self) -> str:
        """Where callers call: the domain if there is one."""
        domain = self._declared.domain
        return (
            self._execute_api_url
            if domain is None
            else f"https://{domain.name}{domain.base_path.rstrip('/')}"
        )

    @property
    def _execute_api_url(self) -> str:
        region = self.topology.accounts[self._declared.account].region
        return f"https://{execute_api_host(self._api_id, region)}/{self._declared.stage}"

    @property
    def _is_closed(self) -> bool:
        """Whether the execute-api name is closed, since a domain leads to the API."""
        domain = self._declared.domain
        return domain is not None and domain.disable_default_endpoint

    def _add_outputs(self, own: Mapping[str, Any]) -> None:
        """Adds what both kinds say and the kind's own; what is None is not said."""
        apis = self._props.private_apis
        has_both = self._declared.domain is not None and not self._is_closed
        outputs = {
            "public_url": self._public_url,
            "execute_api_url": self._execute_api_url if has_both else None,
            **own,
            "api_id_header": API_ID_HEADER,
            "private_api_ids": {name: api.rest_api_id for name, api in apis.items()},
            "vpc_link_ids": {name: lead.vpc_link_id for name, lead in self._bulkheads.items()},
            "load_balancer_arns": {name: lead.load_balancer_arn for name, lead in self._bulkheads.items()},
            "target_group_arns": {name: lead.target_group_arn for name, lead in self._bulkheads.items()},
        }
        for name, value in outputs.items():
            if value is not None:
                TerraformOutput(self, name, static_id=True, value=value)


def _address(shared: Shared) -> str:
    """Name of a bulkhead in addresses: that of an account is not that of a service."""
    return f"shared_{shared.name}" if shared.is_shared else shared.name
