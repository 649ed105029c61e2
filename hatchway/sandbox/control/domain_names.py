"""Custom domain names of REST APIs: certificates that fit, mutual TLS, changes in place.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
"""

import json
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from moto.acm.models import acm_backends
from moto.apigateway import models, responses
from moto.apigateway.exceptions import BadRequestException
from moto.s3.models import s3_backends

from hatchway.sandbox.control.patch_operations import Entries, Scalar, Setting, patch, text
from hatchway.sandbox.control.patching import around, parameter

__all__ = ["check_certificate", "check_truststore", "install"]

_PATCHABLE: dict[str, Setting] = {
    "regionalCertificateArn": Scalar("regional_certificate_arn", text),
    "regionalCertificateName": Scalar("regional_certificate_name"),
    "certificateArn": Scalar("certificate_arn", text),
    "certificateName": Scalar("certificate_name"),
    "securityPolicy": Scalar("security_policy", text),
    "mutualTlsAuthentication": Entries("sandbox_mutual_tls"),
}


def install() -> None:
    """Corrects moto's domain names."""
    around(responses.APIGatewayResponse, "create_domain_name", _a_domain_is_created_as_asked)
    around(models.DomainName, "to_json", _a_domain_shows_mutual_tls)
    around(models.APIGatewayBackend, "delete_domain_name", _mappings_go_with_the_domain)
    setattr(responses.APIGatewayResponse, "update_domain_name", _update_domain_name)  # noqa: B010 - moto has none


def _a_domain_is_created_as_asked(original: Any, response: Any) -> Any:
    """Keeps `mutualTlsAuthentication`, which moto drops, and refuses what AWS refuses.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html
    Goes when moto keeps it, looks at the certificate, and refuses a second domain of one name.
    """
    name = parameter(response, "domainName")
    if any(name in regions[r].domain_names for regions in _everywhere() for r in list(regions)):
        raise BadRequestException("The domain name you provided already exists.")
    arn = parameter(response, "regionalCertificateArn") or parameter(response, "certificateArn")
    check_certificate(response.backend, arn, name)
    mutual = parameter(response, "mutualTlsAuthentication") or {}
    if mutual:
        check_truststore(response.backend, mutual)
    original(response)
    domain = response.backend.domain_names[name]
    domain.sandbox_mutual_tls = dict(mutual)
    domain.security_policy = domain.security_policy or "TLS_1_2"
    return 201, {"status": 201}, json.dumps(domain.to_json())


def _everywhere() -> list[Any]:
    return list(models.apigateway_backends.values())


def _a_domain_shows_mutual_tls(original: Any, domain: Any) -> dict[str, Any]:
    """Returns what was kept; goes with it."""
    shown: dict[str, Any] = original(domain)
    mutual = {name: value for name, value in getattr(domain, "sandbox_mutual_tls", {}).items() if value}
    return {**shown, "mutualTlsAuthentication": mutual} if mutual else shown


def _mappings_go_with_the_domain(original: Any, backend: Any, domain_name: str) -> None:
    """Forgets the base path mappings of a deleted domain; goes when moto does."""
    original(backend, domain_name)
    backend.base_path_mappings.pop(domain_name, None)


def _update_domain_name(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateDomainName.html ."""
    backend = response.backend
    domain = backend.get_domain_name(unquote(response.path).split("/")[2])
    domain.sandbox_mutual_tls = getattr(domain, "sandbox_mutual_tls", {})

    def check() -> None:
        check_certificate(
            backend, domain.regional_certificate_arn or domain.certificate_arn, domain.domain_name
        )
        if domain.sandbox_mutual_tls.get("truststoreUri"):
            check_truststore(backend, domain.sandbox_mutual_tls)

    patch(domain, _PATCHABLE, parameter(response, "patchOperations") or [], check)
    return json.dumps(domain.to_json())


def check_certificate(backend: Any, arn: str | None, name: str) -> None:
    """Refuses a certificate that ACM does not have here, has not issued yet, or issued for other names.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-specify-certificate-for-custom-domain-name.html

    Raises:
        BadRequestException: As AWS words it.
    """
    certificates = acm_backends[backend.account_id][backend.region_name]._certificates  # noqa: SLF001 - moto has no getter that does not raise
    found = certificates.get(arn or "")
    if found is None:
        raise BadRequestException(f"The provided certificate does not exist: {arn}")
    if found.status != "ISSUED":
        raise BadRequestException(f"Certificate {arn} is in state {found.status}, it must be ISSUED")
    names = {str(found.common_name), *found.sans}
    if name not in names and f"*.{name.partition('.')[2]}" not in names:
        raise BadRequestException(f"The domain name {name} does not match the certificate {arn}")


def check_truststore(backend: Any, mutual: dict[str, Any]) -> None:
    """Refuses a truststore that is not in S3, or holds no certificates.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html

    Raises:
        BadRequestException: As AWS words it.
    """
    bucket, _, key = str(mutual.get("truststoreUri") or "").removeprefix("s3://").partition("/")
    found = s3_backends[backend.account_id]["aws"].buckets.get(bucket)
    stored = found.keys.get(key) if found else None
    if stored is None:
        raise BadRequestException("Invalid mTLS S3 object URI")
    try:
        x509.load_pem_x509_certificates(stored.value)
    except ValueError as error:
        raise BadRequestException("Truststore is not valid: it holds no PEM certificates") from error
