"""The methods of a private API, wherever they are declared."""

import json
from pathlib import Path

import pytest

from hatchway.topology import TopologyError
from hatchway.topology.model import PrivateApi
from hatchway.topology.openapi import private_routes

DOCUMENT = {
    "openapi": "3.0.3",
    "paths": {
        "/items": {"get": {}, "parameters": [], "x-amazon-apigateway-any-method": {}},
        "/items/{id}": {"delete": {}},
    },
}


def declared(api: PrivateApi, directory: Path = Path()) -> list[tuple[str, str]] | None:
    found = private_routes(api, directory)
    return None if found is None else [(route.method, route.path) for route in found]


def test_routes_of_a_document_are_its_operations(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))

    assert declared(PrivateApi(openapi="api.json"), tmp_path) == [
        ("GET", "/items"),
        ("ANY", "/items"),
        ("DELETE", "/items/{id}"),
    ]


def test_routes_that_are_written_out_are_themselves() -> None:
    api = PrivateApi.model_validate({"routes": [{"method": "GET", "path": "/test", "mock": {}}]})

    assert declared(api) == [("GET", "/test")]


def test_nobody_says_what_an_existing_api_has() -> None:
    assert declared(PrivateApi.model_validate({"existing": {"rest_api_id": "abcdefghij"}})) is None


def test_a_document_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match="does not exist"):
        private_routes(PrivateApi(openapi="api.json"), tmp_path)
