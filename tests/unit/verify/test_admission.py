from collections.abc import Callable
from typing import Any

import pytest

from hatchway.topology.model import Topology
from hatchway.verify.admission import Admission, admission
from tests.unit.verify.conftest import service

Make = Callable[..., Topology]
NAMED = {"partners": {"iam": {}}, "staff": {"lambda": {"identity_header": "X-Staff"}}}


def asked(made: Topology) -> Admission:
    declared = made.services["orders"]
    return admission(made.gateway, declared, declared.checks[0])


def routed(request: str, *routes: dict[str, Any], **keys: Any) -> dict[str, Any]:
    one = service(path="/orders", checks=[{"request": request}])
    return {"orders": one | keys | ({"routes": list(routes)} if routes else {})}


def test_a_request_is_asked_for_what_the_gateway_asks_for(topology: Make) -> None:
    found = asked(topology(routed("GET /orders/test"), authorizers=NAMED))
    assert (found.name, found.api_key, found.is_open) == (None, False, False)
    assert found.authorizer is not None
    assert found.authorizer.lambda_ is not None


def test_a_service_asks_for_another_authorizer_and_for_a_key(topology: Make) -> None:
    services = routed("GET /orders/test", authorizer="partners", api_key_required=True)
    found = asked(topology(services, authorizers=NAMED))
    assert (found.name, found.api_key) == ("partners", True)


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ("GET /orders/items", "staff"),
        ("GET /orders/items?page=2", "staff"),
        ("POST /orders/items", "partners"),
        ("GET /orders/items/7", "none"),
        ("GET /orders/items/7/parts", None),
    ],
)
def test_the_route_that_answers_decides(topology: Make, request_: str, name: str | None) -> None:
    services = routed(
        request_,
        {"path": "/items", "methods": ["GET"], "authorizer": "staff"},
        {"path": "/items", "methods": ["ANY"], "authorizer": "partners"},
        {"path": "/items/{id}", "authorizer": "none"},
        {"path": "/{proxy+}"},
    )
    found = asked(topology(services, authorizers=NAMED))
    assert found.name == (None if name == "none" else name)
    assert found.is_open == (name == "none")


def test_an_open_door_says_why(topology: Make) -> None:
    assert asked(topology(authorizer="none")).reason == "gateway.authorizer is 'none'"
    assert asked(topology(routed("GET /orders/x", authorizer="none"))).reason == "its authorizer is 'none'"


def test_a_key_alone_closes_the_door(topology: Make) -> None:
    found = asked(topology(routed("GET /orders/x", authorizer="none", api_key_required=True)))
    assert not found.is_open


def test_the_path_decides_before_the_method(topology: Make) -> None:
    services = routed(
        "GET /orders/items/7",
        {"path": "/{proxy+}", "methods": ["GET"], "authorizer": "staff"},
        {"path": "/items/{id}", "methods": ["ANY"], "authorizer": "partners"},
    )
    assert asked(topology(services, authorizers=NAMED)).name == "partners"


def test_a_route_asks_for_a_key_that_its_service_does_not_ask_for(topology: Make) -> None:
    services = routed(
        "GET /orders/keyed", {"path": "/keyed", "api_key_required": True}, {"path": "/{proxy+}"}
    )
    assert asked(topology(services)).api_key
