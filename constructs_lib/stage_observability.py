"""What can be seen of a stage of a REST API: which logs, metrics and traces it writes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStageAccessLogSettings
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.access_log_format import rest_api_format
from constructs_lib.log_group import LogGroup, LogGroupProps, LogSettings

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class StageObservability:
    """What a stage says about its requests."""

    access_logs: bool
    """Whether there is one line per request."""
    execution_logs: str
    """API Gateway's own log: 'OFF', 'ERROR' or 'INFO'."""
    detailed_metrics: bool
    """Whether there are metrics per method."""
    tracing: bool
    """Whether requests are traced by X-Ray."""
    logs: LogSettings
    """How logs are kept."""

    @classmethod
    def of(cls, topology: "Topology", account: str) -> Self | None:
        """Returns what the topology declares for APIs of an account; None where it declares nothing."""
        declared = topology.observability
        if declared is None:
            return None
        return cls(
            access_logs=declared.access_logs,
            execution_logs=declared.execution_logs.upper(),
            detailed_metrics=declared.detailed_metrics,
            tracing=declared.tracing,
            logs=LogSettings.of(topology, account),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLogsProps:
    """What `StageLogs` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    stage_name: str
    """Name of the stage, known up front."""
    observability: StageObservability
    """What is logged, and how it is kept."""


class StageLogs(Construct):
    """Groups for access log and execution log, made before the stage that writes into them.

    Terraform: `aws_cloudwatch_log_group`; none if nothing is logged.
    API Gateway would make the group of its execution log itself, without retention and without a key.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    """

    def __init__(self, scope: Construct, id_: str, props: StageLogsProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        stage = f"{props.rest_api_id}/{props.stage_name}"
        declared = props.observability
        self._access = self._add("access", f"/aws/apigateway/{stage}") if declared.access_logs else None
        self._execution = (
            None
            if declared.execution_logs == "OFF"
            else self._add("execution", f"API-Gateway-Execution-Logs_{stage}")
        )

    @property
    def access_log_settings(self) -> ApiGatewayStageAccessLogSettings | None:
        """Where and how the stage writes its access log."""
        if self._access is None:
            return None
        return ApiGatewayStageAccessLogSettings(destination_arn=self._access.arn, format=rest_api_format())

    @property
    def waited_for(self) -> tuple[ITerraformDependable, ...]:
        """What has to be there before the stage is."""
        return () if self._execution is None else (self._execution.resource,)

    def _add(self, id_: str, name: str) -> LogGroup:
        settings = self._props.observability.logs
        return LogGroup(self, id_, LogGroupProps(provider=self._props.provider, name=name, settings=settings))
