"""A method of a private API that a Lambda function answers."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.open_method import OpenMethod, OpenMethodProps


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaRouteProps(OpenMethodProps):
    """What `LambdaRoute` needs."""

    invoke_arn: str
    """ARN under which API Gateway invokes the function; see `BackendFunctions`."""


class LambdaRoute(Construct):
    """A method that hands the whole request to a function, and its answer back.

    Terraform: `aws_api_gateway_method`, `aws_api_gateway_integration`.
    Takes requests without authorization: who gets here is settled by the endpoint and the resource
    policy. The permission to invoke the function is `BackendFunctions`' business.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """

    def __init__(self, scope: Construct, id_: str, props: LambdaRouteProps) -> None:
        super().__init__(scope, id_)
        method = OpenMethod(self, "Method", props)
        integration = ApiGatewayIntegration(
            self,
            "Integration",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=method.http_method,
            type="AWS_PROXY",
            # Lambda's API takes POST, whatever the caller's method was.
            integration_http_method="POST",
            uri=props.invoke_arn,
        )
        self._definition = (
            *method.definition,
            *references(integration, "resource_id", "http_method", "type", "integration_http_method", "uri"),
        )

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the route consists of, for the redeployment trigger."""
        return self._definition
