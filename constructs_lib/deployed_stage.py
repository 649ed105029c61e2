"""A deployment of a REST API, and the stage that serves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import Fn, ITerraformDependable, TerraformResource, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct


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


def references(resource: TerraformResource, *arguments: str) -> tuple[str, ...]:
    """References to those arguments of a resource that the construct sets.

    Not to the whole resource: an argument that is not set is null after the first apply and an empty
    collection once the provider has read it, which would be a redeployment for nothing.
    """
    return tuple(Token.as_string(resource.interpolation_for_attribute(argument)) for argument in arguments)


class DeployedStage(Construct):
    """A snapshot of an API that is taken again whenever the API's definition changes.

    Terraform: `aws_api_gateway_deployment`, `aws_api_gateway_stage`.
    A change that is not deployed does nothing, the resource policy's included. The trigger is an
    expression over the resources, which also makes the deployment wait for all of them.
    The new deployment is made before the old goes: a stage points at it.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
    """

    def __init__(self, scope: Construct, id_: str, props: DeployedStageProps) -> None:
        super().__init__(scope, id_)
        deployment = ApiGatewayDeployment(
            self,
            "Deployment",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            triggers={"redeployment": Fn.sha1(Fn.jsonencode(list(props.definition)))},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self._stage = ApiGatewayStage(
            self,
            "Stage",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            deployment_id=deployment.id,
            stage_name=props.stage_name,
            depends_on=list(props.serves_through) or None,
        )

    @property
    def stage_name(self) -> str:
        """Name of the stage; a reference, so that a reader of it waits for the stage."""
        return self._stage.stage_name
