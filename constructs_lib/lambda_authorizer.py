"""A Lambda authorizer of the public API."""

from dataclasses import dataclass, field
from pathlib import Path

from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission
from constructs_lib.client_tokens import ClientTokens, ClientTokensProps
from constructs_lib.deployed_stage import references
from constructs_lib.function_reference import FunctionReference
from constructs_lib.log_group import LogSettings

AUTHORIZER_ARGUMENTS = (
    "name",
    "type",
    "authorizer_uri",
    "identity_source",
    "authorizer_result_ttl_in_seconds",
)
# A function of the user's may answer for the one request that it sees, so the key of the cache has to be the
# request's. Hatchway's own answers for the whole stage.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
STATEMENT_ID = "InvokedByTheAuthorizer"
ROUTE_IDENTITY = ("context.httpMethod", "context.path")


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaAuthorizerProps:
    """What `LambdaAuthorizer` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the authorizer."""
    topology_name: str
    """Start of the names of what is created."""
    rest_api_id: str
    """The public API."""
    execution_arn: str
    """Its ARN as permissions name it."""
    function: FunctionReference | None = None
    """Function of the user's; None for Hatchway's handler."""
    receives: str = "request"
    """What the function gets: 'request', or the 'token' of one header."""
    identity_header: str = "Authorization"
    """Header that carries the credential."""
    identity_pattern: str | None = None
    """With 'token', a pattern that the header has to match."""
    result_ttl_seconds: int
    """How long API Gateway reuses an answer for the same token."""
    timeout_seconds: int
    """Time limit of Hatchway's function."""
    memory_megabytes: int
    """Memory of Hatchway's function."""
    staging: Path
    """Folder for the function's package until synth copies it."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How the log of Hatchway's function is kept."""


class LambdaAuthorizer(Construct):
    """A function decides who may pass: Hatchway's, which checks bearer tokens, or the user's.

    Terraform: `aws_api_gateway_authorizer`, `aws_lambda_permission`; with Hatchway's function also those of
    `ClientTokens`. Only this authorizer may invoke Hatchway's function. API Gateway needs no role to invoke
    either: the permission on the function is enough within one account.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
    """

    def __init__(self, scope: Construct, id_: str, props: LambdaAuthorizerProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._clients_secret_arn: str | None = None
        function = self._add_function() if props.function is None else props.function
        self._authorizer_id, self._definition = self._add_authorizer(function.invoke_arn)
        LambdaPermission(
            self,
            "Permission",
            provider=props.provider,
            # Others may let the same function be invoked: their statements have other names.
            statement_id=STATEMENT_ID if props.function is None else f"{STATEMENT_ID}-{props.topology_name}",
            action="lambda:InvokeFunction",
            function_name=function.function_name,
            qualifier=None if props.function is None else props.function.qualifier,
            principal="apigateway.amazonaws.com",
            source_arn=f"{props.execution_arn}/authorizers/{self._authorizer_id}",
        )

    @property
    def admission(self) -> Admission:
        """What a method needs to ask this authorizer."""
        return Admission(authorization="CUSTOM", authorizer_id=self._authorizer_id)

    @property
    def clients_secret_arn(self) -> str | None:
        """ARN of the secret with the digests, with Hatchway's function."""
        return self._clients_secret_arn

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return self._definition

    def _add_authorizer(self, invoke_arn: str) -> tuple[str, tuple[str, ...]]:
        """Adds it; returns its id, and references to what a deployment is a snapshot of."""
        props = self._props
        authorizer = ApiGatewayAuthorizer(
            self,
            "Authorizer",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            name=props.name,
            type=props.receives.upper(),
            authorizer_uri=invoke_arn,
            identity_source=", ".join(
                self._identity_sources(f"method.request.header.{props.identity_header}", ROUTE_IDENTITY)
            ),
            identity_validation_expression=props.identity_pattern,
            authorizer_result_ttl_in_seconds=props.result_ttl_seconds,
        )
        pattern = () if props.identity_pattern is None else ("identity_validation_expression",)
        return authorizer.id, references(authorizer, *AUTHORIZER_ARGUMENTS, *pattern)

    def _identity_sources(self, header: str, route: tuple[str, ...]) -> list[str]:
        """What the answer is kept by: the header, and the route where the answer may be for that alone."""
        props = self._props
        is_whole = props.function is not None and props.receives == "request" and props.result_ttl_seconds > 0
        return [header, *route] if is_whole else [header]

    def _add_function(self) -> ClientTokens:
        props = self._props
        tokens = ClientTokensProps(
            provider=props.provider,
            name=props.topology_name,
            identity_header=props.identity_header,
            timeout_seconds=props.timeout_seconds,
            memory_megabytes=props.memory_megabytes,
            staging=props.staging,
            logs=props.logs,
        )
        own = ClientTokens(self, "Tokens", tokens)
        self._clients_secret_arn = own.secret_arn
        return own
