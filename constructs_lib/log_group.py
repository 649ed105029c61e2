"""A log group with retention and, if there is one, a key."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

USUAL_RETENTION_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """How logs of an account are kept."""

    retention_days: int = USUAL_RETENTION_DAYS
    """Days until CloudWatch deletes them."""
    kms_key_arn: str | None = None
    """Key they are encrypted with; None for AWS's own."""

    @classmethod
    def of(cls, topology: "Topology", account: str) -> Self:
        """Returns what the topology declares for an account; without `observability`, the usual."""
        declared = topology.observability
        if declared is None:
            return cls()
        return cls(retention_days=declared.log_retention_days, kms_key_arn=declared.kms_keys.get(account))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroupProps:
    """What `LogGroup` needs."""

    provider: AwsProvider
    """Provider of the account of the logs."""
    name: str
    """Name of the group."""
    settings: LogSettings
    """How logs are kept."""


class LogGroup(Construct):
    """A log group that forgets: CloudWatch keeps logs for ever unless told.

    Terraform: `aws_cloudwatch_log_group`.
    A key has to let CloudWatch Logs of the region use it.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """

    def __init__(self, scope: Construct, id_: str, props: LogGroupProps) -> None:
        super().__init__(scope, id_)
        self._group = CloudwatchLogGroup(
            self,
            "LogGroup",
            provider=props.provider,
            name=props.name,
            retention_in_days=props.settings.retention_days,
            kms_key_id=props.settings.kms_key_arn,
        )

    @property
    def arn(self) -> str:
        """ARN of the group, without the ':*' of its streams."""
        return self._group.arn

    @property
    def resource(self) -> CloudwatchLogGroup:
        """The group, as something to wait for."""
        return self._group
