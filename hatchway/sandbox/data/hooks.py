"""What the control plane records and answers for the data plane."""

import json
from typing import Any

from moto.apigateway.exceptions import StageNotFoundException
from moto.apigateway.models import APIGatewayBackend
from moto.apigateway.responses import APIGatewayResponse
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from hatchway.sandbox.control.patching import around
from hatchway.sandbox.data.export import export
from hatchway.sandbox.data.health import check, something_listens
from hatchway.sandbox.data.moto_apis import read_definition
from hatchway.sandbox.data.moto_balancers import target_group
from hatchway.sandbox.data.moto_http_apis import HTTP_DEFINITION, read_http_definition
from hatchway.sandbox.data.moto_stages import DEFINITION
from hatchway.sandbox.data.moto_view import MotoView

__all__ = ["install"]

_installed: list[bool] = []


def install() -> None:
    """Installs the hooks, once for each process."""
    if _installed:
        return
    around(APIGatewayBackend, "create_deployment", _a_deployment_is_a_snapshot)
    around(APIGatewayResponse, "get_export", _an_export_is_of_what_was_deployed)
    around(ELBv2Backend, "describe_target_health", _health_is_what_the_network_says)
    around(ApiGatewayV2Response, "create_deployment", _a_deployment_of_an_http_api_is_one_too)
    _installed.append(True)


def _a_deployment_is_a_snapshot(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - moto is not typed
    """Keeps the whole API as it is now: a stage answers from its deployment, not from later edits.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
    """
    deployment = original(backend, *args, **kwargs)
    api_id = args[0] if args else kwargs["function_id"]
    setattr(deployment, DEFINITION, read_definition(backend.get_rest_api(api_id)))
    return deployment


def _an_export_is_of_what_was_deployed(_original: Any, response: Any) -> Any:  # noqa: ANN401 - moto is not typed
    """Exports the snapshot that a stage serves; moto exports paths alone, of the definition of today.

    https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
    """
    _, _, api_id, _, stage_name, *_ = response.path.split("/")
    api = response.backend.get_rest_api(api_id)
    stage = api.stages.get(stage_name)
    definition = getattr(api.deployments.get(stage.deployment_id), DEFINITION, None) if stage else None
    if definition is None:
        raise StageNotFoundException
    names = {identity: authorizer.name for identity, authorizer in api.authorizers.items()}
    headers = {"Content-Type": "application/octet-stream"}
    return 200, headers, json.dumps(export(definition, names)).encode()


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


def _a_deployment_of_an_http_api_is_one_too(original: Any, response: Any) -> Any:  # noqa: ANN401 - moto is not typed
    """Keeps routes and authorizers as they are now, as above."""
    answer = original(response)
    api = response.apigatewayv2_backend.get_api(response.path.split("/")[3])
    deployed = api.sandbox_deployments[json.loads(answer[2])["deploymentId"]]
    deployed[HTTP_DEFINITION] = read_http_definition(api)
    return answer
