"""The stage of an HTTP API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.apigatewayv2_stage import (
    Apigatewayv2Stage,
    Apigatewayv2StageAccessLogSettings,
    Apigatewayv2StageDefaultRouteSettings,
    Apigatewayv2StageRouteSettings,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.access_log_format import http_api_format
from constructs_lib.log_group import LogGroup, LogGroupProps
from constructs_lib.stage_observability import StageObservability
from constructs_lib.stage_settings import Throttle

# What an account has without a raised quota. The provider sends 0 for a limit that is not given beside other
# settings, and 0 lets nobody in.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
ACCOUNTS_OWN = Throttle(rate_per_second=10000, burst=5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpStageProps:
    """What `HttpStage` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    api_id: str
    """The API."""
    stage_name: str
    """Name of the stage, as it appears in the URL."""
    observability: StageObservability | None = None
    """What is logged and measured; None for nothing. HTTP APIs have no execution log and no traces."""
    throttle: Throttle | None = None
    """Limits of each route that has none of its own; None for the account's."""
    route_throttles: Mapping[str, Throttle] = field(default_factory=dict)
    """Limits by route key, such as 'GET /orders'."""
    routes: Sequence[ITerraformDependable] = ()
    """The API's routes: the stage serves nothing before they are there, and settings of a route need it."""


class HttpStage(Construct):
    """A stage that serves every change of the API at once.

    Terraform: `aws_apigatewayv2_stage`, and `aws_cloudwatch_log_group` for an access log.
    A route's own settings hold in place of the stage's, not on top: metrics are repeated.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpStageProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        observability = props.observability
        self._measures = observability is not None and observability.detailed_metrics
        self._stage = Apigatewayv2Stage(
            self,
            "Stage",
            provider=props.provider,
            api_id=props.api_id,
            name=props.stage_name,
            auto_deploy=True,
            access_log_settings=self._add_access_log(),
            default_route_settings=self._render_default(),
            route_settings=[self._render_route(key, it) for key, it in props.route_throttles.items()] or None,
            depends_on=list(props.routes) or None,
        )

    @property
    def stage_name(self) -> str:
        """Name of the stage; a reference, so that a reader of it waits for the stage."""
        return self._stage.name

    def _add_access_log(self) -> Apigatewayv2StageAccessLogSettings | None:
        observability = self._props.observability
        if observability is None or not observability.access_logs:
            return None
        group = LogGroupProps(
            provider=self._props.provider,
            name=f"/aws/apigateway/{self._props.api_id}/{self._props.stage_name}",
            settings=observability.logs,
        )
        return Apigatewayv2StageAccessLogSettings(
            destination_arn=LogGroup(self, "access", group).arn, format=http_api_format()
        )

    def _render_default(self) -> Apigatewayv2StageDefaultRouteSettings | None:
        if self._props.throttle is None and not self._measures:
            return None
        throttle = self._props.throttle or ACCOUNTS_OWN
        return Apigatewayv2StageDefaultRouteSettings(
            detailed_metrics_enabled=True if self._measures else None,
            throttling_rate_limit=throttle.rate_per_second,
            throttling_burst_limit=throttle.burst,
        )

    def _render_route(self, route_key: str, throttle: Throttle) -> Apigatewayv2StageRouteSettings:
        return Apigatewayv2StageRouteSettings(
            route_key=route_key,
            detailed_metrics_enabled=True if self._measures else None,
            throttling_rate_limit=throttle.rate_per_second,
            throttling_burst_limit=throttle.burst,
        )
