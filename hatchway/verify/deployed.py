"""What is deployed of a service, from the outputs of the gateway's stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hatchway.errors import ToolError
from hatchway.topology.stacks import gateway_stack
from hatchway.verify.requests import Target, service_target

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["Deployed", "deployed_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What is deployed of a service.

    Attributes:
        target: How it is called.
        public_api_id: Id of the public API.
        private_api_id: Id of its private API.
        foreign_api_id: Id of another service's API that it must not reach; None if there is none.
    """

    target: Target
    public_api_id: str
    private_api_id: str
    foreign_api_id: str | None


def deployed_of(topology: "Topology", name: str, outputs: Mapping[str, Any]) -> Deployed:
    """Return what is deployed of a service.

    Raises:
        ToolError: The outputs tell nothing of it.
    """
    try:
        return Deployed(
            target=service_target(topology, name, topology.services[name], outputs),
            public_api_id=str(outputs["api_id"] if "api_id" in outputs else outputs["rest_api_id"]),
            private_api_id=str(outputs["private_api_ids"][name]),
            foreign_api_id=_foreign_api_id(topology, name, outputs),
        )
    except (KeyError, TypeError) as error:
        raise ToolError(
            f"{gateway_stack(topology)}: what is deployed has no output {error} for {name}. "
            "Run 'hatchway deploy'."
        ) from error


def _foreign_api_id(topology: "Topology", name: str, outputs: Mapping[str, Any]) -> str | None:
    """Return the id of another service's API that this service's endpoint must not reach."""
    allowed = topology.services[name].endpoint.allowed_api_ids
    others = (api_id for other, api_id in sorted(outputs["private_api_ids"].items()) if other != name)
    return next((api_id for api_id in others if api_id not in allowed), None)
