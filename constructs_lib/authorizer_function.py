"""The Lambda function that checks callers' tokens."""

from dataclasses import dataclass, field
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction, LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.archive import Archive
from constructs_lib.lambda_role import render_permissions, render_trust
from constructs_lib.log_group import LogGroup, LogGroupProps, LogSettings
from constructs_lib.names import prefix

HANDLER = Path(__file__).parent / "handlers" / "authorizer.py"
RUNTIME = "python3.12"
DEFAULT_HEADER = "authorization"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; Terraform adds 26 characters.
ROLE_NAME_PREFIX_LIMIT = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizerFunctionProps:
    """What `AuthorizerFunction` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the function."""
    clients_secret_arn: str
    """Secret with the digests of tokens, by principal."""
    timeout_seconds: int
    """Time limit."""
    memory_megabytes: int
    """Memory."""
    identity_header: str
    """Header that carries the token."""
    staging: Path
    """Folder for the package until synth copies it; the caller removes it."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How its log is kept."""


class AuthorizerFunction(Construct):
    """A function that may read one secret and write its own log, and nothing else.

    Terraform: `aws_lambda_function`, `aws_iam_role`, `aws_iam_role_policy`, `aws_cloudwatch_log_group`.
    The package is written at synth next to the stack's JSON; the same source gives the same bytes.
    """

    def __init__(self, scope: Construct, id_: str, props: AuthorizerFunctionProps) -> None:
        super().__init__(scope, id_)
        log_group = LogGroup(
            self,
            "LogGroup",
            LogGroupProps(provider=props.provider, name=f"/aws/lambda/{props.name}", settings=props.logs),
        )
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name_prefix=prefix(props.name, ROLE_NAME_PREFIX_LIMIT),
            assume_role_policy=render_trust(),
        )
        policy = IamRolePolicy(
            self,
            "RolePolicy",
            provider=props.provider,
            name="authorizer",
            role=role.id,
            policy=render_permissions(log_group.arn, props.clients_secret_arn),
        )
        archive = Archive.of_file(HANDLER)
        asset = self._stage(archive, props.staging)
        self._function = LambdaFunction(
            self,
            "Function",
            provider=props.provider,
            function_name=props.name,
            description="Checks bearer tokens of callers of the public API",
            role=role.arn,
            runtime=RUNTIME,
            handler=f"{HANDLER.stem}.handler",
            filename=asset.path,
            source_code_hash=archive.source_code_hash,
            timeout=props.timeout_seconds,
            memory_size=props.memory_megabytes,
            environment=LambdaFunctionEnvironment(variables=_render_environment(props)),
            # Lambda would make the log group itself, without retention, and then Terraform could not.
            depends_on=[log_group.resource, policy],
        )

    @property
    def function_name(self) -> str:
        """Name of the function."""
        return self._function.function_name

    @property
    def invoke_arn(self) -> str:
        """ARN under which API Gateway invokes it."""
        return self._function.invoke_arn

    def _stage(self, archive: Archive, staging: Path) -> TerraformAsset:
        path = staging / f"{HANDLER.stem}.zip"
        path.write_bytes(archive.content)
        return TerraformAsset(
            Construct(self, "package"),
            "Asset",
            path=str(path),
            type=AssetType.FILE,
            asset_hash=archive.digest[:16],
        )


def _render_environment(props: AuthorizerFunctionProps) -> dict[str, str]:
    environment = {"CLIENTS_SECRET_ARN": props.clients_secret_arn}
    if props.identity_header.lower() != DEFAULT_HEADER:
        environment["IDENTITY_HEADER"] = props.identity_header
    return environment
