"""API keys and usage plans, and the limits of stages.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html. That keys and
limits come after authorization and before validation is our reading: AWS does not write it down.
"""

from hatchway.sandbox.data.gateway_responses import INVALID_API_KEY, QUOTA_EXCEEDED, THROTTLED, GatewayError
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.throttling import Buckets, Quotas
from hatchway.sandbox.data.world import PlanStage, Throttle, UsagePlan, World

__all__ = ["Usage"]

_KEY_HEADER = "x-api-key"


class Usage:
    """Counts what is called, and refuses what is too much."""

    def __init__(self, world: World, buckets: Buckets | None = None, quotas: Quotas | None = None) -> None:
        self._world = world
        self._buckets = buckets or Buckets()
        self._quotas = quotas or Quotas()

    def check(self, invocation: Invocation, found: Match, source: Source) -> None:
        """Lets a call pass that has a key where one is wanted, and is within all limits.

        Raises:
            GatewayError: 403 without a good key, 429 beyond a limit.
        """
        if found.method.api_key_required:
            self._check_key(invocation, found, source)
        self._check_stage(invocation, found)

    def _check_key(self, invocation: Invocation, found: Match, source: Source) -> None:
        if invocation.stage.definition.api_key_source == "AUTHORIZER":
            value = source.context.get("authorizer.usageIdentifierKey")
        else:
            value = source.request.header(_KEY_HEADER)
        if not value:
            raise GatewayError(INVALID_API_KEY, "the method wants an API key, and there is none")
        key = self._world.api_key(value, invocation.api.account_id, invocation.api.region)
        if key is None or not key.is_enabled:
            raise GatewayError(INVALID_API_KEY, "the API key is unknown or disabled")
        opened = [(plan, stage) for plan in key.plans for stage in plan.stages if _is(stage, invocation)]
        if not opened:
            raise GatewayError(INVALID_API_KEY, f"{key.name} is in no usage plan for this stage")
        invocation.known["identity.apiKey"] = value
        invocation.known["identity.apiKeyId"] = key.id
        plan, stage = opened[0]
        self._check_plan(plan, stage, key.id, _method_of(found))

    def _check_plan(self, plan: UsagePlan, stage: PlanStage, key_id: str, method: str) -> None:
        own = stage.throttles.get(f"/{method}") or stage.throttles.get(method)
        limits = (((plan.id, key_id), plan.throttle), ((plan.id, key_id, stage.api_id, method), own))
        for bucket, throttle in limits:
            if throttle is not None and not self._buckets.take(bucket, throttle):
                raise GatewayError(THROTTLED, f"usage plan {plan.id} allows {throttle.rate:g} a second")
        if plan.quota is not None and not self._quotas.take((plan.id, key_id), plan.quota):
            raise GatewayError(
                QUOTA_EXCEEDED, f"usage plan {plan.id} allows {plan.quota.limit} a {plan.quota.period}"
            )

    def _check_stage(self, invocation: Invocation, found: Match) -> None:
        method, place = _method_of(found), (invocation.api.id, invocation.stage.name)
        for name in (method, "*/*"):
            throttle = self._throttle(invocation, name)
            if throttle is None:
                continue
            bucket = (*place, name) if name != "*/*" else (*place, name, method)
            if not self._buckets.take(bucket, throttle):
                raise GatewayError(THROTTLED, f"the stage allows {throttle.rate:g} a second for {name}")
            return

    def _throttle(self, invocation: Invocation, name: str) -> Throttle | None:
        settings = invocation.stage.method_settings.get(name)
        return settings.throttle if settings else None


def _is(stage: PlanStage, invocation: Invocation) -> bool:
    return (stage.api_id, stage.stage) == (invocation.api.id, invocation.stage.name)


def _method_of(found: Match) -> str:
    """A method's name in settings: its path without the first slash, then its HTTP method."""
    return f"{found.resource.path.lstrip('/')}/{found.method.http_method}"
