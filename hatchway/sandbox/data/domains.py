"""Custom domain names at the edge: TLS of their own, and where their base paths lead.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
"""

import ssl
from dataclasses import dataclass

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError
from hatchway.sandbox.data.stages import split_stage
from hatchway.sandbox.data.world import BasePath, Domain, RestApi, World

__all__ = ["FoundApi", "MappedPath", "base_path_of", "find_api", "tls_context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundApi:
    """What a request to a custom domain is for."""

    api: RestApi
    stage: str
    path: str
    base_path: str


def tls_context(authority: Authority, domain: Domain) -> ssl.SSLContext:
    """Returns the TLS of a domain: its own certificate, its oldest version, and whom it asks for one.

    A caller without a certificate that the truststore has signed fails in the handshake.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
    """
    is_new = "TLS_1_3" in domain.security_policy or "TLS13_1_3" in domain.security_policy
    oldest = ssl.TLSVersion.TLSv1_3 if is_new else ssl.TLSVersion.TLSv1_2
    return authority.domain_context(domain.name, oldest, domain.truststore)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPath:
    """A base path of a domain that a path begins with, and what is left of the path."""

    base_path: str
    mapping: BasePath
    rest: str


def base_path_of(domain: Domain, path: str) -> MappedPath | None:
    """Returns the longest base path that fits, or None where none does."""
    parts = [part for part in path.split("/") if part]
    for length in range(len(parts), -1, -1):
        base_path = "/".join(parts[:length])
        mapping = domain.mappings.get(base_path)
        if mapping is not None:
            rest = path.lstrip("/").removeprefix(base_path)
            rest = rest if rest.startswith("/") else f"/{rest}"
            return MappedPath(base_path=base_path, mapping=mapping, rest=rest)
    return None


def find_api(world: World, host: str, path: str) -> FoundApi:
    """Returns the REST API that a path of a custom domain leads to.

    Raises:
        GatewayError: there is no such domain, or nothing is mapped to the path.
    """
    domain = world.domain(host)
    if domain is None:
        raise GatewayError(FORBIDDEN, f"there is no API {host!r}")
    found = base_path_of(domain, path)
    if found is None:
        raise GatewayError(FORBIDDEN, f"nothing is mapped to {path} of {host}")
    api = world.rest_api(found.mapping.api_id)
    if api is None:
        raise GatewayError(FORBIDDEN, f"{host}/{found.base_path} leads to {found.mapping.api_id}: it is gone")
    stage, rest = (found.mapping.stage, found.rest) if found.mapping.stage else split_stage(found.rest)
    return FoundApi(api=api, stage=stage, path=rest, base_path=found.base_path)
