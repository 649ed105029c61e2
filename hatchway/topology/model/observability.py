"""The section `observability`: logs, traces, metrics, alarms."""

from typing import Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import BucketName, KmsKeyArn, Name, SecretArn, TopicArn

RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2557, 3653]


class Alarms(Declared):
    """CloudWatch alarms on the gateway, the load balancers and the endpoints."""

    topic_arns: tuple[TopicArn, ...] = Field(
        examples=[["arn:aws:sns:eu-west-1:111111111111:on-call"]],
        default=(),
        strict=False,
        description="SNS topics that are told.",
    )
    server_errors_percent: int = Field(
        examples=[1], default=1, ge=1, le=100, description="Share of 5XX answers that is too much."
    )
    integration_latency_milliseconds: int = Field(
        examples=[3000],
        default=5000,
        ge=1,
        le=300000,
        description="99th percentile of the integration's latency that is too much.",
    )


class Canary(Declared):
    """A CloudWatch Synthetics canary that sends the GET requests under `checks`."""

    schedule_minutes: int = Field(
        examples=[5], default=5, ge=1, le=60, description="Minutes between two runs."
    )
    artifact_bucket: BucketName = Field(
        examples=["estate-canary"], description="Name of an existing S3 bucket for what it writes."
    )
    secret_arn: SecretArn | None = Field(
        examples=["arn:aws:secretsmanager:eu-west-1:111111111111:secret:canary-a1b2c3"],
        default=None,
        description="Secrets Manager secret with the bearer token to call with.",
    )


class Observability(Declared):
    """What can be seen of the running path. Nothing is collected that is not asked for."""

    access_logs: bool = Field(
        examples=[True],
        default=True,
        description="One JSON line per request, with what integration and authorizer did.",
    )
    execution_logs: Literal["off", "error", "info"] = Field(
        examples=["error"], default="off", description="API Gateway's own log; never with request data."
    )
    log_retention_days: RetentionDays = Field(
        examples=[30], default=90, description="Days that logs are kept."
    )
    kms_keys: dict[Name, KmsKeyArn] = Field(
        examples=[{"edge": "arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"}],
        default={},
        description="KMS key of the log groups, by account. Default: AWS's own encryption.",
    )
    account_log_role: bool = Field(
        examples=[True],
        default=False,
        description=(
            "Create the role that lets API Gateway write logs, and set it in the settings of each account: "
            "one setting for all APIs of account and region. Only where nobody else sets it."
        ),
    )
    tracing: bool = Field(examples=[True], default=False, description="X-Ray traces. REST API only.")
    detailed_metrics: bool = Field(
        examples=[True], default=False, description="Metrics per method, at extra cost."
    )
    flow_logs: bool = Field(
        examples=[True], default=False, description="VPC flow logs of the networks that Hatchway creates."
    )
    alarms: Alarms | None = Field(default=None, description="Alarms.")
    dashboard: bool = Field(examples=[True], default=False, description="A dashboard of the gateway.")
    canary: Canary | None = Field(default=None, description="A caller that never sleeps.")
