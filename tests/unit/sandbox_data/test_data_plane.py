"""The whole data plane over a made-up estate: real sockets and TLS, one thing broken at a time."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data import DataPlane
from hatchway.sandbox.data.world import Integration, Method, Resource

PUBLIC, PRIVATE, FOREIGN = "public0001", "private001", "foreign001"
HOST = f"{PUBLIC}.execute-api.eu-west-1.amazonaws.com"
TIMED_OUT = (504, {"message": "Endpoint request timed out"})
FAILED = (500, {"message": "Internal server error"})
FORBIDDEN = (403, {"message": "Forbidden"})
GOOD = (200, {"response": "integration-successful"})

Call = Callable[..., "Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the caller gets it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def seen(self) -> tuple[int, Any]:
        """Status and JSON body."""
        return self.status, json.loads(self.body)


@pytest.fixture
def plane(world: Any, authority: Authority, tmp_path: Path) -> Iterator[DataPlane]:
    plane = DataPlane(authority, tmp_path, world=world, time_scale=0.01)
    plane.start()
    yield plane
    plane.stop()


@pytest.fixture
def call(plane: DataPlane, authority: Authority) -> Call:
    def request(
        path: str = "/live/test",
        method: str = "GET",
        host: str = HOST,
        body: bytes = b"",
        **headers: str,
    ) -> Reply:
        sent = {"x-apigw-api-id": PRIVATE, **{key.replace("_", "-"): v for key, v in headers.items()}}
        with socket.create_connection(plane.edge_address(host), timeout=10) as raw:
            connection = http.client.HTTPConnection(host)
            connection.sock = authority.client_context().wrap_socket(raw, server_hostname=host)
            connection.request(method, path, body or None, {k: v for k, v in sent.items() if v})
            response = connection.getresponse()
            reply = Reply(response.status, dict(response.getheaders()), response.read())
            connection.close()
            return reply

    return request


def is_cut_at_once(address: tuple[str, int]) -> bool:
    """Whether a hop ends a connection without waiting for a word from the caller."""
    try:
        with socket.create_connection(address, timeout=5) as raw:
            return raw.recv(1) == b""
    except ConnectionError:
        return True


def broken_at(plane: DataPlane) -> str:
    hops: Any = plane.log.recent[-1]["hops"]
    return str(next(hop["hop"] for hop in hops if hop["outcome"] in {"refused", "dropped"}))


def test_a_request_reaches_the_private_api_and_its_answer_comes_back(call: Call, plane: DataPlane) -> None:
    reply = call()
    assert reply.seen == GOOD
    assert reply.headers["Content-Type"] == "application/json"
    hops: Any = plane.log.recent[-1]["hops"]
    assert [hop["hop"] for hop in hops] == [
        "entry",
        "integration",
        "vpc-link",
        "load-balancer",
        "transit",
        "endpoint",
        "private-api",
        "backend",
    ]


def test_each_api_gateway_gives_an_id_of_its_own(call: Call) -> None:
    headers = call().headers
    assert headers["x-amzn-RequestId"] != headers["x-amzn-Remapped-x-amzn-RequestId"]


@pytest.mark.parametrize("path", ["/", "/nope/test", "/live2"])
def test_an_unknown_stage_is_forbidden(call: Call, path: str) -> None:
    reply = call(path)
    assert reply.seen == FORBIDDEN
    assert reply.headers["x-amzn-ErrorType"] == "ForbiddenException"


def test_the_root_is_not_matched_by_a_greedy_resource(call: Call) -> None:
    reply = call("/live")
    assert reply.seen == (403, {"message": "Missing Authentication Token"})
    assert reply.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_private_api_has_no_public_entry(call: Call) -> None:
    assert call("/v1/test", host=HOST.replace(PUBLIC, PRIVATE)).seen == FORBIDDEN


def test_a_disabled_default_endpoint_is_forbidden(call: Call, world: Any) -> None:
    world.apis[PUBLIC] = replace(world.apis[PUBLIC], default_endpoint_disabled=True)
    assert call().seen == FORBIDDEN


def test_a_missing_required_header_is_named(call: Call) -> None:
    reply = call(x_apigw_api_id="")
    assert reply.seen == (400, {"message": "Missing required request parameters: [x-apigw-api-id]"})


def test_an_unknown_api_id_is_forbidden_although_the_host_is_the_apis(call: Call, plane: DataPlane) -> None:
    assert call(x_apigw_api_id="nosuch0001").seen == FORBIDDEN
    assert broken_at(plane) == "endpoint"


def test_a_foreign_api_id_is_stopped_by_the_endpoint_policy(call: Call, plane: DataPlane) -> None:
    status, body = call(x_apigw_api_id=FOREIGN).seen
    assert status == 403
    assert body == {
        "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"arn:aws:execute-api:eu-west-1:********2222:{FOREIGN}/v1/GET/test"
    }
    assert broken_at(plane) == "endpoint"


def test_a_header_that_the_gateway_sets_beats_the_callers(call: Call, world: Any) -> None:
    world.change_integration(
        PUBLIC,
        request_parameters={
            "integration.request.path.proxy": "method.request.path.proxy",
            "integration.request.header.x-apigw-api-id": f"'{PRIVATE}'",
        },
    )
    assert call(X_ApiGw_Api_Id=FOREIGN).seen == GOOD


def test_a_path_unknown_to_the_private_api_is_answered_by_it(call: Call, plane: DataPlane) -> None:
    assert call("/live/nope").seen == (403, {"message": "Missing Authentication Token"})
    assert broken_at(plane) == "private-api"


def test_an_endpoint_that_the_resource_policy_does_not_name_is_denied(
    call: Call, plane: DataPlane, world: Any
) -> None:
    policy = world.apis[PRIVATE].stages["v1"].definition.policy
    policy["Statement"][1]["Condition"]["StringNotEquals"]["aws:SourceVpce"] = ["vpce-0b"]
    status, body = call().seen
    assert status == 403
    assert body["Message"].endswith(f":********2222:{PRIVATE}/v1/GET/test with an explicit deny")
    assert broken_at(plane) == "private-api"


def test_a_private_api_without_a_policy_lets_nobody_in(call: Call, world: Any) -> None:
    world.change_definition(PRIVATE, policy=None)
    assert call().status == 403


def test_a_stage_that_the_private_api_does_not_have_is_forbidden(call: Call, world: Any) -> None:
    world.change_integration(
        PUBLIC, uri=f"https://{PRIVATE}.execute-api.eu-west-1.amazonaws.com/v2/{{proxy}}"
    )
    assert call().seen == FORBIDDEN


def test_a_host_that_the_certificate_does_not_name_fails_the_handshake(
    call: Call, plane: DataPlane, world: Any
) -> None:
    world.change_integration(PUBLIC, uri="https://edge-0a.elb.eu-west-1.amazonaws.com/v1/{proxy}")
    assert call().seen == FAILED
    assert "mismatch" in str(plane.log.recent[-1]["hops"])


def test_the_alias_works_only_while_the_endpoint_is_associated(call: Call, world: Any) -> None:
    alias = f"https://{PRIVATE}-vpce-0a.execute-api.eu-west-1.amazonaws.com/v1/{{proxy}}"
    path_only = {"integration.request.path.proxy": "method.request.path.proxy"}
    world.change_integration(PUBLIC, uri=alias, request_parameters=path_only)
    assert call(x_apigw_api_id=PRIVATE).seen == GOOD
    world.change_integration(
        PUBLIC, request_parameters={**path_only, "integration.request.header.x-apigw-api-id": "''"}
    )
    assert call().seen == GOOD
    world.apis[PRIVATE] = replace(world.apis[PRIVATE], vpc_endpoint_ids=frozenset())
    assert call().seen == FORBIDDEN


def test_a_closed_endpoint_group_is_a_timeout(call: Call, plane: DataPlane, world: Any) -> None:
    world.change_group("sg-endpoint", ingress=())
    assert call().seen == TIMED_OUT
    assert broken_at(plane) == "endpoint"


def test_a_missing_route_is_a_timeout(call: Call, plane: DataPlane, world: Any) -> None:
    world.change_subnet("subnet-orders", routes=())
    assert call().seen == TIMED_OUT
    assert broken_at(plane) == "transit"


def test_no_targets_is_an_error_at_once(call: Call, plane: DataPlane, world: Any) -> None:
    group = next(iter(world.groups.values()))
    world.groups[group.arn] = replace(group, targets=())
    assert call().seen == FAILED
    assert broken_at(plane) == "load-balancer"


def test_no_listener_is_an_error_at_once(call: Call, plane: DataPlane, world: Any) -> None:
    balancer = next(iter(world.balancers.values()))
    world.balancers[balancer.arn] = replace(balancer, listeners=())
    assert call().seen == FAILED
    assert broken_at(plane) == "load-balancer"


def test_a_deleted_endpoint_leaves_an_address_that_nothing_answers(
    call: Call, plane: DataPlane, world: Any
) -> None:
    assert call().seen == GOOD
    world.interface_endpoints.clear()
    world.network = replace(world.network, interfaces=world.network.interfaces[:1])
    assert call().seen == TIMED_OUT
    assert broken_at(plane) == "load-balancer"


def test_a_link_that_failed_is_an_error(call: Call, plane: DataPlane, world: Any) -> None:
    world.links["link01"] = replace(world.links["link01"], status="FAILED")
    assert call().seen == FAILED
    assert broken_at(plane) == "vpc-link"


def test_inbound_rules_count_only_where_they_are_enforced(call: Call, plane: DataPlane, world: Any) -> None:
    balancer = next(iter(world.balancers.values()))
    world.balancers[balancer.arn] = replace(balancer, enforces_rules_on_private_link=True)
    assert call().seen == TIMED_OUT
    assert broken_at(plane) == "load-balancer"


def test_a_proxy_header_is_not_understood_by_the_endpoint(call: Call, plane: DataPlane, world: Any) -> None:
    group = next(iter(world.groups.values()))
    world.groups[group.arn] = replace(group, sends_proxy_header=True)
    assert call().seen == FAILED
    assert broken_at(plane) == "load-balancer"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"StringEquals": {"aws:SourceVpc": "vpc-orders"}}, 200),
        ({"StringEquals": {"aws:SourceVpc": "vpc-edge"}}, 403),
        ({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"}}, 200),
        ({"IpAddress": {"aws:VpcSourceIp": "10.1.0.0/24"}}, 403),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, 403),
    ],
)
def test_the_private_api_sees_the_endpoints_vpc_and_the_load_balancers_address(
    call: Call, world: Any, condition: Any, status: int
) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    policy = {"Statement": [{**statement, "Resource": "execute-api:/*", "Condition": condition}]}
    world.change_definition(PRIVATE, policy=policy)
    assert call().status == status


def test_the_public_apis_resource_policy_is_judged(call: Call, plane: DataPlane, world: Any) -> None:
    statement = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    unless = {"StringNotEquals": {"aws:SourceVpce": "vpce-0a"}}
    allow, deny = {**statement, "Effect": "Allow"}, {**statement, "Effect": "Deny", "Condition": unless}
    world.change_definition(PUBLIC, policy={"Statement": [allow]})
    assert call().seen == GOOD
    world.change_definition(PUBLIC, policy={"Statement": [allow, deny]})
    assert call().status == 403
    assert broken_at(plane) == "entry"


def test_a_preserved_client_address_finds_no_way_back(call: Call, plane: DataPlane, world: Any) -> None:
    group = next(iter(world.groups.values()))
    world.groups[group.arn] = replace(group, preserves_client_address=True)
    assert call().seen == TIMED_OUT
    assert broken_at(plane) == "load-balancer"


def test_a_mock_without_its_method_response_is_an_error(call: Call, world: Any) -> None:
    method = Method(http_method="GET", integration=Integration(type="MOCK"))
    world.change_definition(PRIVATE, resources=(Resource(id="r", path="/test", methods={"GET": method}),))
    assert call().seen == FAILED


def test_a_body_over_the_limit_is_refused(call: Call) -> None:
    assert call(method="POST", body=b"x" * (10 * 1024 * 1024 + 1)).status == 413


def test_a_policy_that_cannot_be_judged_lets_nobody_in_and_is_logged(
    call: Call, plane: DataPlane, world: Any
) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringSortOf": {"aws:SourceVpce": "vpce-0a"}},
    }
    world.change_definition(PRIVATE, policy={"Statement": [statement]})
    assert call().seen == FAILED
    assert any("StringSortOf" in str(entry.get("error")) for entry in plane.log.recent)


def test_a_stranger_on_loopback_gets_no_answer_from_an_inner_hop(call: Call, plane: DataPlane) -> None:
    call()
    # Nobody is told the addresses of inner hops, so they have to be looked up inside.
    inner = [listener.address for listener in plane._fabric._listeners.values()]  # noqa: SLF001
    assert len(inner) == 2
    assert all(is_cut_at_once(address) for address in inner)


def test_nothing_listens_after_stop(call: Call, plane: DataPlane) -> None:
    call()
    address = plane.edge_address(HOST)
    plane.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


def test_the_log_holds_no_header_of_the_caller(call: Call, plane: DataPlane) -> None:
    call(Authorization="Bearer made-up-token")
    assert "made-up-token" not in plane.log.path.read_text()
