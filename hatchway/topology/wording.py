"""Pydantic's findings about one value, in Hatchway's words."""

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "tuple_type": "a list",
    "is_instance_of": "text",
}
_LIMITS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def describe(error: "ErrorDetails", value: object, source: str | None) -> tuple[str, str | None]:
    """What is wrong with a value, and what to do.

    Args:
        error: What Pydantic found.
        value: The value as Python has it.
        source: The value as the file has it, for values that are not text.
    """
    if value is None:
        return "has no value", "Give it one, or remove the key."
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"]), None
    if kind == "literal_error":
        return _choice(str(context["expected"]), value)
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"has to be {words} {context[limit]}", None
    if kind in _WANTED:
        return f"has to be {_WANTED[kind]}" + _instead(value), _quoted(kind, value, source)
    return error["msg"], None


def kind_of(value: object) -> str:
    """What a value is, for a person who wrote YAML."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "a value"


def _instead(value: object) -> str:
    return f", not {kind_of(value)}" if isinstance(value, dict | list) else ""


def _quoted(kind: str, value: object, source: str | None) -> str | None:
    if _WANTED[kind] == "text" and source is not None and not isinstance(value, str):
        return f'Put it in quotes: "{source}".'
    return None


def _choice(expected: str, value: object) -> tuple[str, str | None]:
    choices = expected.replace("True", "true")
    message = f"has to be {choices}" + _instead(value)
    guess = nearest(value, re.findall(r"'([^']*)'", expected)) if isinstance(value, str) else None
    if guess is None and isinstance(value, str):
        guess = next(
            (word for word in re.findall(r"'([^']*)'", expected) if word.lower() == value.lower()), None
        )
    return message, None if guess is None else f"Did you mean '{guess}'?"
