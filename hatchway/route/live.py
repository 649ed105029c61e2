"""What only a deployed path has: states, health, and how far what is deployed is from what is declared.

Everything else about a deployed path is in the same facts as before it was deployed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.route.facts import Fact

__all__ = ["Certificate", "FunctionState", "Live", "QuotaUse", "State", "TargetHealth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The state of something as AWS names it, with AWS's own words on it."""

    subject: str
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetHealth:
    """What health checks say about one target."""

    address: str
    state: str
    reason: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionState:
    """A Lambda function's own state, and that of its last update."""

    subject: str
    code: str
    last_update: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The certificate of a custom domain name."""

    subject: str
    domain: str
    status: str
    days_left: int | None
    """None where it has not been issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """How many there are of something that AWS allows so many of."""

    subject: str
    name: str
    used: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What AWS says about one route right now. A state is None where there is no such thing in sight.

    Attributes:
        public_changes: What of the public API was changed since it was deployed.
        private_changes: The same of the private API.
        link: The VPC link.
        balancer: The load balancer.
        health: Health of the targets behind the listener.
        endpoint: The interface endpoint.
        authorizer: The authorizer's function.
        backend: The function behind the private route.
        certificates: Those of the domain names that lead to the public API.
        log_role: The role API Gateway logs with, in the gateway's account; empty for none.
        logs: Whether a stage of the public API writes execution logs.
        plans: Usage plans that cover the stage of the public API, by name.
        quotas: What is used of each quota that could be counted.
    """

    public_changes: "Fact[tuple[str, ...]]"
    private_changes: "Fact[tuple[str, ...]]"
    link: State | None
    balancer: State | None
    health: "Fact[tuple[TargetHealth, ...]]"
    endpoint: State | None
    authorizer: FunctionState | None
    backend: FunctionState | None
    certificates: tuple[Certificate, ...]
    log_role: str
    logs: bool
    plans: tuple[str, ...]
    quotas: tuple[QuotaUse, ...] = ()
