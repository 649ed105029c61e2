"""A certificate for a domain name of the user's."""

from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from constructs import Construct

VALIDATION_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCertificateProps:
    """What `DomainCertificate` needs."""

    provider: AwsProvider
    """Provider of the gateway's account, which is the zone's too."""
    name: str
    """The domain name."""
    hosted_zone_id: str
    """Zone in which a record proves that the name is ours."""


class DomainCertificate(Construct):
    """A certificate that is requested, and validated by a record in the zone.

    Terraform: `aws_acm_certificate`, `aws_route53_record`, `aws_acm_certificate_validation`.
    One that has to be replaced is made and validated before the old one goes.
    https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """

    def __init__(self, scope: Construct, id_: str, props: DomainCertificateProps) -> None:
        super().__init__(scope, id_)
        certificate = AcmCertificate(
            self,
            "Certificate",
            provider=props.provider,
            domain_name=props.name,
            validation_method="DNS",
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        # One name has one record; the set is not known before the certificate is, so no `for_each` over it.
        option = certificate.domain_validation_options.get(0)
        record = Route53Record(
            Construct(self, "validation"),
            "Record",
            provider=props.provider,
            zone_id=props.hosted_zone_id,
            name=option.resource_record_name,
            type=option.resource_record_type,
            records=[option.resource_record_value],
            ttl=VALIDATION_SECONDS,
            allow_overwrite=True,
        )
        self._validation = AcmCertificateValidation(
            self,
            "Validation",
            provider=props.provider,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
        )

    @property
    def certificate_arn(self) -> str:
        """ARN of the certificate, once it is valid."""
        return self._validation.certificate_arn
