"""Rules about the requests that check a service, beside those that compare them with its routes."""

from collections.abc import Iterator
from typing import Any

from hatchway.topology.model import Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable

LOCAL = "#"


def schemas_are_schemas(topology: Topology, name: str) -> Iterator[Misfit]:
    """A JSON Schema is one, of a version that says how it is to be read, and refers to nothing elsewhere.

    https://json-schema.org/draft/2020-12
    """
    for index, check in enumerate(topology.services[name].checks):
        schema = usable(check, lambda it: it.expect.json_schema)
        if schema is not None:
            yield from _wrong(("services", name, "checks", index, "expect", "json_schema"), schema)


def _wrong(path: KeyPath, schema: dict[str, Any]) -> Iterator[Misfit]:
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415 -- few topologies need it
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415 -- the same

    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        yield Misfit(path=path, message=f"is not a JSON Schema, at {error.json_path}: {error.message[:200]}")
    for reference in _references(schema):
        if not reference.startswith(LOCAL):
            yield Misfit(
                path=path,
                message="refers to something outside of itself",
                got=reference,
                fix="Put it under $defs, and refer to it as '#/$defs/NAME'.",
            )


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("$ref", "$dynamicRef") and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
