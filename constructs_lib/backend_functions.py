"""The Lambda functions behind a private API."""

from dataclasses import dataclass, field
from pathlib import Path

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.function_reference import FunctionReference
from constructs_lib.log_group import LogSettings
from constructs_lib.names import bounded, path_slug
from constructs_lib.private_route import FunctionAnswer
from constructs_lib.user_function import UserFunction, UserFunctionProps
from hatchway.topology.model import LambdaFunction

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
FUNCTION_NAME_LIMIT = 64
# https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
STATEMENT_ID_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendFunctionsProps:
    """What `BackendFunctions` needs."""

    provider: AwsProvider
    """Provider of the account of the API, which is the functions' account."""
    name: str
    """Start of the names of functions."""
    execution_arn: str
    """ARN of the API as permissions name it."""
    stage_name: str
    """Name of its stage: functions may be invoked by it and by no other."""
    sources: Path
    """Folder that paths of source folders begin at."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How functions' logs are kept."""


class BackendFunctions(Construct):
    """Functions by what they are made of, each defined once, however many routes name it.

    Terraform: `aws_lambda_permission`, and those of `UserFunction`.
    A function may be invoked by the API's stage alone.
    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
    """

    def __init__(self, scope: Construct, id_: str, props: BackendFunctionsProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._invoke_arns: dict[str, str] = {}
        self._permissions: list[ITerraformDependable] = []

    @property
    def permissions(self) -> tuple[ITerraformDependable, ...]:
        """What has to be in place before the stage can answer."""
        return tuple(self._permissions)

    def invoke_arn(self, function: FunctionAnswer | LambdaFunction) -> str:
        """ARN under which API Gateway invokes a function; defines function and permission once."""
        slug = function.id if isinstance(function, FunctionAnswer) else _slug(function)
        if slug not in self._invoke_arns:
            self._invoke_arns[slug] = self._define(slug, function)
        return self._invoke_arns[slug]

    def _define(self, slug: str, function: FunctionAnswer | LambdaFunction) -> str:
        scope = Construct(self, slug)
        name = f"{self._props.name}-{slug.replace('_', '-')}"
        if isinstance(function, LambdaFunction):
            reference = self._made(scope, name, function)
        else:
            reference = function.function
        self._permissions.append(
            LambdaPermission(
                scope,
                "Permission",
                provider=self._props.provider,
                statement_id=None if Token.is_unresolved(name) else bounded(name, STATEMENT_ID_LIMIT),
                action="lambda:InvokeFunction",
                function_name=reference.function_name,
                qualifier=reference.qualifier,
                principal="apigateway.amazonaws.com",
                source_arn=f"{self._props.execution_arn}/{self._props.stage_name}/*",
            )
        )
        return reference.invoke_arn

    def _made(self, scope: Construct, name: str, function: LambdaFunction) -> FunctionReference:
        props = UserFunctionProps(
            provider=self._props.provider,
            name=bounded(name, FUNCTION_NAME_LIMIT),
            function=function,
            sources=self._props.sources,
            staging=self._props.staging,
            logs=self._props.logs,
        )
        return UserFunction(scope, "Function", props).reference


def _slug(function: LambdaFunction) -> str:
    """Renders where a function comes from as part of an address; nothing else of it changes the address."""
    if function.create is not None:
        return path_slug(f"{function.create.directory}/{function.create.handler.replace('.', '/')}")
    _, _, name = (function.existing or "").partition(":function:")
    return path_slug(f"existing/{name.replace(':', '/')}")
