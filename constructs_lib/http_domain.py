"""A domain name of the public HTTP API's own."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.apigatewayv2_api_mapping import Apigatewayv2ApiMapping
from cdktf_cdktf_provider_aws.apigatewayv2_domain_name import (
    Apigatewayv2DomainName,
    Apigatewayv2DomainNameDomainNameConfiguration,
    Apigatewayv2DomainNameMutualTlsAuthentication,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.custom_domain import Truststore
from constructs_lib.domain_alias import DomainAlias, DomainAliasProps
from constructs_lib.domain_certificate import DomainCertificate, DomainCertificateProps


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDomainProps:
    """What `HttpDomain` needs."""

    provider: AwsProvider
    """Provider of the gateway's account, which is the zone's too."""
    name: str
    """The domain name."""
    api_id: str
    """The public API."""
    stage_name: str
    """Its stage; a reference, so that the mapping waits for it."""
    certificate_arn: str | None = None
    """Certificate in the gateway's region; None has one requested and validated in the zone."""
    hosted_zone_id: str | None = None
    """Zone for the records; None leaves records to the user."""
    base_path: str | None = None
    """First parts of paths on this domain, without slashes at the ends; None for none."""
    security_policy: str = "TLS_1_2"
    """Oldest TLS version."""
    truststore: Truststore | None = None
    """Set where callers have to show a certificate."""


class HttpDomain(Construct):
    """A Regional domain name that leads to one stage of an HTTP API.

    Terraform: `aws_apigatewayv2_domain_name`, `aws_apigatewayv2_api_mapping`; with a zone those of
    `DomainAlias`; without a certificate those of `DomainCertificate`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpDomainProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._domain = self._add_domain_name()
        Apigatewayv2ApiMapping(
            self,
            "Mapping",
            provider=props.provider,
            api_id=props.api_id,
            stage=props.stage_name,
            domain_name=self._domain.domain_name,
            api_mapping_key=props.base_path,
        )
        if props.hosted_zone_id is not None:
            configuration = self._domain.domain_name_configuration
            alias = DomainAliasProps(
                provider=props.provider,
                name=props.name,
                hosted_zone_id=props.hosted_zone_id,
                target_name=configuration.target_domain_name,
                target_zone_id=configuration.hosted_zone_id,
            )
            DomainAlias(self, "Alias", alias)

    def _add_domain_name(self) -> Apigatewayv2DomainName:
        given, truststore = self._props.certificate_arn, self._props.truststore
        return Apigatewayv2DomainName(
            self,
            "DomainName",
            provider=self._props.provider,
            domain_name=self._props.name,
            domain_name_configuration=Apigatewayv2DomainNameDomainNameConfiguration(
                certificate_arn=self._add_certificate() if given is None else given,
                endpoint_type="REGIONAL",
                security_policy=self._props.security_policy,
            ),
            mutual_tls_authentication=None
            if truststore is None
            else Apigatewayv2DomainNameMutualTlsAuthentication(
                truststore_uri=truststore.uri, truststore_version=truststore.version
            ),
        )

    def _add_certificate(self) -> str:
        props = DomainCertificateProps(
            provider=self._props.provider,
            name=self._props.name,
            hosted_zone_id=self._props.hosted_zone_id or "",
        )
        return DomainCertificate(self, "Certificate", props).certificate_arn
