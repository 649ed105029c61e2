"""A caller that never sleeps: a CloudWatch Synthetics canary."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.synthetics_canary import (
    SyntheticsCanary as AwsSyntheticsCanary,
)
from cdktf_cdktf_provider_aws.synthetics_canary import (
    SyntheticsCanaryRunConfig,
    SyntheticsCanarySchedule,
)
from constructs import Construct

from constructs_lib.archive import Archive
from constructs_lib.lambda_role import render_trust
from constructs_lib.names import prefix

HANDLER = Path(__file__).parent / "handlers" / "canary.py"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Library_python_selenium.html
RUNTIME = "syn-python-selenium-8.0"
ROLE_NAME_PREFIX_LIMIT = 38
# https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_CreateCanary.html
NAME_LIMIT = 21
RETENTION_DAYS = 31
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCheck:
    """A request, and what has to come back."""

    service: str
    """Service that answers it."""
    request: str
    """Method and path on the public API, such as 'GET /orders/test'."""
    status: int
    """Status that has to come."""
    body: object | None
    """JSON that has to come; None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticsCanaryProps:
    """What `SyntheticsCanary` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Start of the canary's name."""
    partition: str
    """AWS partition of the region."""
    region: str
    """Region of the canary."""
    account_id: str
    """Id of the gateway's account."""
    public_url: str
    """What is called."""
    checks: Sequence[CanaryCheck]
    """What is sent."""
    api_ids: Mapping[str, str]
    """Ids of the private APIs by service, where the caller has to send them."""
    schedule_minutes: int
    """Minutes between two runs."""
    artifact_bucket: str
    """Bucket for what the canary writes."""
    secret_arn: str | None
    """Secret with the bearer token to call with."""
    staging: Path
    """Folder for the package until synth copies it; the caller removes it."""


class SyntheticsCanary(Construct):
    """Sends the checks of the topology from outside of any VPC, as a caller would.

    Terraform: `aws_synthetics_canary`, `aws_iam_role`, `aws_iam_role_policy`.
    It may write to its part of the bucket, to its own log and to its metrics, and read one secret.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html
    """

    def __init__(self, scope: Construct, id_: str, props: SyntheticsCanaryProps) -> None:
        super().__init__(scope, id_)
        name = prefix(props.name, NAME_LIMIT).rstrip("-")
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name_prefix=prefix(f"{props.name}-canary", ROLE_NAME_PREFIX_LIMIT),
            assume_role_policy=render_trust(),
        )
        policy = IamRolePolicy(
            self,
            "RolePolicy",
            provider=props.provider,
            name="canary",
            role=role.id,
            policy=_render_permissions(props, name),
        )
        AwsSyntheticsCanary(
            self,
            "Canary",
            provider=props.provider,
            name=name,
            artifact_s3_location=f"s3://{props.artifact_bucket}/{name}",
            execution_role_arn=role.arn,
            handler=f"{HANDLER.stem}.handler",
            runtime_version=RUNTIME,
            zip_file=self._package(props),
            schedule=SyntheticsCanarySchedule(expression=_rate(props.schedule_minutes)),
            run_config=SyntheticsCanaryRunConfig(
                active_tracing=False, environment_variables=_environment(props)
            ),
            success_retention_period=RETENTION_DAYS,
            failure_retention_period=RETENTION_DAYS,
            start_canary=True,
            delete_lambda=True,
            depends_on=[policy],
        )

    def _package(self, props: SyntheticsCanaryProps) -> str:
        checks = [
            {
                "service": check.service,
                "request": check.request,
                "status": check.status,
                "json": check.body,
            }
            for check in props.checks
        ]
        archive = Archive.of_contents(
            {
                f"python/{HANDLER.name}": HANDLER.read_bytes().replace(b"\r\n", b"\n"),
                "python/checks.json": json.dumps(checks, indent=1).encode(),
            }
        )
        path = props.staging / "canary.zip"
        path.write_bytes(archive.content)
        # The digest is part of the path, which is all that tells Terraform of a change.
        asset = TerraformAsset(
            Construct(self, "package"),
            "Asset",
            path=str(path),
            type=AssetType.FILE,
            asset_hash=archive.digest[:16],
        )
        return asset.path


def _rate(minutes: int) -> str:
    """Renders a rate the way AWS gives it back: anything else would be a difference on each plan."""
    if minutes == MINUTES_PER_HOUR:
        return "rate(1 hour)"
    return f"rate({minutes} minute{'' if minutes == 1 else 's'})"


def _environment(props: SyntheticsCanaryProps) -> dict[str, str]:
    variables = {"PUBLIC_URL": props.public_url}
    if props.api_ids:
        variables["API_IDS"] = json.dumps(dict(props.api_ids), sort_keys=True)
    if props.secret_arn is not None:
        variables["SECRET_ARN"] = props.secret_arn
    return variables


def _render_permissions(props: SyntheticsCanaryProps, name: str) -> str:
    bucket = f"arn:{props.partition}:s3:::{props.artifact_bucket}"
    logs = (
        f"arn:{props.partition}:logs:{props.region}:{props.account_id}:log-group:/aws/lambda/cwsyn-{name}-*"
    )
    statements: list[dict[str, object]] = [
        {"Action": "s3:PutObject", "Resource": f"{bucket}/{name}/*"},
        {"Action": "s3:GetBucketLocation", "Resource": bucket},
        {"Action": "s3:ListAllMyBuckets", "Resource": "*"},
        {"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": logs},
        {
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}},
        },
    ]
    if props.secret_arn is not None:
        statements.append({"Action": "secretsmanager:GetSecretValue", "Resource": props.secret_arn})
    allowed = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, sort_keys=True)
