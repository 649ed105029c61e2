"""Whether an answer is the one that `checks` in the topology asks for."""

from typing import TYPE_CHECKING, Any

from hatchway.verify.calling import Answer, NoAnswer

if TYPE_CHECKING:
    from hatchway.topology.model import Expectation

__all__ = ["contains", "is_proof", "mismatch"]


def mismatch(answer: Answer | NoAnswer, expected: "Expectation") -> str | None:
    """Return how an answer differs from what was expected, or None if it does not."""
    if isinstance(answer, NoAnswer):
        return str(answer)
    if answer.status != expected.status:
        return f"status {answer.status}, not {expected.status}"
    if expected.json_ is None:
        return None
    if answer.truncated:
        return "a body too large to be compared"
    if not contains(answer.json, expected.json_):
        return "a body that does not contain the expected JSON"
    return None


def is_proof(answer: Answer, expected: "Expectation") -> bool:
    """Whether an answer that is as expected can only have come from behind the whole path.

    API Gateway gives error answers of its own at several hops. An expected 403 without a body to compare
    might be any of them.
    """
    return answer.status < 400 or expected.json_ is not None or answer.is_from_behind  # noqa: PLR2004 -- HTTP's own


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
