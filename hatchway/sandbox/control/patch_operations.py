"""Patch operations, with which API Gateway changes a part of an API in place."""

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from moto.apigateway.exceptions import ApiGatewayException, BadRequestException, NotFoundException

__all__ = ["Entries", "Members", "Scalar", "Setting", "flag", "number", "optional_text", "patch", "text"]

Operation = Mapping[str, Any]


class Setting(Protocol):
    """A property that can be patched."""

    operations: frozenset[str]
    nested: bool
    """Whether the path goes on after the property's name."""

    def apply(self, target: Any, operation: str, key: str, value: str | None) -> None:
        """Changes the target, or refuses."""
        ...


def patch(
    target: Any,
    settings: Mapping[str, Setting],
    operations: Iterable[Operation] | None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Applies all operations to one of moto's objects, or none of them.

    A path is a JSON pointer: `~1` stands for a slash, and `~0` for a tilde.
    https://docs.aws.amazon.com/apigateway/latest/api/API_PatchOperation.html

    Args:
        target: What is changed.
        settings: Its properties, by the name that paths begin with.
        operations: The operations, in their order.
        check: Refuses the result by raising one of API Gateway's errors.

    Raises:
        BadRequestException: A path, an operation or a value that API Gateway refuses.
        NotFoundException: A map's entry that is to be replaced or removed does not exist.
    """
    before = {name: copy.copy(value) for name, value in vars(target).items()}
    try:
        for operation in operations or ():
            _apply(target, settings, operation)
        check()
    except ApiGatewayException:
        vars(target).clear()
        vars(target).update(before)
        raise


def _apply(target: Any, settings: Mapping[str, Setting], operation: Operation) -> None:
    path, name = str(operation.get("path")), str(operation.get("op"))
    found = _find(settings, path)
    if found is None:
        choices = ", ".join(f"/{known}" for known in sorted(settings))
        raise BadRequestException(
            f"Invalid patch path  '{path}' specified for op '{name}'. Must be one of: [{choices}]"
        )
    setting, key = found
    if name not in setting.operations:
        raise BadRequestException(
            f"Invalid patch path  '{path}' specified for op '{name}'. Please choose supported operations"
        )
    setting.apply(target, name, key, operation.get("value"))


def _find(settings: Mapping[str, Setting], path: str) -> tuple[Setting, str] | None:
    for name, setting in settings.items():
        if path == f"/{name}" and not setting.nested:
            return setting, ""
        key = path.removeprefix(f"/{name}/")
        if setting.nested and key and key != path and "/" not in key:
            return setting, key.replace("~1", "/").replace("~0", "~")
    return None


def text(value: str | None) -> str:
    """Reads a text that has to be there."""
    if not value:
        raise BadRequestException("Invalid request input")
    return value


def optional_text(value: str | None) -> str | None:
    """Reads a text; an empty one takes the property away."""
    return value or None


def flag(value: str | None) -> bool:
    """Reads `true` or `false`."""
    if str(value).lower() not in {"true", "false"}:
        raise BadRequestException(f"Invalid boolean value: {value}")
    return str(value).lower() == "true"


def number(lowest: int, highest: int, message: str) -> Callable[[str | None], int]:
    """Returns a reader of whole numbers within the bounds; others are refused with the message."""

    def read(value: str | None) -> int:
        given = str(value)
        if not given.isdigit() or not lowest <= int(given) <= highest:
            raise BadRequestException(message)
        return int(given)

    return read


class Scalar:
    """A property with one value."""

    operations = frozenset({"replace"})
    nested = False

    def __init__(self, attribute: str, read: Callable[[str | None], Any] = optional_text) -> None:
        self._attribute = attribute
        self._read = read

    def apply(self, target: Any, operation: str, key: str, value: str | None) -> None:  # noqa: ARG002 - one shape
        """Replaces the value."""
        setattr(target, self._attribute, self._read(value))


class Entries:
    """A property that is a map; the path names the entry."""

    nested = True

    def __init__(
        self,
        attribute: str,
        read: Callable[[str | None], Any] = optional_text,
        fixed: str | None = None,
    ) -> None:
        """Describes the map.

        Args:
            attribute: moto's name of it.
            read: Reads a value.
            fixed: The one entry of a map that is an object; it is there always, and is only replaced.
        """
        self.operations = frozenset({"add", "remove", "replace"} if fixed is None else {"replace"})
        self._fixed = fixed
        self._attribute = attribute
        self._read = read

    def apply(self, target: Any, operation: str, key: str, value: str | None) -> None:
        """Sets or removes the entry; only `add` can make a new one (RFC 6902)."""
        entries = getattr(target, self._attribute) or {}
        if self._fixed not in (None, key):
            raise BadRequestException(
                f"Invalid patch path  '{key}' specified. Must be one of: [{self._fixed}]"
            )
        if self._fixed is None and operation != "add" and key not in entries:
            raise NotFoundException(f"Invalid parameter name specified: {key}")
        if operation == "remove":
            del entries[key]
        else:
            entries[key] = self._read(value)
        setattr(target, self._attribute, entries)


class Members:
    """A property that is a set; the member is at the end of the path, or is the value."""

    operations = frozenset({"add", "remove"})

    def __init__(self, attribute: str, *, in_path: bool) -> None:
        self.nested = in_path
        self._attribute = attribute

    def apply(self, target: Any, operation: str, key: str, value: str | None) -> None:
        """Adds or removes the member."""
        changed = key or text(value)
        members = [member for member in getattr(target, self._attribute) or () if member != changed]
        setattr(target, self._attribute, [*members, changed] if operation == "add" else members)
