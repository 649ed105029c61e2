"""Target health: what the checks of a load balancer would find, and what a node does with it."""

from dataclasses import replace
from typing import Any

import pytest

from hatchway.sandbox.data.health import TargetHealth, candidates, check, something_listens
from hatchway.sandbox.data.world import Interface, Target, TargetGroup


def health(world: Any, **changes: Any) -> TargetHealth:
    group = replace(next(iter(world.groups.values())), **changes)
    balancer = next(iter(world.balancers.values()))

    def listens(destination: Interface, port: int) -> bool:
        return something_listens(world.endpoints(), destination, port)

    return check(world.network, balancer, group, group.targets[0], listens)


def test_the_articles_target_is_healthy(world: Any) -> None:
    assert health(world).state == "healthy"


def test_a_blocked_check_is_a_timeout(world: Any) -> None:
    world.change_group("sg-endpoint", ingress=())
    found = health(world)
    assert (found.state, found.reason) == ("unhealthy", "Target.Timeout")
    assert "sg-endpoint" in found.why


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"health_path": "/"}, "Target.ResponseCodeMismatch"),
        ({"health_path": "/ping", "health_matcher": "201-299"}, "Target.ResponseCodeMismatch"),
        ({"health_protocol": "HTTP"}, "Target.FailedHealthChecks"),
        ({"preserves_client_address": True}, "Target.FailedHealthChecks"),
    ],
)
def test_a_check_that_cannot_succeed_says_why(world: Any, changes: dict[str, Any], reason: str) -> None:
    assert health(world, **changes).reason == reason


def test_a_check_of_another_port_is_judged_by_that_port(world: Any) -> None:
    assert health(world, health_port="8443").reason == "Target.Timeout"


@pytest.mark.parametrize(
    "changes", [{"health_protocol": "TCP"}, {"health_path": "/", "health_matcher": "200,403"}]
)
def test_a_lenient_check_is_green(world: Any, changes: dict[str, Any]) -> None:
    assert health(world, **changes).state == "healthy"


def test_an_endpoint_that_is_gone_refuses(world: Any) -> None:
    world.interface_endpoints.clear()
    assert health(world).reason == "Target.FailedHealthChecks"


def test_a_group_without_a_load_balancer_is_unused(world: Any) -> None:
    group: TargetGroup = next(iter(world.groups.values()))
    found = check(world.network, None, group, group.targets[0], lambda *_: True)
    assert (found.state, found.reason) == ("unused", "Target.NotInUse")


@pytest.fixture
def two(world: Any) -> tuple[TargetGroup, Target, Target]:
    good = Target(address="10.1.0.10", port=443, availability_zone="all")
    bad = Target(address="10.1.0.11", port=443, availability_zone="all")
    group = next(iter(world.groups.values()))
    return replace(group, targets=(good, bad)), good, bad


def chosen(world: Any, group: TargetGroup, healthy: set[str], **changes: Any) -> list[Target]:
    balancer = replace(next(iter(world.balancers.values())), **changes)

    def judge(target: Target) -> TargetHealth:
        return TargetHealth(state="healthy" if target.address in healthy else "unhealthy")

    return candidates(world.network, balancer, group, balancer.nodes[0], judge)


def test_unhealthy_targets_are_left_out(world: Any, two: Any) -> None:
    group, good, _ = two
    assert chosen(world, group, {"10.1.0.10"}) == [good]


def test_where_none_is_healthy_all_are_used(world: Any, two: Any) -> None:
    group, good, bad = two
    assert chosen(world, group, set()) == [good, bad]


def test_without_cross_zone_a_node_uses_its_own_zone(world: Any, two: Any) -> None:
    group, good, bad = two
    local = replace(good, availability_zone="eu-west-1a")
    remote = replace(bad, availability_zone="eu-west-1b")
    group = replace(group, targets=(local, remote))
    both = {"10.1.0.10", "10.1.0.11"}
    assert chosen(world, group, both, crosses_zones=False) == [local]
    assert chosen(world, group, both, crosses_zones=True) == [local, remote]
    assert chosen(world, replace(group, crosses_zones=True), both, crosses_zones=False) == [local, remote]
