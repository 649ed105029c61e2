"""A usage plan with its API keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanQuotaSettings,
    ApiGatewayUsagePlanThrottleSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

KEY_TYPE = "API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuota:
    """How many requests a key may send in a period."""

    requests: int
    """Number of requests."""
    period: str
    """DAY, WEEK or MONTH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRate:
    """How fast requests may come."""

    per_second: int
    """Steady rate."""
    burst: int
    """Requests at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlanProps:
    """What `UsagePlan` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the plan, and start of its keys' names."""
    rest_api_id: str
    """The public API."""
    stage_name: str
    """Its stage; a reference, so that the plan waits for it."""
    api_keys: Sequence[str]
    """Names of the keys, which are part of their addresses."""
    quota: RequestQuota | None = None
    """Quota of each key; None for no limit."""
    rate: RequestRate | None = None
    """Limits on each key; None for no limit."""


class UsagePlan(Construct):
    """API keys with common limits.

    Terraform: `aws_api_gateway_usage_plan`, and per key `aws_api_gateway_api_key` and
    `aws_api_gateway_usage_plan_key`.
    AWS makes the values. Terraform keeps them in its state, as it keeps every attribute, and no output
    shows them: whoever hands a key out reads it with `aws apigateway get-api-key --include-value`.
    A key identifies a caller for limits and admits nobody: authorizers do that.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
    """

    def __init__(self, scope: Construct, id_: str, props: UsagePlanProps) -> None:
        super().__init__(scope, id_)
        plan = ApiGatewayUsagePlan(
            self,
            "Plan",
            provider=props.provider,
            name=props.name,
            api_stages=[ApiGatewayUsagePlanApiStages(api_id=props.rest_api_id, stage=props.stage_name)],
            quota_settings=_quota(props.quota),
            throttle_settings=_throttle(props.rate),
        )
        self._key_ids: dict[str, str] = {}
        for name in props.api_keys:
            scope_of_key = Construct(self, name)
            key = ApiGatewayApiKey(scope_of_key, "Key", provider=props.provider, name=f"{props.name}-{name}")
            ApiGatewayUsagePlanKey(
                scope_of_key,
                "PlanKey",
                provider=props.provider,
                key_id=key.id,
                key_type=KEY_TYPE,
                usage_plan_id=plan.id,
            )
            self._key_ids[name] = key.id

    @property
    def key_ids(self) -> dict[str, str]:
        """Ids of the keys by name: with one, its value can be asked for."""
        return dict(self._key_ids)


def _quota(quota: RequestQuota | None) -> ApiGatewayUsagePlanQuotaSettings | None:
    if quota is None:
        return None
    return ApiGatewayUsagePlanQuotaSettings(limit=quota.requests, period=quota.period)


def _throttle(rate: RequestRate | None) -> ApiGatewayUsagePlanThrottleSettings | None:
    if rate is None:
        return None
    return ApiGatewayUsagePlanThrottleSettings(rate_limit=rate.per_second, burst_limit=rate.burst)
