"""Alarms on what leads from the gateway to one endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.alarm import Alarm, AlarmProps, Metric
from constructs_lib.load_balancer_metrics import LoadBalancerMetrics

MINUTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkheadAlarmsProps:
    """What `BulkheadAlarms` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Start of the alarms' names."""
    metrics: LoadBalancerMetrics
    """Metrics of the load balancer."""
    topic_arns: Sequence[str]
    """SNS topics that are told."""


class BulkheadAlarms(Construct):
    """Alarms that tell apart why a service is not reached: targets, ports, refusals, security groups.

    Terraform: `aws_cloudwatch_metric_alarm`, those of `Alarm`.
    """

    def __init__(self, scope: Construct, id_: str, props: BulkheadAlarmsProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        metrics = props.metrics
        self._add(
            "unhealthy-targets",
            metrics.unhealthy_targets(),
            "An address of the endpoint does not answer health checks: look at the endpoint, its security "
            "group, and the routes both ways.",
        )
        self._add(
            "port-allocation-errors",
            metrics.port_allocation_errors(),
            "Connections are lost since no port is left: more than 55,000 a minute to one target. Add "
            "subnets to the endpoint.",
        )
        self._add(
            "rejected-flows",
            metrics.rejected_flows(),
            "The load balancer refuses connections of the VPC link: it is over its quota, or has no healthy "
            "target.",
        )
        self._add(
            "blocked-inwards",
            metrics.flows_blocked_inwards(),
            "The load balancer's security group keeps PrivateLink traffic out: enforcement was turned on.",
        )
        self._add(
            "blocked-outwards",
            metrics.flows_blocked_outwards(),
            "The load balancer's security group keeps traffic to the endpoint in: its rules do not name "
            "the endpoint's addresses.",
        )

    def _add(self, id_: str, metric: Metric, description: str) -> None:
        props = AlarmProps(
            provider=self._props.provider,
            name=f"{self._props.name}-{id_}",
            description=description,
            metric=metric,
            more_than=0,
            minutes=MINUTES,
            topic_arns=self._props.topic_arns,
        )
        Alarm(self, id_, props)
