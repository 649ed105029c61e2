"""What the user declares: `load` reads `hatchway.yaml`, checks it, and reports all problems at once.

Importing this package is cheap: the models and the YAML parser are imported when a file is read.
"""

from hatchway.topology.addresses import (
    endpoint_addresses,
    endpoint_is_outside,
    endpoint_network,
    load_balancer_addresses,
)
from hatchway.topology.loading import find_topology, load, load_views
from hatchway.topology.observed import logging_accounts, told_topics
from hatchway.topology.problems import Problem, TopologyError
from hatchway.topology.stacks import (
    bootstrap_state_file,
    credentials_tag,
    has_foundation,
    hcp_state,
    s3_state,
    service_stack,
    stacks,
    state_account,
    state_file,
    state_key,
    workspace_name,
)

__all__ = [
    "Problem",
    "TopologyError",
    "bootstrap_state_file",
    "credentials_tag",
    "endpoint_addresses",
    "endpoint_is_outside",
    "endpoint_network",
    "find_topology",
    "has_foundation",
    "hcp_state",
    "load",
    "load_balancer_addresses",
    "load_views",
    "logging_accounts",
    "s3_state",
    "service_stack",
    "stacks",
    "state_account",
    "state_file",
    "state_key",
    "told_topics",
    "workspace_name",
]
