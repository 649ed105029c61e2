"""Which accounts write logs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["logging_accounts", "told_topics"]


def logging_accounts(topology: "Topology") -> tuple[str, ...]:
    """Accounts with REST APIs of Hatchway's that write logs, for which API Gateway needs a role.

    HTTP APIs write logs without it.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    """
    declared = topology.observability
    if declared is None or (not declared.access_logs and declared.execution_logs == "off"):
        return ()
    own = [service.account for service in topology.services.values() if service.api.existing is None]
    gateway = [topology.gateway.account] if topology.gateway.kind == "rest" else []
    return tuple(dict.fromkeys([*gateway, *own]))


def told_topics(topology: "Topology") -> tuple[str, ...]:
    """SNS topics that alarms tell: those of the gateway's region, since an alarm reaches no other."""
    alarms = None if topology.observability is None else topology.observability.alarms
    region = topology.accounts[topology.gateway.account].region
    return () if alarms is None else tuple(arn for arn in alarms.topic_arns if arn.split(":")[3] == region)
