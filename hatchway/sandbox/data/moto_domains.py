"""Reads custom domain names from moto's records, and whether Route 53 leads to them."""

from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.route53.models import route53_backends
from moto.s3.models import s3_backends

from hatchway.sandbox.data.world import BasePath, Domain

__all__ = ["leads_to", "read_domain", "read_object"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any


def read_domain(name: str) -> Domain | None:
    """Returns the custom domain with this name."""
    for regions in list(apigateway_backends.values()):
        for backend in list(regions.values()):
            domain = backend.domain_names.get(name)
            if domain is not None:
                return _domain(backend, domain)
    for second in list(apigatewayv2_backends.values()):
        for newer in list(second.values()):
            if name in newer.domain_names:
                return _second_domain(newer, newer.domain_names[name])
    return None


def _second_domain(backend: _Moto, domain: _Moto) -> Domain:
    """A domain that was made with the second version of the service, and its mappings."""
    configuration = domain.domain_name_configurations[0]
    truststore = (domain.mutual_tls_authentication or {}).get("truststoreUri")
    mappings = [m for m in list(backend.api_mappings.values()) if m.domain_name == domain.domain_name]
    return Domain(
        name=domain.domain_name,
        region=backend.region_name,
        account_id=backend.account_id,
        security_policy=configuration.get("securityPolicy") or "TLS_1_2",
        truststore=read_object(backend.account_id, truststore) if truststore else None,
        mappings={m.api_mapping_key or "": BasePath(api_id=m.api_id, stage=m.stage) for m in mappings},
        resolves=leads_to(domain.domain_name, configuration["apiGatewayDomainName"]),
    )


def _domain(backend: _Moto, domain: _Moto) -> Domain:
    truststore = getattr(domain, "sandbox_mutual_tls", {}).get("truststoreUri")
    mappings = backend.base_path_mappings.get(domain.domain_name) or {}
    return Domain(
        name=domain.domain_name,
        region=backend.region_name,
        account_id=backend.account_id,
        security_policy=domain.security_policy or "TLS_1_2",
        truststore=read_object(backend.account_id, truststore) if truststore else None,
        mappings={
            "" if mapping.base_path == "(none)" else mapping.base_path: BasePath(
                api_id=mapping.rest_api_id, stage=mapping.stage
            )
            for mapping in list(mappings.values())
        },
        resolves=leads_to(domain.domain_name, domain.regional_domain_name),
    )


def read_object(account_id: str, uri: str) -> bytes:
    """The content of an S3 object, empty where it does not exist."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    found = s3_backends[account_id]["aws"].buckets.get(bucket)
    stored = found.keys.get(key) if found else None
    return bytes(stored.value) if stored else b""


def leads_to(name: str, target: str) -> bool:
    """Tells whether a name resolves to a target.

    Where a public hosted zone of the estate has the name, a record in it has to lead to the target. Where
    none has, the zone is somewhere the sandbox cannot see, and is taken to be right.
    """
    zones = [
        zone
        for partitions in list(route53_backends.values())
        for backend in list(partitions.values())
        for zone in list(backend.zones.values())
        if not zone.private_zone and _is_in(name, zone.name)
    ]
    if not zones:
        return True
    closest = max(len(zone.name) for zone in zones)
    records = [record for zone in zones if len(zone.name) == closest for record in list(zone.rrsets)]
    return any(_leads(record, name, target) for record in records)


def _is_in(name: str, zone: str) -> bool:
    return f".{name}".endswith(f".{zone.rstrip('.')}")


def _leads(record: _Moto, name: str, target: str) -> bool:
    if record.name.rstrip(".").replace("\\052", "*") not in {name, f"*.{name.partition('.')[2]}"}:
        return False
    alias = record.alias_target or {}
    values = [alias.get("DNSName") or "", *(str(value) for value in record.records or ())]
    return target in {value.rstrip(".") for value in values}
