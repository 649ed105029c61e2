"""The published schema and the documents that are written agree, whatever is in a report."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hatchway.report.document import as_document, as_json
from hatchway.report.schema import schema
from hatchway.route.load import Latency, Load
from hatchway.route.report import Report
from hatchway.route.timing import Timing
from tests.unit.report.samples import broken, good, hostile, loaded

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = json.loads((ROOT / "docs/reference/report.schema.json").read_text())
PAGE = (ROOT / "docs/reference/report-formats.md").read_text()


def exact(value: Any) -> Any:
    """The schema with every key named that a document may have."""
    if isinstance(value, dict):
        inner = {key: exact(one) for key, one in value.items()}
        return inner | ({"additionalProperties": False} if "properties" in value else {})
    return [exact(one) for one in value] if isinstance(value, list) else value


EXACT = jsonschema.Draft202012Validator(exact(PUBLISHED))


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert schema() == PUBLISHED, "run: make docs"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize(
    "report", [broken(), good(), hostile(), loaded(), Report(command="review", routes=())]
)
def test_a_report_has_the_keys_of_the_schema_and_no_others(report: Report) -> None:
    EXACT.validate(json.loads(as_json(report)))


SECONDS = st.floats(min_value=0, max_value=3600)
PART = st.none() | SECONDS
# A clock gives numbers, never 'not a number'.
st.register_type_strategy(
    Timing, st.builds(Timing, total=SECONDS, resolve=PART, connect=PART, tls=PART, first_byte=PART)
)
st.register_type_strategy(Latency, st.builds(Latency, p50=SECONDS, p95=SECONDS, p99=SECONDS, longest=SECONDS))
LASTED = st.just(0.0) | st.floats(min_value=0.001, max_value=3600)
st.register_type_strategy(
    Load,
    st.builds(Load, asked_per_second=SECONDS, asked_seconds=SECONDS, seconds=LASTED, budget=SECONDS),
)


@settings(max_examples=25, deadline=None)
@given(st.from_type(Report))
def test_every_report_that_can_be_made_fits_the_schema(report: Report) -> None:
    EXACT.validate(json.loads(as_json(report)))
    assert json.loads(as_json(report)) == as_document(report)


def test_a_later_version_may_add_keys() -> None:
    document = {**json.loads(as_json(good())), "later": 1}
    jsonschema.Draft202012Validator(PUBLISHED).validate(document)


@pytest.mark.parametrize(
    ("key", "value"),
    [("verdict", "ok"), ("schema", 2), ("routes", None), ("findings", [{}]), ("changes", {})],
)
def test_what_is_no_report_does_not_fit(key: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        EXACT.validate({**json.loads(as_json(good())), key: value})


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = set(value["properties"]) if isinstance(value.get("properties"), dict) else set()
        return own.union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_every_key_is_explained_where_people_look() -> None:
    assert sorted(key for key in keys(PUBLISHED) if f"`{key}`" not in PAGE) == []
    assert all(
        "description" in one
        for part in [PUBLISHED, *PUBLISHED["$defs"].values()]
        for one in part.get("properties", {}).values()
    )
