"""Policy documents as moto keeps them."""

import json
from collections.abc import Mapping

from hatchway.sandbox.data.world import Document

__all__ = ["document"]


def document(value: object) -> Document | None:
    """Reads a policy that may be text, text with its quotes escaped, or parsed already."""
    if not value:
        return None
    if isinstance(value, Mapping):
        return value
    text = str(value)
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = json.loads(json.loads(f'"{text}"'))
    return parsed if isinstance(parsed, Mapping) else None
