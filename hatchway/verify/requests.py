"""The calls of a verification: what they are sent with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.topology.open_routes import joined
from hatchway.topology.partition import execute_api_host
from hatchway.verify.calling import Call

if TYPE_CHECKING:
    from hatchway.topology.model import Service, Topology
    from hatchway.verify.credentials import Credential

__all__ = ["API_ID_HEADER", "Target", "private_url", "service_target"]

API_ID_HEADER = "x-apigw-api-id"
# What is left for the way there and back, on top of the gateway's own time limit.
_MARGIN_SECONDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the calls to one service go, and what they carry.

    Attributes:
        url: The public API's stage, without a slash at the end.
        api_id: The value of `x-apigw-api-id`; None where the gateway sets it. A call that sent it
            would hide that the gateway does not.
        timeout_seconds: How long an answer may take.
        credentials: What is added to each call.
    """

    url: str
    api_id: str | None
    timeout_seconds: float
    credentials: "tuple[Credential, ...]" = ()

    def call(self, method: str, path: str) -> Call:
        """Return the call with everything that a caller is asked for."""
        headers = {"Accept": "application/json", "User-Agent": "hatchway-verify"}
        if self.api_id is not None:
            headers[API_ID_HEADER] = self.api_id
        call = Call(method=method, url=self.url + path, headers=headers, timeout_seconds=self.timeout_seconds)
        for credential in self.credentials:
            call = credential.applied(call)
        return call

    def with_credentials(self, *credentials: "Credential") -> "Target":
        """Return the same target, called with these credentials and no others."""
        return replace(self, credentials=credentials)

    def with_api_id(self, api_id: str | None) -> "Target":
        """Return the same target, called with another API id, or with none."""
        return replace(self, api_id=api_id)


def service_target(
    topology: "Topology", name: str, service: "Service", gateway: Mapping[str, object]
) -> Target:
    """Return where a service is called, from the outputs of the gateway's stack."""
    private_ids = gateway["private_api_ids"]
    if not isinstance(private_ids, Mapping):
        raise TypeError("private_api_ids")
    return Target(
        url=str(gateway["public_url"]).rstrip("/"),
        api_id=str(private_ids[name]) if topology.gateway.api_id_header == "passthrough" else None,
        timeout_seconds=service.integration_timeout_milliseconds / 1000 + _MARGIN_SECONDS,
    )


def private_url(topology: "Topology", service: "Service", private_api_id: str, path: str = "") -> str:
    """Return the URL of a service's private API; with a path of the public API, that of what it leads to."""
    region = topology.accounts[service.account].region
    below = path[len(service.path.rstrip("/")) :]
    return f"https://{execute_api_host(private_api_id, region)}/{service.api.stage}" + (
        joined(service.api.base_path, below) if below else ""
    )
