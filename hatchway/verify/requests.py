"""The calls of a verification: what they are sent with."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.errors import UsageError
from hatchway.verify.calling import Call, Token

if TYPE_CHECKING:
    from hatchway.topology.model import Service, Topology

__all__ = ["API_ID_HEADER", "Target", "made_up_token", "service_target", "token_of"]

API_ID_HEADER = "x-apigw-api-id"
_AUTHORIZATION = "Authorization"
# What is left for the way there and back, on top of the gateway's own time limit.
_MARGIN_SECONDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the calls to one service go, and what they carry.

    Attributes:
        url: The public API's stage, without a slash at the end.
        token: The credential; None where the topology declares no authorizer.
        api_id: The value of `x-apigw-api-id`; None where the gateway sets it. A call that sent it
            would hide that the gateway does not.
        timeout_seconds: How long an answer may take.
    """

    url: str
    token: Token | None
    api_id: str | None
    timeout_seconds: float

    def call(self, method: str, path: str) -> Call:
        """Return the call with everything that a caller is asked for."""
        headers = {"Accept": "application/json", "User-Agent": "hatchway-verify"}
        if self.token is not None:
            headers[_AUTHORIZATION] = self.token.header
        if self.api_id is not None:
            headers[API_ID_HEADER] = self.api_id
        return Call(method=method, url=self.url + path, headers=headers, timeout_seconds=self.timeout_seconds)

    def with_token(self, token: Token | None) -> "Target":
        """Return the same target, called with another credential, or with none."""
        return replace(self, token=token)

    def with_api_id(self, api_id: str | None) -> "Target":
        """Return the same target, called with another API id, or with none."""
        return replace(self, api_id=api_id)


def service_target(
    topology: "Topology", name: str, service: "Service", gateway: Mapping[str, object], token: Token | None
) -> Target:
    """Return where a service is called, from the outputs of the gateway's stack."""
    private_ids = gateway["private_api_ids"]
    if not isinstance(private_ids, Mapping):
        raise TypeError("private_api_ids")
    return Target(
        url=str(gateway["public_url"]).rstrip("/"),
        token=None if topology.gateway.authorizer == "none" else token,
        api_id=str(private_ids[name]) if topology.gateway.api_id_header == "passthrough" else None,
        timeout_seconds=service.integration_timeout_milliseconds / 1000 + _MARGIN_SECONDS,
    )


def made_up_token() -> Token:
    """Return a credential that nobody ever issued."""
    return Token(f"never-issued-{secrets.token_hex(16)}")


def token_of(environ: Mapping[str, str]) -> Token | None:
    """Return the credential in `HATCHWAY_TOKEN`, or None if there is none.

    Raises:
        UsageError: It could not be sent as a bearer token.
    """
    value = environ.get("HATCHWAY_TOKEN", "").strip()
    if not value:
        return None
    # https://datatracker.ietf.org/doc/html/rfc6750#section-2.1
    if re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", value) is None:
        raise UsageError(
            "HATCHWAY_TOKEN: is not a bearer token: only letters, digits and ._~+/- with = at the end can be "
            "sent. Leave out the word 'Bearer'."
        )
    return Token(value)
