"""Whether an answer is the one that `checks` in the topology asks for."""

from typing import TYPE_CHECKING, Any

from hatchway.verify.calling import Answer, NoAnswer

if TYPE_CHECKING:
    from hatchway.topology.model import Expectation

__all__ = ["contains", "is_late", "is_proof", "mismatch"]


def mismatch(answer: Answer | NoAnswer, expected: "Expectation") -> str | None:
    """Return how an answer differs from what was expected, or None if it does not."""
    if isinstance(answer, NoAnswer):
        return str(answer)
    if answer.status != expected.status:
        return f"status {answer.status}, not {expected.status}"
    return _header(answer, expected) or _body(answer, expected)


def is_late(answer: Answer, expected: "Expectation") -> bool:
    """Whether an answer took longer than it may."""
    limit = expected.latency_milliseconds
    return limit is not None and answer.timing.total * 1000 > limit


def _header(answer: Answer, expected: "Expectation") -> str | None:
    for name, value in expected.headers.items():
        got = answer.headers.get(name.lower())
        if got != value:
            return f"no header {name}" if got is None else f"{name}: {got}, not {value}"
    return None


def _body(answer: Answer, expected: "Expectation") -> str | None:
    if expected.json_ is None and expected.json_schema is None:
        return None
    if answer.truncated:
        return "a body too large to be compared"
    if expected.json_ is not None and not contains(answer.json, expected.json_):
        return "a body that does not contain the expected JSON"
    return None if expected.json_schema is None else _violation(answer.json, expected.json_schema)


def _violation(body: object, schema: dict[str, Any]) -> str | None:
    """How a body violates a schema, in one line that says where."""
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415 -- few need it
    from referencing import Registry  # noqa: PLC0415 -- the same

    # The registry is empty: a schema that refers elsewhere must not make us fetch it.
    validator = validator_for(schema, default=Draft202012Validator)(schema, registry=Registry())
    error = next(iter(validator.iter_errors(body)), None)
    return (
        None
        if error is None
        else f"a body that violates the JSON Schema at {error.json_path}: {error.message[:200]}"
    )


def is_proof(answer: Answer, expected: "Expectation") -> bool:
    """Whether an answer that is as expected can only have come from behind the whole path.

    API Gateway gives error answers of its own at several hops. An expected 403 without a body to compare
    might be any of them.
    """
    has_body = expected.json_ is not None or expected.json_schema is not None
    return answer.status < 400 or has_body or answer.is_from_behind  # noqa: PLR2004 -- HTTP's own


def contains(actual: Any, expected: Any) -> bool:  # noqa: ANN401 -- JSON is any of its types
    """Whether JSON has everything that is expected; objects may have more keys, nothing else may differ."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and contains(actual[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(contains(one, other) for one, other in zip(actual, expected, strict=True))
        )
    # True equals 1 in Python, not in JSON.
    return isinstance(actual, bool) == isinstance(expected, bool) and bool(actual == expected)
