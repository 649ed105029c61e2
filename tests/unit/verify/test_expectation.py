from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchway.route.timing import Timing
from hatchway.topology.model import Expectation
from hatchway.verify.calling import NoAnswer, Silence
from hatchway.verify.expectation import contains, is_late, is_proof, mismatch
from tests.unit.verify.conftest import answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_everything_contains_itself(value: Any) -> None:
    assert contains(value, value)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3), st.text(max_size=3), JSON)
def test_an_object_with_more_keys_contains_the_smaller_one(
    small: dict[str, Any], key: str, value: Any
) -> None:
    assert contains({key: value, **small}, small)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": True}, {"a": 1}),
        ({"a": 0}, {"a": False}),
        ([1, 2], [1]),
        ([1], [1, 2]),
        ("1", 1),
        (None, {}),
        ([], {}),
        ({}, []),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
    ],
)
def test_what_differs_is_not_contained(actual: Any, expected: Any) -> None:
    assert not contains(actual, expected)


def test_only_the_status_counts_where_no_json_is_expected() -> None:
    assert mismatch(answer(204), Expectation(status=204)) is None
    assert mismatch(answer(200), Expectation(status=204)) == "status 200, not 204"


@pytest.mark.parametrize("body", ["", "{", '{"a": 2}', "\x00"])
def test_another_body_than_expected_is_a_mismatch(body: str) -> None:
    assert mismatch(answer(200, body), Expectation.model_validate({"json": {"a": 1}})) == (
        "a body that does not contain the expected JSON"
    )


def test_no_answer_is_a_mismatch_that_says_why() -> None:
    assert (
        mismatch(NoAnswer(reason=Silence.TIMEOUT, timing=Timing(total=35)), Expectation())
        == "no answer in time (35 s)"
    )


@pytest.mark.parametrize(
    ("headers", "difference"),
    [
        ({"content-type": "application/json"}, None),
        ({}, "no header Content-Type"),
        ({"content-type": "text/html"}, "Content-Type: text/html, not application/json"),
    ],
)
def test_headers_have_to_be_there_with_their_values(headers: dict[str, str], difference: str | None) -> None:
    expected = Expectation(headers={"Content-Type": "application/json"})
    assert mismatch(answer(200, "{}", **headers), expected) == difference


SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"$ref": "#/$defs/id"}},
    "$defs": {"id": {"type": "integer"}},
}


@pytest.mark.parametrize(
    ("body", "difference"),
    [
        ('{"id": 7}', None),
        ('{"id": "7"}', "a body that violates the JSON Schema at $.id: '7' is not of type 'integer'"),
        ("{}", "a body that violates the JSON Schema at $: 'id' is a required property"),
        ("no json", "a body that violates the JSON Schema at $: None is not of type 'object'"),
    ],
)
def test_a_schema_has_to_be_satisfied(body: str, difference: str | None) -> None:
    expected = Expectation(json_schema=SCHEMA)
    assert mismatch(answer(200, body), expected) == difference
    assert is_proof(answer(404, body), expected)


def test_an_answer_is_late_beyond_its_limit_and_not_before() -> None:
    expected = Expectation(latency_milliseconds=250)
    assert not is_late(replace(answer(200), timing=Timing(total=0.25)), expected)
    assert is_late(replace(answer(200), timing=Timing(total=0.251)), expected)
    assert not is_late(replace(answer(200), timing=Timing(total=99)), Expectation())
