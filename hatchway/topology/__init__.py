"""What the user declares: `load` reads `hatchway.yaml`, checks it, and reports all problems at once.

Importing this package is cheap: the models and the YAML parser are imported when a file is read.
"""

from hatchway.topology.addresses import endpoint_addresses, endpoint_network, load_balancer_addresses
from hatchway.topology.loading import find_topology, load
from hatchway.topology.problems import Problem, TopologyError
from hatchway.topology.stacks import has_foundation, service_stack, stacks, state_key

__all__ = [
    "Problem",
    "TopologyError",
    "endpoint_addresses",
    "endpoint_network",
    "find_topology",
    "has_foundation",
    "load",
    "load_balancer_addresses",
    "service_stack",
    "stacks",
    "state_key",
]
