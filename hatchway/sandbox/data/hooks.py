"""What the control plane records and answers for the data plane."""

from typing import Any

from moto.apigateway.models import APIGatewayBackend
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from hatchway.sandbox.control.patching import around
from hatchway.sandbox.data.health import check, something_listens
from hatchway.sandbox.data.moto_apis import read_definition
from hatchway.sandbox.data.moto_view import DEFINITION, MotoView, target_group

__all__ = ["install"]

_installed: list[bool] = []


def install() -> None:
    """Installs the hooks, once for each process."""
    if _installed:
        return
    around(APIGatewayBackend, "create_deployment", _a_deployment_is_a_snapshot)
    around(ELBv2Backend, "describe_target_health", _health_is_what_the_network_says)
    _installed.append(True)


def _a_deployment_is_a_snapshot(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - moto is not typed
    """Keeps the whole API as it is now: a stage answers from its deployment, not from later edits.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
    """
    deployment = original(backend, *args, **kwargs)
    api_id = args[0] if args else kwargs["function_id"]
    setattr(deployment, DEFINITION, read_definition(backend.get_rest_api(api_id)))
    return deployment


def _health_is_what_the_network_says(
    original: Any,  # noqa: ANN401 - moto is not typed
    backend: Any,  # noqa: ANN401 - the same
    target_group_arn: str,
    targets: list[dict[str, Any]],
) -> list[Any]:
    """Reports each registered address as health checks would find it; moto calls everything healthy.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    answers: list[Any] = original(backend, target_group_arn, targets)
    recorded = backend.target_groups[target_group_arn]
    if recorded.target_type != "ip":
        return answers
    view, group = MotoView(), target_group(recorded)
    networks, endpoints = view.networks(), view.endpoints()
    balancer = view.load_balancer(group.load_balancer_arns[0]) if group.load_balancer_arns else None
    registered = {target.address: target for target in group.targets}
    for index, answer in enumerate(answers):
        target = registered.get(answer.instance_id)
        if target is None:
            continue
        health = check(
            networks, balancer, group, target, lambda found, port: something_listens(endpoints, found, port)
        )
        answers[index] = FakeHealthStatus(
            answer.instance_id,
            str(target.port),
            answer.health_check_port,
            health.state,
            health.reason,
            health.description,
        )
    return answers
