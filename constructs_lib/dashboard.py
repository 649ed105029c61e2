"""A dashboard of the gateway: what callers notice, then each way to a private API."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.alarm import Metric
from constructs_lib.api_metrics import ApiMetrics
from constructs_lib.load_balancer_metrics import LoadBalancerMetrics

Widget = dict[str, object]

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
COLUMNS = 24
WIDTH = 8
HEIGHT = 6
PERIOD_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardProps:
    """What `Dashboard` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the dashboard."""
    region: str
    """Region of the metrics."""
    api: ApiMetrics
    """Metrics of the public stage."""
    bulkheads: Mapping[str, LoadBalancerMetrics]
    """Metrics of the load balancers, by what a person calls them."""


class Dashboard(Construct):
    """Three graphs of the public API, then two of each load balancer.

    Terraform: `aws_cloudwatch_dashboard`.
    """

    def __init__(self, scope: Construct, id_: str, props: DashboardProps) -> None:
        super().__init__(scope, id_)
        CloudwatchDashboard(
            self,
            "Dashboard",
            provider=props.provider,
            dashboard_name=props.name,
            dashboard_body=json.dumps({"widgets": _widgets(props)}, sort_keys=True),
        )


def _widgets(props: DashboardProps) -> list[Widget]:
    api = props.api
    graphs: list[tuple[str, Sequence[Metric]]] = [
        ("Requests", [api.requests()]),
        ("Errors, share of requests", [api.server_error_rate(), api.client_error_rate()]),
        ("Latency, ms", [api.latency("p50"), api.latency("p99"), api.integration_latency("p99")]),
    ]
    for name, metrics in props.bulkheads.items():
        graphs += [
            (f"{name}: targets", [metrics.healthy_targets(), metrics.unhealthy_targets()]),
            (
                f"{name}: connections",
                [metrics.active_flows(), metrics.rejected_flows(), metrics.port_allocation_errors()],
            ),
        ]
    return [_graph(number, title, metrics, props.region) for number, (title, metrics) in enumerate(graphs)]


def _graph(number: int, title: str, metrics: Sequence[Metric], region: str) -> Widget:
    across = COLUMNS // WIDTH
    return {
        "type": "metric",
        "x": number % across * WIDTH,
        "y": number // across * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "view": "timeSeries",
            "stat": "Sum",
            "period": PERIOD_SECONDS,
            "metrics": [_series(metric) for metric in metrics],
        },
    }


def _series(metric: Metric) -> list[object]:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]
