"""A deployment of a REST API, and the stage that serves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf import ITerraformDependable, TerraformResource, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage, ApiGatewayStageCanarySettings
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.stage_observability import StageLogs, StageLogsProps, StageObservability
from constructs_lib.stage_settings import StageSettings, StageSettingsProps, Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedStageProps:
    """What `DeployedStage` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    stage_name: str
    """Name of the stage, as it appears in the URL."""
    definition: Sequence[str]
    """References to everything that a deployment is a snapshot of; see `references`."""
    serves_through: Sequence[ITerraformDependable] = ()
    """What the stage uses while it serves: a replaced one goes only after the stage has moved on."""
    canary_percent: int | None = None
    """Share of requests for a new deployment, while the one that is there keeps the rest; None for all."""
    observability: StageObservability | None = None
    """What is logged, measured and traced; None for nothing."""
    throttling: Mapping[str, Throttle] = field(default_factory=dict)
    """Limits by method path; '*/*' is the whole stage."""


def references(resource: TerraformResource, *arguments: str) -> tuple[str, ...]:
    """References to those arguments of a resource that the construct sets, in Terraform's own words.

    Not to the whole resource: an argument that is not set is null after the first apply and an empty
    collection once the provider has read it, which would be a redeployment for nothing.
    """
    address = f"{resource.terraform_resource_type}.{resource.friendly_unique_id}"
    return tuple(f"{address}.{argument}" for argument in arguments)


class DeployedStage(Construct):
    """A snapshot of an API that is taken again whenever the API's definition changes.

    Terraform: `aws_api_gateway_deployment`, `aws_api_gateway_stage`, and those of `StageLogs` and
    `StageSettings`.
    A change that is not deployed does nothing, the resource policy's included. The trigger is an
    expression over the resources, which also makes the deployment wait for all of them.
    The new deployment is made before the old goes: a stage points at it. With a canary it is
    `aws_api_gateway_deployment.public_canary`, and the one that is there is left as it is until the canary
    is taken away: then the new definition is deployed for everyone.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
    """

    def __init__(self, scope: Construct, id_: str, props: DeployedStageProps) -> None:
        super().__init__(scope, id_)
        is_canary = props.canary_percent is not None
        # While a canary runs, the deployment that is there stays, whatever changes.
        deployment = _deployment(self, props, ["triggers"] if is_canary else None)
        canary = _deployment(Construct(self, "canary"), props, None) if is_canary else None
        observability = props.observability
        logs = None if observability is None else self._add_logs(props, observability)
        self._stage = ApiGatewayStage(
            self,
            "Stage",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            deployment_id=deployment.id,
            stage_name=props.stage_name,
            canary_settings=None
            if canary is None
            else ApiGatewayStageCanarySettings(deployment_id=canary.id, percent_traffic=props.canary_percent),
            access_log_settings=None if logs is None else logs.access_log_settings,
            xray_tracing_enabled=True if observability is not None and observability.tracing else None,
            depends_on=[*props.serves_through, *(() if logs is None else logs.waited_for)] or None,
        )
        settings = StageSettingsProps(
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            stage_name=self._stage.stage_name,
            observability=observability,
            throttling=props.throttling,
        )
        StageSettings(self, "Settings", settings)

    def _add_logs(self, props: DeployedStageProps, observability: StageObservability) -> StageLogs:
        logs = StageLogsProps(
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            stage_name=props.stage_name,
            observability=observability,
        )
        return StageLogs(self, "Logs", logs)

    @property
    def stage_arn(self) -> str:
        """ARN of the stage."""
        return self._stage.arn

    @property
    def stage_name(self) -> str:
        """Name of the stage; a reference, so that a reader of it waits for the stage."""
        return self._stage.stage_name


def _deployment(
    scope: Construct, props: DeployedStageProps, ignored: list[str] | None
) -> ApiGatewayDeployment:
    return ApiGatewayDeployment(
        scope,
        "Deployment",
        provider=props.provider,
        rest_api_id=props.rest_api_id,
        # As text, which cdktf passes on: made of its functions, it is most of what a synth waits for.
        triggers={"redeployment": f"${{sha1(jsonencode([{', '.join(props.definition)}]))}}"},
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True, ignore_changes=ignored),
    )
