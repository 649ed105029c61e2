"""The Terraform stacks of a topology: their names, their order, and where their state is."""

from pathlib import Path
from typing import TYPE_CHECKING

from hatchway.errors import UsageError
from hatchway.topology.addresses import transit_network
from hatchway.topology.bulkheads import Bulkhead, bulkheads

if TYPE_CHECKING:
    from hatchway.topology.model import HcpState, S3State, Topology

FOUNDATION = "foundation"
GATEWAY = "gateway"
BOOTSTRAP = "bootstrap"
SERVICE_PREFIX = "service-"
ENDPOINT_PREFIX = "endpoint-"
ACCESS_PREFIX = "access-"


def foundation_stack(topology: "Topology") -> str:
    """Name of the stack of networks and what connects them."""
    return _of(topology, FOUNDATION)


def gateway_stack(topology: "Topology") -> str:
    """Name of the stack of the public API."""
    return _of(topology, GATEWAY)


def service_stack(service: str) -> str:
    """Name of the stack of a service."""
    return SERVICE_PREFIX + service


def endpoint_stack(topology: "Topology", account: str) -> str:
    """Name of the stack of the endpoint that services of an account share."""
    return _of(topology, ENDPOINT_PREFIX + account)


def access_stack(topology: "Topology", account: str) -> str:
    """Name of the stack of that endpoint's policy."""
    return _of(topology, ACCESS_PREFIX + account)


def has_access_stack(topology: "Topology", bulkhead: Bulkhead) -> bool:
    """Whether a bulkhead's endpoint has a policy of Hatchway's, in a stack after those of its services."""
    return bulkhead.is_shared and topology.services[bulkhead.leader].endpoint.existing is None


def has_foundation(topology: "Topology") -> bool:
    """Whether there is anything for the foundation to create: networks, what connects them, log roles."""
    if any(network.create is not None for network in topology.networks.values()):
        return True
    if topology.observability is not None and topology.observability.account_log_role:
        return True
    if topology.transit is None or topology.transit.routed:
        return False
    crossed = any(transit_network(topology, service) is not None for service in topology.services)
    return topology.transit.create is not None or crossed


def stacks(topology: "Topology") -> tuple[str, ...]:
    """Names of all stacks, each after the ones it depends on."""
    shared = [bulkhead for bulkhead in bulkheads(topology) if bulkhead.is_shared]
    return (
        *((foundation_stack(topology),) if has_foundation(topology) else ()),
        *(endpoint_stack(topology, bulkhead.name) for bulkhead in shared),
        *(service_stack(name) for name in topology.services),
        *(
            access_stack(topology, bulkhead.name)
            for bulkhead in shared
            if has_access_stack(topology, bulkhead)
        ),
        gateway_stack(topology),
    )


def _of(topology: "Topology", name: str) -> str:
    """Renders the name of a stack that each of several gateways has; a service has one gateway."""
    return name if topology.view is None else f"{name}-{topology.view}"


def s3_state(topology: "Topology") -> "S3State":
    """Where state is kept in S3.

    Raises:
        UsageError: It is kept elsewhere.
    """
    if topology.state.s3 is None:
        raise UsageError("state.s3: is not given, and only state in S3 can be read here.")
    return topology.state.s3


def hcp_state(topology: "Topology") -> "HcpState":
    """Where state is kept in HCP Terraform.

    Raises:
        UsageError: It is kept elsewhere.
    """
    if topology.state.hcp is None:
        raise UsageError("state.hcp: is not given, and only state in HCP Terraform can be read here.")
    return topology.state.hcp


def state_key(topology: "Topology", stack: str) -> str:
    """Key of a stack's state object in the state bucket."""
    return f"{s3_state(topology).key_prefix}/{stack}.tfstate"


def workspace_name(topology: "Topology", stack: str) -> str:
    """Name of a stack's workspace in HCP Terraform."""
    return f"{hcp_state(topology).workspace_prefix or topology.estate}-{stack}"


def state_file(topology: "Topology", stack: str) -> Path:
    """Path of a stack's state on this machine.

    Raises:
        UsageError: It is kept elsewhere.
    """
    if topology.state.local is None:
        raise UsageError("state.local: is not given, and only state on this machine can be read here.")
    return topology.directory / topology.state.local.directory / f"{stack}.tfstate"


def credentials_tag(account: str) -> str:
    """Tag of an account's dynamic credentials in a workspace: `TFC_AWS_RUN_ROLE_ARN_<TAG>`."""
    return account.replace("-", "_").upper()


def state_account(topology: "Topology") -> str:
    """Account of the state bucket that `hatchway bootstrap` creates."""
    if topology.bootstrap is not None and topology.bootstrap.state_account is not None:
        return topology.bootstrap.state_account
    state = topology.state.s3
    owner = None if state is None or state.role is None else state.role.split(":")[4]
    owners = (name for name, account in topology.accounts.items() if account.id == owner)
    return next(owners, topology.gateway.account)


def bootstrap_state_file(topology: "Topology") -> Path:
    """Path of the state of `hatchway bootstrap` on this machine: until the bucket is there, or for good."""
    return topology.directory / f"{topology.estate}-{BOOTSTRAP}.tfstate"
