"""Records that lead a domain name to API Gateway."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainAliasProps:
    """What `DomainAlias` needs."""

    provider: AwsProvider
    """Provider of the zone's account."""
    name: str
    """The domain name."""
    hosted_zone_id: str
    """Its zone."""
    target_name: str
    """API Gateway's name for the domain."""
    target_zone_id: str
    """Zone of that name."""


class DomainAlias(Construct):
    """Records of a domain name for IPv4 and IPv6.

    Terraform: `aws_route53_record`.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-api-gateway.html
    """

    def __init__(self, scope: Construct, id_: str, props: DomainAliasProps) -> None:
        super().__init__(scope, id_)
        for family, kind in (("ipv4", "A"), ("ipv6", "AAAA")):
            Route53Record(
                Construct(self, family),
                "Record",
                provider=props.provider,
                zone_id=props.hosted_zone_id,
                name=props.name,
                type=kind,
                alias=Route53RecordAlias(
                    name=props.target_name, zone_id=props.target_zone_id, evaluate_target_health=False
                ),
            )
