from collections.abc import Callable
from typing import Any

import pytest

from hatchway.topology.model import Topology
from hatchway.verify.calling import Answer, Call, NoAnswer

PUBLIC, PRIVATE = "pub1234567", "priv123456"
URL = f"https://{PUBLIC}.execute-api.eu-west-1.amazonaws.com/live"
GOOD = '{"response":"integration-successful"}'


def answer(status: int, body: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body=body.encode(), headers={"x-amzn-requestid": "r", **named})


def gateway_error(status: int, message: str, kind: str = "", **headers: str) -> Answer:
    return answer(status, f'{{"message":"{message}"}}', x_amzn_errortype=kind, **headers)


def declared(**gateway: Any) -> dict[str, Any]:
    """A topology as the file has it, with one service at '/'."""
    return {
        "version": 1,
        "name": "article",
        "accounts": {
            "edge": {"id": "1" * 12, "region": "eu-west-1"},
            "orders": {"id": "2" * 12, "region": "eu-west-1"},
        },
        "state": {"s3": {"bucket": "article-state", "region": "eu-west-1"}},
        "networks": {
            "edge": {
                "account": "edge",
                "create": {
                    "cidr": "10.0.0.0/16",
                    "subnets": {"a": {"availability_zone_id": "euw1-az1", "cidr": "10.0.0.0/24"}},
                },
            },
        },
        "gateway": {"account": "edge", "network": "edge", **gateway},
        "services": {"orders": service()},
    }


def service(path: str = "/", routes: tuple[str, ...] = ("/test",), checks: Any = None) -> dict[str, Any]:
    expected = [{"request": "GET /test", "expect": {"json": {"response": "integration-successful"}}}]
    return {
        "account": "orders",
        "path": path,
        "endpoint": {"network": "edge"},
        "api": {"routes": [{"method": "GET", "path": route, "mock": {"body": {}}} for route in routes]},
        "checks": expected if checks is None else checks,
    }


@pytest.fixture
def topology() -> Callable[..., Topology]:
    def make(services: dict[str, Any] | None = None, **gateway: Any) -> Topology:
        whole = declared(**gateway)
        return Topology.model_validate({**whole, "services": services or whole["services"]})

    return make


class FakePath:
    """Answers as a path in good order does; `wrong` overrides the answer to one kind of call."""

    def __init__(self, *, passthrough: bool = True, authorizer: bool = True) -> None:
        self.passthrough = passthrough
        self.authorizer = authorizer
        self.wrong: dict[str, Answer | NoAnswer] = {}
        self.calls: list[Call] = []

    def call(self, request: Call, /) -> Answer | NoAnswer:
        self.calls.append(request)
        kind = self._kind(request)
        return self.wrong.get(kind, self._usual(kind))

    def _kind(self, request: Call) -> str:
        headers = request.headers
        token, api_id = headers.get("Authorization"), headers.get("x-apigw-api-id")
        kinds = {
            "private api": not request.url.startswith(URL),
            "foreign host": "Host" in headers,
            "altered path": self.authorizer and token is None and request.url != f"{URL}/test",
            "no credential": self.authorizer and token is None,
            "wrong credential": self.authorizer and token != "Bearer good",
            "malformed id": "." in (api_id or ""),
            "unknown method": request.method != "GET",
            "no id": self.passthrough and api_id is None,
            "foreign id": api_id not in {None, PRIVATE},
            "unknown path": request.url != f"{URL}/test",
        }
        return next((kind for kind, is_so in kinds.items() if is_so), "good")

    def _usual(self, kind: str) -> Answer:
        if kind in {"private api", "foreign host"}:
            return gateway_error(403, "Forbidden", "ForbiddenException")
        if kind in {"no credential", "wrong credential", "altered path"}:
            return gateway_error(401, "Unauthorized", "UnauthorizedException")
        if kind == "no id":
            return gateway_error(400, "Missing required request parameters: [x-apigw-api-id]")
        if kind in {"foreign id", "malformed id"} and self.passthrough:
            return gateway_error(403, "Forbidden", "ForbiddenException")
        if kind in {"unknown path", "unknown method"}:
            return gateway_error(403, "Missing Authentication Token", x_amzn_remapped_date="now")
        return answer(200, GOOD, x_amzn_remapped_date="now")
