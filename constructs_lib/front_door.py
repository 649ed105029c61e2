"""What stands in front of the public stage."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from constructs import Construct

from constructs_lib.custom_domain import CustomDomain, CustomDomainProps, Truststore
from constructs_lib.deployed_stage import DeployedStage
from constructs_lib.usage_plan import RequestQuota, RequestRate, UsagePlan, UsagePlanProps
from constructs_lib.web_acl import WebAcl, WebAclProps
from hatchway.topology.allowed_headers import allowed_headers

if TYPE_CHECKING:
    from hatchway.topology.model import Domain, Gateway
    from hatchway.topology.model import UsagePlan as DeclaredPlan
    from hatchway.topology.model import WebAcl as DeclaredWebAcl

# Of what stands before the API, as its own resources are named.
PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoorProps:
    """What `FrontDoor` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    topology_name: str
    """Start of the names of what is created."""
    rest_api_id: str
    """The public API."""
    stage: DeployedStage
    """Its stage."""
    declared: "Gateway"
    """What the user declared of the gateway."""


class FrontDoor(Construct):
    """Usage plans, a domain name and a web ACL for the public stage, as far as they are declared.

    Terraform: those of `UsagePlan`, `CustomDomain` and `WebAcl`, and `aws_wafv2_web_acl_association`.
    """

    def __init__(self, scope: Construct, id_: str, props: FrontDoorProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        declared = props.declared
        plans = {name: self._add_plan(name, plan) for name, plan in declared.usage_plans.items()}
        self._api_key_ids = {name: plan.key_ids for name, plan in plans.items()}
        if declared.domain is not None:
            self._add_domain(declared.domain)
        if declared.web_acl is not None:
            self._add_web_acl(declared.web_acl)

    @property
    def api_key_ids(self) -> dict[str, dict[str, str]]:
        """Ids of API keys, by usage plan and name."""
        return self._api_key_ids

    def _add_plan(self, name: str, declared: "DeclaredPlan") -> UsagePlan:
        rate, quota = declared.throttling, declared.quota
        props = UsagePlanProps(
            provider=self._props.provider,
            name=f"{self._props.topology_name}-{name}",
            rest_api_id=self._props.rest_api_id,
            stage_name=self._props.stage.stage_name,
            api_keys=declared.api_keys,
            quota=None if quota is None else RequestQuota(requests=quota.requests, period=quota.period),
            rate=None if rate is None else RequestRate(per_second=rate.rate_per_second, burst=rate.burst),
        )
        return UsagePlan(self, name, props)

    def _add_domain(self, declared: "Domain") -> None:
        tls = declared.mutual_tls
        truststore = (
            None if tls is None else Truststore(uri=tls.truststore_uri, version=tls.truststore_version)
        )
        props = CustomDomainProps(
            provider=self._props.provider,
            name=declared.name,
            rest_api_id=self._props.rest_api_id,
            stage_name=self._props.stage.stage_name,
            certificate_arn=declared.certificate_arn,
            hosted_zone_id=declared.hosted_zone_id,
            base_path=declared.base_path.strip("/") or None,
            security_policy=declared.security_policy,
            truststore=truststore,
        )
        CustomDomain(Construct(self, "Domain"), PUBLIC, props)

    def _add_web_acl(self, declared: "DeclaredWebAcl") -> None:
        scope = Construct(self, "Firewall")
        arn = declared.existing
        if declared.create is not None:
            props = WebAclProps(
                provider=self._props.provider,
                name=f"{self._props.topology_name}-gateway",
                allowed_cidrs=[str(cidr) for cidr in declared.create.allowed_cidrs],
                blocked_cidrs=[str(cidr) for cidr in declared.create.blocked_cidrs],
                allowed_headers=allowed_headers(self._props.declared),
                requests_per_five_minutes=declared.create.requests_per_five_minutes,
                managed_rule_groups=declared.create.managed_rule_groups,
            )
            arn = WebAcl(scope, PUBLIC, props).arn
        if arn is not None:
            Wafv2WebAclAssociation(
                Construct(scope, f"Association-{PUBLIC}"),
                PUBLIC,
                provider=self._props.provider,
                resource_arn=self._props.stage.stage_arn,
                web_acl_arn=arn,
            )
