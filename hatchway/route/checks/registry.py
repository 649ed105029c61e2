"""Every check, in the order of the path."""

from hatchway.route.checks import (
    authorizer,
    backend,
    endpoint,
    entry,
    integration,
    load_balancer,
    private_api,
    targets,
    transit,
    vpc_link,
)
from hatchway.route.checks.model import Check

ALL: tuple[Check, ...] = (
    *entry.CHECKS,
    *authorizer.CHECKS,
    *integration.CHECKS,
    *vpc_link.CHECKS,
    *load_balancer.CHECKS,
    *targets.CHECKS,
    *transit.CHECKS,
    *endpoint.CHECKS,
    *private_api.CHECKS,
    *backend.CHECKS,
)
