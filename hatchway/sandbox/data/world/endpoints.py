"""Interface VPC endpoints for execute-api."""

from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.world.networks import Interface
from hatchway.sandbox.data.world.values import Document

__all__ = ["Endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An interface VPC endpoint for execute-api."""

    id: str
    account_id: str
    region: str
    vpc_id: str
    state: str
    interfaces: tuple[Interface, ...]
    policy: Document | None
    private_dns_enabled: bool = False

    @property
    def has_default_policy(self) -> bool:
        """True where the policy allows everything to everyone, which AWS treats as no policy."""
        return self.policy is None or _is_full_access(self.policy)


def _is_full_access(policy: Document) -> bool:
    statements = policy.get("Statement", [])
    statements = [statements] if isinstance(statements, Mapping) else statements
    everyone = ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return any(
        s.get("Effect") == "Allow"
        and s.get("Principal") in everyone
        and s.get("Action") in ("*", ["*"])
        and s.get("Resource") in ("*", ["*"])
        and not s.get("Condition")
        for s in statements
    ) and all(s.get("Effect") == "Allow" for s in statements)
