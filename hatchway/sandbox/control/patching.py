"""How moto is corrected: one method at a time, around the original."""

import functools
from collections.abc import Callable
from typing import Any

__all__ = ["around", "parameter"]


def around(owner: Any, name: str, replacement: Callable[..., Any]) -> None:
    """Replaces `owner.name` by `replacement`, which gets the original as its first argument.

    Raises:
        AttributeError: The owner has no such attribute; this moto is not the one the patch was written for.
    """
    original = getattr(owner, name)

    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    setattr(owner, name, patched)


def parameter(response: Any, name: str, default: Any = None) -> Any:
    """Returns a parameter of the call that moto's response object is answering."""
    return response._get_param(name, default)  # noqa: SLF001 - moto's only way to a parameter
