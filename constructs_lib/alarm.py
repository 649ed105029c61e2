"""An alarm on one metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

PERIOD_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric of CloudWatch's, and what is made of its values in a minute."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str
    """'Sum', 'Average', 'Maximum', or a percentile such as 'p99'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmProps:
    """What `Alarm` needs."""

    provider: AwsProvider
    """Provider of the account of the metric."""
    name: str
    """Name of the alarm."""
    description: str
    """What it means, and what to do: whoever is woken reads it."""
    metric: Metric
    """The metric."""
    more_than: float
    """The largest value that is all right."""
    minutes: int
    """For how many minutes in a row it has to be more."""
    topic_arns: Sequence[str]
    """SNS topics that are told when it begins and when it ends."""


class Alarm(Construct):
    """An alarm that goes off when a metric is too large for some minutes, and ends by itself.

    Terraform: `aws_cloudwatch_metric_alarm`.
    No data is no alarm: where nobody calls, AWS measures nothing.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    """

    def __init__(self, scope: Construct, id_: str, props: AlarmProps) -> None:
        super().__init__(scope, id_)
        metric = props.metric
        is_percentile = metric.statistic.startswith("p")
        CloudwatchMetricAlarm(
            self,
            "Alarm",
            provider=props.provider,
            alarm_name=props.name,
            alarm_description=props.description,
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            statistic=None if is_percentile else metric.statistic,
            extended_statistic=metric.statistic if is_percentile else None,
            comparison_operator="GreaterThanThreshold",
            threshold=props.more_than,
            period=PERIOD_SECONDS,
            evaluation_periods=props.minutes,
            treat_missing_data="notBreaching",
            alarm_actions=list(props.topic_arns) or None,
            ok_actions=list(props.topic_arns) or None,
        )
