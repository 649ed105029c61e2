"""Lambda functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.world.values import Document

__all__ = ["Function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function with its code, ready to be run."""

    arn: str
    account_id: str
    region: str
    name: str
    role: str
    handler: str
    runtime: str
    timeout_seconds: float
    memory_megabytes: int
    environment: Mapping[str, str]
    code: bytes
    digest: str
    policy: Document | None = None
