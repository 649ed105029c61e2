"""The Lambda function that checks callers' tokens."""

import json
from dataclasses import dataclass
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction, LambdaFunctionEnvironment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.archive import Archive
from constructs_lib.names import prefix

HANDLER = Path(__file__).parent / "handlers" / "authorizer.py"
RUNTIME = "python3.12"
LOG_RETENTION_DAYS = 30
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
    staging: Path
    """Folder for the package until synth copies it; the caller removes it."""


class AuthorizerFunction(Construct):
    """A function that may read one secret and write its own log, and nothing else.

    Terraform: `aws_lambda_function`, `aws_iam_role`, `aws_iam_role_policy`, `aws_cloudwatch_log_group`.
    The package is written at synth next to the stack's JSON; the same source gives the same bytes.
    """

    def __init__(self, scope: Construct, id_: str, props: AuthorizerFunctionProps) -> None:
        super().__init__(scope, id_)
        log_group = CloudwatchLogGroup(
            self,
            "LogGroup",
            provider=props.provider,
            name=f"/aws/lambda/{props.name}",
            retention_in_days=LOG_RETENTION_DAYS,
        )
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name_prefix=prefix(props.name, ROLE_NAME_PREFIX_LIMIT),
            assume_role_policy=_render_trust(),
        )
        policy = IamRolePolicy(
            self,
            "RolePolicy",
            provider=props.provider,
            name="authorizer",
            role=role.id,
            policy=_render_permissions(props.clients_secret_arn, log_group.arn),
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
            environment=LambdaFunctionEnvironment(variables={"CLIENTS_SECRET_ARN": props.clients_secret_arn}),
            # Lambda would make the log group itself, without retention, and then Terraform could not.
            depends_on=[log_group, policy],
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


def _render_trust() -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        sort_keys=True,
    )


def _render_permissions(clients_secret_arn: str, log_group_arn: str) -> str:
    statements: list[dict[str, str | list[str]]] = [
        {"Action": "secretsmanager:GetSecretValue", "Resource": clients_secret_arn},
        {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"{log_group_arn}:*"},
    ]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", **statement} for statement in statements],
        },
        sort_keys=True,
    )
