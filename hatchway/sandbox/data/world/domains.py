"""Custom domain names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BasePath", "Domain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BasePath:
    """Where a base path leads: an API, and a stage unless the path names it."""

    api_id: str
    stage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A custom domain name, and whether the world can find it.

    `truststore` holds certificates (PEM) that sign the certificates callers have to show; None asks for none.
    """

    name: str
    region: str
    account_id: str
    security_policy: str = "TLS_1_2"
    truststore: bytes | None = None
    mappings: Mapping[str, BasePath] = field(default_factory=dict)
    resolves: bool = True
