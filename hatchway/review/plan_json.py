"""Parts of a plan in JSON, of which nothing is taken for granted: a file may hold anything."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["listed", "mapping", "replace_paths", "texts"]


def mapping(value: object) -> Mapping[str, Any]:
    """Return a value if it is an object, else an empty one: a plan may be anything."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; nothing if it is none."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the items of a list as text; nothing if it is none."""
    return [str(one) for one in value] if isinstance(value, list) else []


def replace_paths(change: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Give the arguments of a change that cannot change in place."""
    paths = change.get("replace_paths")
    for path in paths if isinstance(paths, list) else ():
        if isinstance(path, list):
            yield tuple(step for step in path if isinstance(step, str | int))
