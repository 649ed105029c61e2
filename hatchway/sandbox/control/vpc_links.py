"""VPC links of REST APIs: one that leads to no network load balancer fails, as on AWS."""

from typing import Any

from moto.apigateway.models import APIGatewayBackend, VpcLink
from moto.elbv2.models import elbv2_backends

from hatchway.sandbox.control.patching import around

__all__ = ["install"]


def install() -> None:
    """Corrects moto's VPC links."""
    around(APIGatewayBackend, "create_vpc_link", _a_link_needs_a_load_balancer)
    around(VpcLink, "to_json", _a_link_says_why_it_failed)


def _a_link_needs_a_load_balancer(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Lets a link to anything but a network load balancer of its account fail; moto's are all available.

    https://docs.aws.amazon.com/apigateway/latest/api/API_VpcLink.html
    Goes when moto looks at the targets.
    """
    link = original(backend, *args, **kwargs)
    balancers = elbv2_backends[backend.account_id][backend.region_name].load_balancers
    for arn in link.target_arns:
        found = balancers.get(arn)
        if found is None or found.type != "network":
            link.status = "FAILED"
            link.sandbox_status_message = f"{arn} is no network load balancer of this account and region."
    return link


def _a_link_says_why_it_failed(original: Any, link: Any) -> dict[str, Any]:
    """Shows the message set above; goes with it."""
    result: dict[str, Any] = original(link)
    message = getattr(link, "sandbox_status_message", None)
    return result if message is None else {**result, "statusMessage": message}
