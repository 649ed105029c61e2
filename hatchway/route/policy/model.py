"""A policy document as statements, each part kept as text that may hold unknown values.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hatchway.route.symbols import Text

_KNOWN = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, key and its values: `StringEquals`, `aws:SourceVpce`, …."""

    operator: str
    key: str
    values: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `negated` parts are `NotAction`, `NotResource`, `NotPrincipal`."""

    effect: str
    principals: Mapping[str, tuple[Text, ...]] | None
    actions: tuple[Text, ...]
    resources: tuple[Text, ...] | None
    conditions: tuple[Condition, ...]
    principal_negated: bool = False
    action_negated: bool = False
    resource_negated: bool = False
    sid: str | None = None
    problem: str | None = None
    """Why the statement is not understood; its effect on any request is then unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A parsed policy document."""

    statements: tuple[Statement, ...]
    version: str = "2012-10-17"


def parse_policy(document: object) -> Policy:
    """Read a decoded policy document; what is not understood becomes a statement with a `problem`.

    Args:
        document: Decoded JSON whose strings may be `Text`.
    """
    if not isinstance(document, Mapping):
        return Policy(statements=(_problem("the policy is not a JSON object"),))
    raw = document.get("Statement", [])
    statements = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else [raw]
    version = _string(document.get("Version"), default="2008-10-17")
    return Policy(statements=tuple(_statement(one) for one in statements), version=version or "")


def _statement(raw: object) -> Statement:
    if not isinstance(raw, Mapping):
        return _problem("a statement is not a JSON object")
    stranger = next((key for key in raw if key not in _KNOWN), None)
    if stranger is not None:
        return _problem(f"{stranger!s} is no part of a statement")
    effect = _string(raw.get("Effect"))
    if effect not in {"Allow", "Deny"}:
        return _problem(f"Effect is neither Allow nor Deny, got {raw.get('Effect')!s}")
    try:
        return Statement(
            effect=effect,
            sid=_string(raw.get("Sid")),
            principals=_principals(raw.get("Principal", raw.get("NotPrincipal"))),
            principal_negated="NotPrincipal" in raw,
            actions=_values(raw.get("Action", raw.get("NotAction", ()))),
            action_negated="NotAction" in raw,
            resources=_values(raw["Resource" if "Resource" in raw else "NotResource"])
            if "Resource" in raw or "NotResource" in raw
            else None,
            resource_negated="NotResource" in raw,
            conditions=_conditions(raw.get("Condition", {})),
        )
    except TypeError as error:
        return _problem(str(error), effect)


def _problem(message: str, effect: str = "") -> Statement:
    return Statement(
        effect=effect, principals=None, actions=(), resources=None, conditions=(), problem=message
    )


def _string(value: object, default: str | None = None) -> str | None:
    if isinstance(value, Text):
        return value.literal
    return value if isinstance(value, str) else default


def _values(value: object) -> tuple[Text, ...]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return tuple(_text(item) for item in items)


def _text(item: object) -> Text:
    if isinstance(item, Text):
        return item
    if isinstance(item, bool):
        return Text.of(str(item).lower())
    if isinstance(item, str | int | float):
        return Text.of(str(item))
    raise TypeError(f"expected text, got {'an object' if isinstance(item, Mapping) else 'a list'}")


def _principals(raw: object) -> Mapping[str, tuple[Text, ...]] | None:
    if raw is None:
        return None
    if isinstance(raw, str | Text):
        return {"*": (_text(raw),)} if str(raw) == "*" else {"AWS": (_text(raw),)}
    if not isinstance(raw, Mapping):
        raise TypeError("Principal is neither text nor an object")
    return {str(kind): _values(values) for kind, values in raw.items()}


def _conditions(raw: object) -> tuple[Condition, ...]:
    if not isinstance(raw, Mapping):
        raise TypeError("Condition is not an object")
    found = []
    for operator, keys in raw.items():
        if not isinstance(keys, Mapping):
            raise TypeError(f"Condition {operator!s} is not an object")
        found += [Condition(str(operator), str(key), _values(values)) for key, values in keys.items()]
    return tuple(found)
