"""What a stage of a REST API logs, measures and lets through, as a whole and per method."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.names import path_slug
from constructs_lib.stage_observability import StageObservability

ALL_METHODS = "*/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How much is let through."""

    rate_per_second: float
    """Requests a second, in the long run."""
    burst: int
    """Requests at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSettingsProps:
    """What `StageSettings` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    stage_name: str
    """Name of the stage, as a reference: the settings wait for it."""
    observability: StageObservability | None = None
    """What is logged and measured; None leaves both as AWS has them."""
    throttling: Mapping[str, Throttle] = field(default_factory=dict)
    """Limits by method path, such as 'orders/GET' without its first slash; '*/*' is the whole stage."""


class StageSettings(Construct):
    """Settings of the whole stage, and of single methods where they have limits of their own.

    Terraform: `aws_api_gateway_method_settings`; none if there is nothing to set.
    A method's own settings hold in place of the stage's, not on top: logs and metrics are repeated.
    Requests are never logged with their data: it may hold credentials.
    https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
    """

    def __init__(self, scope: Construct, id_: str, props: StageSettingsProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        paths = [ALL_METHODS] if props.observability is not None else []
        for method_path in dict.fromkeys([*paths, *props.throttling]):
            self._add(method_path, props.throttling.get(method_path) or props.throttling.get(ALL_METHODS))

    def _add(self, method_path: str, throttle: Throttle | None) -> None:
        observability = self._props.observability
        settings = ApiGatewayMethodSettingsSettings(
            logging_level=None if observability is None else observability.execution_logs,
            metrics_enabled=None if observability is None else observability.detailed_metrics,
            data_trace_enabled=None if observability is None else False,
            throttling_rate_limit=None if throttle is None else throttle.rate_per_second,
            throttling_burst_limit=None if throttle is None else throttle.burst,
        )
        ApiGatewayMethodSettings(
            self if method_path == ALL_METHODS else Construct(self, _slug(method_path)),
            "MethodSettings",
            provider=self._props.provider,
            rest_api_id=self._props.rest_api_id,
            stage_name=self._props.stage_name,
            method_path=method_path,
            settings=settings,
        )


def _slug(method_path: str) -> str:
    """Renders a method path as part of an address: 'orders/{id}/GET' is 'get_orders_by-id'."""
    path, _, method = method_path.replace("~1", "/").rpartition("/")
    return "_".join(filter(None, (method.lower(), path_slug(path))))
