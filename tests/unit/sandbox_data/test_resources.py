"""Resource matching: exact before parameter before greedy, and no second try for a missing method."""

import pytest

from hatchway.sandbox.data.resources import match
from hatchway.sandbox.data.world import ApiDefinition, Method, Resource


def definition(*paths: str) -> ApiDefinition:
    return ApiDefinition(
        resources=tuple(
            Resource(id=path, path=path, methods={"GET": Method(http_method="GET")}) for path in paths
        )
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders", "/orders"),
        ("/orders/new", "/orders/new"),
        ("/orders/7", "/orders/{id}"),
        ("/orders/7/lines", "/{proxy+}"),
        ("/other", "/{proxy+}"),
        ("/", "/"),
    ],
)
def test_the_most_exact_resource_answers(path: str, expected: str) -> None:
    api = definition("/", "/{proxy+}", "/orders", "/orders/{id}", "/orders/new")
    found = match(api, "GET", path)
    assert found is not None
    assert found.resource.path == expected


def test_a_greedy_parameter_does_not_match_the_root() -> None:
    assert match(definition("/{proxy+}"), "GET", "/") is None


def test_parameters_are_decoded() -> None:
    found = match(definition("/a/{proxy+}"), "GET", "/a/b%20c/d")
    assert found is not None
    assert found.path_parameters == {"proxy": "b c/d"}


def test_a_resource_without_the_method_is_not_replaced_by_a_less_exact_one() -> None:
    assert match(definition("/{proxy+}", "/orders"), "GET", "/orders") is not None
    api = ApiDefinition(
        resources=(
            *definition("/{proxy+}").resources,
            Resource(id="r", path="/orders", methods={"POST": Method(http_method="POST")}),
        )
    )
    assert match(api, "GET", "/orders") is None
