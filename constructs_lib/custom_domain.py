"""A domain name of the public API's own."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_base_path_mapping import ApiGatewayBasePathMapping
from cdktf_cdktf_provider_aws.api_gateway_domain_name import (
    ApiGatewayDomainName,
    ApiGatewayDomainNameEndpointConfiguration,
    ApiGatewayDomainNameMutualTlsAuthentication,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.domain_alias import DomainAlias, DomainAliasProps
from constructs_lib.domain_certificate import DomainCertificate, DomainCertificateProps


@dataclass(frozen=True, slots=True, kw_only=True)
class Truststore:
    """The certificate authorities of callers."""

    uri: str
    """S3 URI of their certificates."""
    version: str | None = None
    """Version of the S3 object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomainProps:
    """What `CustomDomain` needs."""

    provider: AwsProvider
    """Provider of the gateway's account, which is the zone's too."""
    name: str
    """The domain name."""
    rest_api_id: str
    """The public API."""
    stage_name: str
    """Its stage; a reference, so that the mapping waits for it."""
    certificate_arn: str | None = None
    """Certificate in the gateway's region; None has one requested and validated in the zone."""
    hosted_zone_id: str | None = None
    """Zone for the records; None leaves records to the user."""
    base_path: str | None = None
    """First part of paths on this domain, without slashes; None for none."""
    security_policy: str = "TLS_1_2"
    """Oldest TLS version."""
    truststore: Truststore | None = None
    """Set where callers have to show a certificate."""


class CustomDomain(Construct):
    """A Regional domain name that leads to one stage.

    Terraform: `aws_api_gateway_domain_name`, `aws_api_gateway_base_path_mapping`; with a zone those of
    `DomainAlias`; without a certificate those of `DomainCertificate`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-regional-api-custom-domain-create.html
    """

    def __init__(self, scope: Construct, id_: str, props: CustomDomainProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        given, truststore = props.certificate_arn, props.truststore
        self._domain = ApiGatewayDomainName(
            self,
            "DomainName",
            provider=props.provider,
            domain_name=props.name,
            regional_certificate_arn=self._add_certificate() if given is None else given,
            endpoint_configuration=ApiGatewayDomainNameEndpointConfiguration(types=["REGIONAL"]),
            security_policy=props.security_policy,
            mutual_tls_authentication=None
            if truststore is None
            else ApiGatewayDomainNameMutualTlsAuthentication(
                truststore_uri=truststore.uri, truststore_version=truststore.version
            ),
        )
        ApiGatewayBasePathMapping(
            self,
            "Mapping",
            provider=props.provider,
            api_id=props.rest_api_id,
            stage_name=props.stage_name,
            domain_name=self._domain.domain_name,
            base_path=props.base_path,
        )
        if props.hosted_zone_id is not None:
            alias = DomainAliasProps(
                provider=props.provider,
                name=props.name,
                hosted_zone_id=props.hosted_zone_id,
                target_name=self._domain.regional_domain_name,
                target_zone_id=self._domain.regional_zone_id,
            )
            DomainAlias(self, "Alias", alias)

    @property
    def regional_domain_name(self) -> str:
        """Name that a record of the domain has to point at."""
        return self._domain.regional_domain_name

    def _add_certificate(self) -> str:
        props = DomainCertificateProps(
            provider=self._props.provider,
            name=self._props.name,
            hosted_zone_id=self._props.hosted_zone_id or "",
        )
        return DomainCertificate(self, "Certificate", props).certificate_arn
