"""Who calls, and what is known of them: roles, credentials, user pools, API keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hatchway.sandbox.data.world.values import Document

__all__ = [
    "ApiKey",
    "Credentials",
    "PlanStage",
    "Quota",
    "Role",
    "Throttle",
    "TokenClient",
    "UsagePlan",
    "UserPool",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An IAM role: who may assume it, and what its policies say."""

    arn: str
    trust: Document | None
    policies: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An access key with its secret, and whose it is.

    `principals` are the ARNs under which policies may name the caller. `is_administrator` marks an identity
    that needs no policy in its own account.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    arn: str
    account_id: str
    principals: tuple[str, ...] = ()
    policies: tuple[Document, ...] = ()
    is_administrator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool:
    """A Cognito user pool, with the public keys that its tokens are signed with."""

    arn: str
    id: str
    region: str
    keys: Mapping[str, Mapping[str, Any]]
    client_ids: frozenset[str] = frozenset()

    @property
    def issuer(self) -> str:
        """What tokens of this pool name as their issuer."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClient:
    """A program that a user pool knows; `sign` makes a token of claims that lives for so many seconds."""

    id: str
    secret: str | None = field(repr=False)
    flows: frozenset[str]
    scopes: frozenset[str]
    sign: Callable[[Mapping[str, Any], int], str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """A token bucket: how many requests a second, and how many at once. A negative rate is no limit."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many requests a key has in a `DAY`, a `WEEK` or a `MONTH`."""

    limit: int
    period: str
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStage:
    """A stage that a usage plan opens, with limits for single methods by `/path/METHOD`."""

    api_id: str
    stage: str
    throttles: Mapping[str, Throttle] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlan:
    """A usage plan."""

    id: str
    stages: tuple[PlanStage, ...]
    throttle: Throttle | None = None
    quota: Quota | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key, and the plans it is in."""

    id: str
    name: str
    is_enabled: bool
    plans: tuple[UsagePlan, ...] = ()
