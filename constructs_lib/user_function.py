"""A Lambda function of the user's."""

from dataclasses import dataclass, field
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction as Function
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.archive import Archive
from constructs_lib.function_reference import FunctionReference
from constructs_lib.lambda_role import render_permissions, render_trust
from constructs_lib.log_group import LogGroup, LogGroupProps, LogSettings
from constructs_lib.names import literal, prefix
from hatchway.topology.model import FunctionToCreate, LambdaFunction

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; Terraform adds 26 characters.
ROLE_NAME_PREFIX_LIMIT = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFunctionProps:
    """What `UserFunction` needs."""

    provider: AwsProvider
    """Provider of the function's account."""
    name: str
    """Name of the function, if it is created."""
    function: LambdaFunction
    """A folder of sources, or the ARN of a function that exists."""
    sources: Path
    """Folder that the path of the source folder begins at."""
    staging: Path
    """Folder for the package until synth copies it; the caller removes it."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How its log is kept."""


class UserFunction(Construct):
    """A function from a folder of sources, or one that exists.

    Terraform: `aws_lambda_function`, `aws_iam_role`, `aws_iam_role_policy` and
    `aws_cloudwatch_log_group`; nothing for a function that exists.
    A created function may write its own log and nothing else. Who may invoke it is not settled here.
    """

    def __init__(self, scope: Construct, id_: str, props: UserFunctionProps) -> None:
        super().__init__(scope, id_)
        created = props.function.create
        if created is not None:
            function = self._create(props, created)
            self._reference = FunctionReference(
                function_name=function.function_name, invoke_arn=function.invoke_arn
            )
        elif props.function.existing is not None:
            self._reference = FunctionReference.from_arn(props.function.existing)

    @property
    def reference(self) -> FunctionReference:
        """The function as others use it."""
        return self._reference

    @property
    def function_name(self) -> str:
        """Name of a created function, ARN without version or alias of one that exists."""
        return self._reference.function_name

    @property
    def qualifier(self) -> str | None:
        """Version or alias that is meant, if one is."""
        return self._reference.qualifier

    @property
    def invoke_arn(self) -> str:
        """ARN under which API Gateway invokes it."""
        return self._reference.invoke_arn

    def _create(self, props: UserFunctionProps, created: FunctionToCreate) -> Function:
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
            name="log",
            role=role.id,
            policy=render_permissions(log_group.arn),
        )
        archive = Archive.of_folder(props.sources / created.directory)
        variables = {name: literal(value) for name, value in created.environment.items()}
        return Function(
            self,
            "Function",
            provider=props.provider,
            function_name=props.name,
            role=role.arn,
            runtime=created.runtime,
            handler=created.handler,
            filename=self._stage(archive, props.staging),
            source_code_hash=archive.source_code_hash,
            timeout=created.timeout_seconds,
            memory_size=created.memory_megabytes,
            environment=LambdaFunctionEnvironment(variables=variables) if variables else None,
            # Lambda would make the log group itself, without retention, and then Terraform could not.
            depends_on=[log_group.resource, policy],
        )

    def _stage(self, archive: Archive, staging: Path) -> str:
        path = staging / f"{archive.digest}.zip"
        path.write_bytes(archive.content)
        asset = TerraformAsset(
            Construct(self, "package"),
            "Asset",
            path=str(path),
            type=AssetType.FILE,
            asset_hash=archive.digest[:16],
        )
        return asset.path
