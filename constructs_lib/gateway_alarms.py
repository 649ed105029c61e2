"""Alarms on the public API."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.alarm import Alarm, AlarmProps
from constructs_lib.api_metrics import ApiMetrics

MINUTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAlarmsProps:
    """What `GatewayAlarms` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Start of the alarms' names."""
    metrics: ApiMetrics
    """Metrics of the public stage."""
    server_errors_percent: float
    """The largest share of 5XX answers that is all right."""
    integration_latency_milliseconds: float
    """The largest 99th percentile that is all right."""
    topic_arns: Sequence[str]
    """SNS topics that are told."""


class GatewayAlarms(Construct):
    """Alarms on what callers notice: failing answers, and slow ones.

    Terraform: `aws_cloudwatch_metric_alarm`, those of `Alarm`.
    """

    def __init__(self, scope: Construct, id_: str, props: GatewayAlarmsProps) -> None:
        super().__init__(scope, id_)
        errors = AlarmProps(
            provider=props.provider,
            name=f"{props.name}-server-errors",
            description=(
                f"More than {props.server_errors_percent} % of callers get 5XX. "
                "'hatchway verify' names the broken hop."
            ),
            metric=props.metrics.server_error_rate(),
            more_than=props.server_errors_percent / 100,
            minutes=MINUTES,
            topic_arns=props.topic_arns,
        )
        Alarm(self, "server-errors", errors)
        latency = AlarmProps(
            provider=props.provider,
            name=f"{props.name}-integration-latency",
            description=(
                f"One of 100 requests waits for its private API for more than "
                f"{props.integration_latency_milliseconds} ms. See integration.latency in the access log."
            ),
            metric=props.metrics.integration_latency("p99"),
            more_than=props.integration_latency_milliseconds,
            minutes=MINUTES,
            topic_arns=props.topic_arns,
        )
        Alarm(self, "integration-latency", latency)
