"""The Lambda REQUEST authorizer of the public API."""

from dataclasses import dataclass
from pathlib import Path

from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from constructs_lib.authorizer_function import AuthorizerFunction, AuthorizerFunctionProps
from constructs_lib.deployed_stage import references

AUTHORIZER_ARGUMENTS = (
    "name",
    "type",
    "authorizer_uri",
    "identity_source",
    "authorizer_result_ttl_in_seconds",
)
IDENTITY_SOURCE = "method.request.header.Authorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaAuthorizerProps:
    """What `LambdaAuthorizer` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    topology_name: str
    """Start of the names of what is created."""
    rest_api_id: str
    """The public API."""
    execution_arn: str
    """Its ARN as permissions name it."""
    result_ttl_seconds: int
    """How long API Gateway reuses an answer for the same token."""
    timeout_seconds: int
    """Time limit of the function."""
    memory_megabytes: int
    """Memory of the function."""
    staging: Path
    """Folder for the function's package until synth copies it."""


class LambdaAuthorizer(Construct):
    """Bearer tokens, checked against digests that are kept in a secret.

    Terraform: `aws_api_gateway_authorizer`, `aws_secretsmanager_secret`, `aws_lambda_permission`, and
    those of `AuthorizerFunction`.
    The secret is made without a value: who issues tokens writes it, and Terraform's state never
    holds it. Until then nobody gets in. Only this authorizer may invoke the function.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
    """

    def __init__(self, scope: Construct, id_: str, props: LambdaAuthorizerProps) -> None:
        super().__init__(scope, id_)
        self._secret = SecretsmanagerSecret(
            self,
            "Secret",
            provider=props.provider,
            name_prefix=f"{props.topology_name}-clients-",
            description='Callers of the public API: {"<principal>": "<SHA-256 of its token in hex>"}',
        )
        function = AuthorizerFunction(
            self,
            "Function",
            AuthorizerFunctionProps(
                provider=props.provider,
                name=f"{props.topology_name}-authorizer",
                clients_secret_arn=self._secret.arn,
                timeout_seconds=props.timeout_seconds,
                memory_megabytes=props.memory_megabytes,
                staging=props.staging,
            ),
        )
        self._authorizer = ApiGatewayAuthorizer(
            self,
            "Authorizer",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            name="clients",
            type="REQUEST",
            authorizer_uri=function.invoke_arn,
            identity_source=IDENTITY_SOURCE,
            authorizer_result_ttl_in_seconds=props.result_ttl_seconds,
        )
        LambdaPermission(
            self,
            "Permission",
            provider=props.provider,
            statement_id="InvokedByTheAuthorizer",
            action="lambda:InvokeFunction",
            function_name=function.function_name,
            principal="apigateway.amazonaws.com",
            source_arn=f"{props.execution_arn}/authorizers/{self._authorizer.id}",
        )

    @property
    def authorizer_id(self) -> str:
        """Id of the authorizer."""
        return self._authorizer.id

    @property
    def clients_secret_arn(self) -> str:
        """ARN of the secret with the digests."""
        return self._secret.arn

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return references(self._authorizer, *AUTHORIZER_ARGUMENTS)
