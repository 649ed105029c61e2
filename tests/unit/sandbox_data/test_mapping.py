"""How a method's request becomes the integration's."""

from typing import Any

import pytest

from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.mapping import (
    Source,
    integration_headers,
    integration_url,
    method_parameter,
    with_stage_variables,
)
from hatchway.sandbox.data.message import Request
from hatchway.sandbox.data.world import Integration


def source(path: str = "a b/c", query: str = "x=1&x=2", **headers: str) -> Source:
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Source(
        request=Request(method="GET", path="/", query=query, headers=sent),
        path_parameters={"proxy": path},
        stage_variables={"link": "link01"},
        context={"requestId": "r1"},
    )


def integration(**parameters: str) -> Integration:
    return Integration(
        type="HTTP_PROXY",
        uri="https://api.example.com/v1/{proxy}",
        request_parameters={
            "integration.request." + key.replace("__", ".").replace("_", "-"): value
            for key, value in parameters.items()
        },
    )


def test_the_path_is_put_in_encoded_and_the_query_follows() -> None:
    made = integration(path__proxy="method.request.path.proxy", querystring__y="'2'")
    assert integration_url(made, source()).geturl() == "https://api.example.com/v1/a%20b/c?x=1&x=2&y=2"


def test_a_parameter_that_nothing_is_mapped_to_is_an_error() -> None:
    with pytest.raises(GatewayError, match="nothing is mapped to"):
        integration_url(integration(), source())


def test_a_mapped_header_replaces_the_callers_whatever_its_case() -> None:
    made = integration(header__x_apigw_api_id="'own'")
    assert integration_headers(made, source(X_Apigw_Api_Id="foreign")) == (("x-apigw-api-id", "own"),)


def test_a_header_mapped_to_nothing_is_taken_away() -> None:
    assert integration_headers(integration(header__Authorization="''"), source(authorization="x")) == ()


@pytest.mark.parametrize("name", ["Content_Length", "transfer_encoding"])
def test_a_header_that_api_gateway_sets_itself_cannot_be_mapped(name: str) -> None:
    with pytest.raises(GatewayError, match="cannot be mapped"):
        integration_headers(integration(**{f"header__{name}": "'1'"}), source())


def test_headers_of_the_connection_stay_behind() -> None:
    given = {"Host": "x", "Connection": "close", "Content_Length": "1", "Accept": "*/*"}
    assert integration_headers(integration(), source(**given)) == (("Accept", "*/*"),)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'static'", "static"),
        ("method.request.header.accept", "text/plain"),
        ("method.request.header.absent", None),
        ("method.request.querystring.x", "2"),
        ("method.request.path.proxy", "a b/c"),
        ("stageVariables.link", "link01"),
        ("context.requestId", "r1"),
    ],
)
def test_expressions(expression: str, value: Any) -> None:
    assert method_parameter(expression, source(Accept="text/plain")) == value


def test_an_expression_that_is_not_known_is_an_error() -> None:
    with pytest.raises(GatewayError, match="not supported"):
        method_parameter("method.request.body.x", source())


def test_stage_variables_are_put_in_and_unknown_ones_vanish() -> None:
    text = with_stage_variables("a${stageVariables.link}b${stageVariables.none}c", {"link": "1"})
    assert text == "a1bc"
