"""Every check, in the order of the path: of what Terraform declares, and of what is deployed."""

from hatchway.route.checks import (
    authorizer,
    backend,
    endpoint,
    entry,
    integration,
    limits,
    link_network,
    live_changes,
    live_states,
    load_balancer,
    private_api,
    targets,
    transit,
    vpc_link,
)
from hatchway.route.checks.model import Check

ALL: tuple[Check, ...] = (
    *entry.CHECKS,
    *limits.CHECKS,
    *authorizer.CHECKS,
    *integration.CHECKS,
    *vpc_link.CHECKS,
    *link_network.CHECKS,
    *load_balancer.CHECKS,
    *targets.CHECKS,
    *transit.CHECKS,
    *endpoint.CHECKS,
    *private_api.CHECKS,
    *backend.CHECKS,
)
"""What is judged before a path is deployed."""

LIVE: tuple[Check, ...] = (*live_changes.CHECKS, *live_states.CHECKS)
"""What only a deployed path has."""

# What is there is no longer waited for, and AWS has taken what it refuses at the apply.
_BEFORE_ONLY = frozenset(
    {
        *("HW104", "HW107", "HW108", "HW109"),  # a deployment's order and triggers; HW170 asks for the result
        *("HW110", "HW815"),  # HW271 knows the usage plans
        *("HW112", "HW206", "HW207", "HW208", "HW308", "HW312", "HW314", "HW316", "HW317", "HW406", "HW904"),
        *("HW401", "HW403", "HW405"),  # HW470 knows the state of the link
        *("HW501", "HW508", "HW515", "HW517"),  # HW570, for the load balancer
        *("HW601", "HW611"),
        *("HW701", "HW705", "HW706", "HW709"),  # HW770, for the endpoint
        *("HW801", "HW803", "HW809", "HW810", "HW812", "HW813", "HW814"),  # HW870, HW871
    }
)

DEPLOYED: tuple[Check, ...] = (*(one for one in ALL if one.id.id not in _BEFORE_ONLY), *LIVE)
"""What is judged of a path that is deployed."""
