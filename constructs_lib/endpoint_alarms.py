"""Alarms on an interface endpoint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.alarm import Alarm, AlarmProps, Metric

NAMESPACE = "AWS/PrivateLinkEndpoints"
MINUTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointAlarmsProps:
    """What `EndpointAlarms` needs."""

    provider: AwsProvider
    """Provider of the account of the endpoint."""
    name: str
    """Start of the alarm's name."""
    vpc_endpoint_id: str
    """The endpoint."""
    vpc_id: str
    """Its VPC."""
    service_name: str
    """Name of the endpoint service."""
    topic_arns: Sequence[str]
    """SNS topics that are told."""


class EndpointAlarms(Construct):
    """An alarm on packets that the endpoint drops.

    Terraform: `aws_cloudwatch_metric_alarm`, that of `Alarm`.
    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-cloudwatch-metrics.html
    """

    def __init__(self, scope: Construct, id_: str, props: EndpointAlarmsProps) -> None:
        super().__init__(scope, id_)
        alarm = AlarmProps(
            provider=props.provider,
            name=f"{props.name}-dropped-packets",
            description="The endpoint drops packets: it is over what it can carry, or unhealthy.",
            metric=Metric(
                namespace=NAMESPACE,
                name="PacketsDropped",
                dimensions=_dimensions(props),
                statistic="Sum",
            ),
            more_than=0,
            minutes=MINUTES,
            topic_arns=props.topic_arns,
        )
        Alarm(self, "dropped-packets", alarm)


def _dimensions(props: EndpointAlarmsProps) -> Mapping[str, str]:
    return {
        "Endpoint Type": "Interface",
        "Service Name": props.service_name,
        "VPC Endpoint Id": props.vpc_endpoint_id,
        "VPC Id": props.vpc_id,
    }
