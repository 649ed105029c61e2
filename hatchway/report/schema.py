"""The JSON Schema of reports, `docs/reference/report.schema.json`, written from the types of the document."""

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

from hatchway.report import schema_1

__all__ = ["as_schema", "schema"]


def schema() -> dict[str, Any]:
    """Return the schema. It allows keys that it does not name: a later version may add some."""
    for name in schema_1.__all__:
        # Here and not at the types: reports are written without loading Pydantic.
        with_config(ConfigDict(use_attribute_docstrings=True))(getattr(schema_1, name))
    found = TypeAdapter(schema_1.ReportDocument).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_plain(found)}


def as_schema() -> str:
    """Return the schema as text."""
    return json.dumps(schema(), indent=2) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 -- JSON of any kind
    """Leave out the titles, which only repeat the names."""
    if isinstance(value, dict):
        return {
            key: _plain(one) for key, one in value.items() if not (key == "title" and isinstance(one, str))
        }
    return [_plain(one) for one in value] if isinstance(value, list) else value
