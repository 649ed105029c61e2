"""Web ACLs of AWS WAF."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hatchway.sandbox.data.world.values import Document

__all__ = ["WebAcl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAcl:
    """A web ACL: its rules as they were written, in the order of their priorities."""

    arn: str
    default_action: Document
    rules: tuple[Document, ...] = ()
    ip_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
