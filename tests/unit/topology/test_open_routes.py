"""What is open on the public API, worked out from what is declared."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.topology import load
from hatchway.topology.open_routes import has_to_be_closed, joined, open_routes, resources, unlisted

ESTATE = Path(__file__).with_name("estate.yaml")
Open = Callable[[str], list[tuple[str, str, str | None, bool, int]]]


@pytest.fixture
def opened(tmp_path: Path, estate: str):
    """What the service `orders` opens when these keys are added to it."""

    def run(keys: str):
        text = estate.replace("    path: /orders\n", f"    path: /orders\n{keys}")
        text = text.replace(
            "  network: edge\nservices", "  network: edge\n  authorizers: {partners: {iam: {}}}\nservices"
        )
        (tmp_path / "hatchway.yaml").write_text(text)
        topology = load(tmp_path / "hatchway.yaml")
        return [
            (route.http_method, route.public_path, route.authorizer, route.timeout_milliseconds)
            for route in open_routes(topology.services["orders"])
        ], has_to_be_closed(topology, "orders")

    return run


def test_a_service_without_routes_is_open_as_a_whole(opened: Open) -> None:
    assert opened("    authorizer: partners\n") == (
        [("ANY", "/orders", "partners", 29000), ("ANY", "/orders/{proxy+}", "partners", 29000)],
        False,
    )


def test_a_route_has_what_the_service_says_where_it_says_nothing(opened: Open) -> None:
    keys = (
        "    authorizer: partners\n    integration_timeout_milliseconds: 9000\n    routes:\n"
        "      - {path: /, methods: [GET, PUT]}\n"
        "      - {path: /a, authorizer: none, integration_timeout_milliseconds: 50}\n"
    )

    assert opened(keys) == (
        [
            ("GET", "/orders", "partners", 9000),
            ("PUT", "/orders", "partners", 9000),
            ("ANY", "/orders/a", "none", 50),
        ],
        True,
    )


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("/", "/", "/"),
        ("/", "/a", "/a"),
        ("/a", "/", "/a"),
        ("/a", "/b/{c}", "/a/b/{c}"),
    ],
)
def test_paths_are_joined_without_a_second_slash(base: str, path: str, expected: str) -> None:
    assert joined(base, path) == expected


@pytest.mark.parametrize(
    ("routes", "closed"),
    [
        ([("GET", "/a")], ("/", "/{proxy+}")),
        ([("ANY", "/")], ("/{proxy+}",)),
        ([("GET", "/{id}")], ("/", "/{id}", "/{id}/{proxy+}")),
        ([("ANY", "/{id}")], ("/", "/{id}/{proxy+}")),
        ([("GET", "/{id}/{part}")], ("/", "/{id}", "/{id}/{part}", "/{id}/{part}/{proxy+}")),
        ([("GET", "/{rest+}")], ("/", "/{rest+}")),
        ([("ANY", "/"), ("ANY", "/{rest+}")], ()),
        ([("GET", "/a/{id}")], ("/", "/{proxy+}")),
    ],
)
def test_what_is_not_listed_is_closed_whatever_variables_there_are(
    routes: list[tuple[str, str]], closed: tuple[str, ...]
) -> None:
    assert unlisted(routes) == closed


def test_each_start_of_a_path_is_a_resource_and_the_root_is_none() -> None:
    assert resources(["/", "/a", "/a/{id}", "/b/c"]) == {"/a", "/a/{id}", "/b", "/b/c"}
