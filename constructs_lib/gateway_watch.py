"""What watches the gateway: alarms, a dashboard, and a caller that never sleeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.api_metrics import ApiMetrics
from constructs_lib.bulkhead_alarms import BulkheadAlarms, BulkheadAlarmsProps
from constructs_lib.dashboard import Dashboard, DashboardProps
from constructs_lib.gateway_alarms import GatewayAlarms, GatewayAlarmsProps
from constructs_lib.load_balancer_metrics import LoadBalancerMetrics
from constructs_lib.synthetics_canary import CanaryCheck, SyntheticsCanary, SyntheticsCanaryProps
from hatchway.topology import told_topics
from hatchway.topology.partition import partition

if TYPE_CHECKING:
    from hatchway.topology.model import Alarms, Canary, Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayWatchProps:
    """What `GatewayWatch` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    topology: "Topology"
    """Declares what is watched."""
    api: ApiMetrics
    """Metrics of the public stage."""
    bulkheads: Mapping[str, LoadBalancerMetrics]
    """Metrics of the load balancers, by the name of their bulkhead."""
    public_url: str
    """Where the public API is called."""
    private_api_ids: Mapping[str, str]
    """Ids of the private APIs, by service."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""


class GatewayWatch(Construct):
    """Everything under `observability` that is about the gateway as a whole.

    Terraform: those of `GatewayAlarms`, `BulkheadAlarms`, `Dashboard` and `SyntheticsCanary`; nothing that is
    not declared.
    """

    def __init__(self, scope: Construct, id_: str, props: GatewayWatchProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        declared = props.topology.observability
        if declared is None:
            return
        if declared.alarms is not None:
            self._add_alarms(declared.alarms)
        if declared.dashboard:
            self._add_dashboard()
        if declared.canary is not None:
            self._add_canary(declared.canary)

    def _add_alarms(self, declared: "Alarms") -> None:
        name = self._props.topology.name
        gateway = GatewayAlarmsProps(
            provider=self._props.provider,
            name=f"{name}-gateway",
            metrics=self._props.api,
            server_errors_percent=declared.server_errors_percent,
            integration_latency_milliseconds=declared.integration_latency_milliseconds,
            topic_arns=told_topics(self._props.topology),
        )
        GatewayAlarms(self, "public", gateway)
        for bulkhead, metrics in self._props.bulkheads.items():
            props = BulkheadAlarmsProps(
                provider=self._props.provider,
                name=f"{name}-{bulkhead.replace('_', '-')}",
                metrics=metrics,
                topic_arns=told_topics(self._props.topology),
            )
            # The kind keeps a bulkhead named 'public' apart from the gateway's own alarms.
            BulkheadAlarms(Construct(self, f"Bulkhead-{bulkhead}"), bulkhead, props)

    def _add_dashboard(self) -> None:
        topology = self._props.topology
        props = DashboardProps(
            provider=self._props.provider,
            name=f"{topology.name}-gateway",
            region=topology.accounts[topology.gateway.account].region,
            api=self._props.api,
            bulkheads=self._props.bulkheads,
        )
        Dashboard(Construct(self, "Dashboard"), "public", props)

    def _add_canary(self, declared: "Canary") -> None:
        topology = self._props.topology
        account = topology.accounts[topology.gateway.account]
        passes_ids_on = topology.gateway.api_id_header == "passthrough"
        props = SyntheticsCanaryProps(
            provider=self._props.provider,
            name=topology.name,
            partition=partition(account.region),
            region=account.region,
            account_id=account.id,
            public_url=self._props.public_url,
            checks=_checks(topology),
            api_ids=self._props.private_api_ids if passes_ids_on else {},
            schedule_minutes=declared.schedule_minutes,
            artifact_bucket=declared.artifact_bucket,
            secret_arn=declared.secret_arn,
            staging=self._props.staging,
        )
        SyntheticsCanary(self, "canary", props)


def _checks(topology: "Topology") -> list[CanaryCheck]:
    """Those that change nothing, since they are sent again and again."""
    return [
        CanaryCheck(service=name, request=check.request, status=check.expect.status, body=check.expect.json_)
        for name, service in topology.services.items()
        for check in service.checks
        if check.method == "GET"
    ]
