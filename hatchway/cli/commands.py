"""Commands whose plain values are taken as they were typed.

Typer hands every value to a validator of pydantic, also those that nobody gave, and importing pydantic takes
a quarter of the time in which a review is done. Paths and text need none; everything else still gets it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, get_args

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

__all__ = ["Command", "Group"]

_PLAIN: tuple[type, ...] = (str, Path)


class _Reader(Protocol):
    """What Typer asks a parameter for: the value that the command is called with."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any: ...  # noqa: ANN401 -- Typer's own


class _ReadsPlainly:
    """Gives its parameters a reader that asks Typer's validators only for values that need one."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 -- Typer's own
        """Return the parameters, among them `--help`, which Typer makes late."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc] # mixed into commands
        for parameter in parameters:
            if "get_runtime_param" not in vars(parameter):
                # Typer has no other place for it: the parameters are made inside of it.
                reader = _PlainReader(parameter, parameter.get_runtime_param)
                parameter.get_runtime_param = lambda reader=reader: reader
        return parameters


class Command(_ReadsPlainly, TyperCommand):
    """A command whose plain values are taken as they were typed."""


class Group(_ReadsPlainly, TyperGroup):
    """Commands, and options before them, whose plain values are taken as they were typed."""


class _PlainReader:
    """Reads text and paths, and leaves the rest to Typer."""

    def __init__(self, parameter: TyperArgument | TyperOption, validator: Callable[[], _Reader]) -> None:
        described = parameter.type_descriptor
        item = get_args(described.annotation)[0] if described.is_list else described.annotation
        self._plain = item if item in _PLAIN and described.parameter_info.parser is None else None
        self._validator = validator

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 -- Typer's own
        """Return the value, or what Typer's validator makes of it."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if self._plain is None:
            return self._validator().coerce(value, param=param, ctx=ctx)
        return [self._plain(one) for one in value] if several else self._plain(value)
