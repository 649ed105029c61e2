"""What the foundation adds for the sake of logs: flow logs, and the role that API Gateway writes with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.account_log_role import AccountLogRole, AccountLogRoleProps
from constructs_lib.flow_logs import FlowLogs, FlowLogsProps
from constructs_lib.log_group import LogSettings
from constructs_lib.network import NetworkReference
from hatchway.topology import logging_accounts
from hatchway.topology.partition import partition

if TYPE_CHECKING:
    from constructs_lib.stack import HatchwayStack


def add_logging(stack: "HatchwayStack", networks: Mapping[str, NetworkReference]) -> None:
    """Adds flow logs of the networks that are created, and the log role of each account with logging APIs."""
    declared = stack.topology.observability
    if declared is None:
        return
    if declared.flow_logs:
        _add_flow_logs(stack, networks)
    if not declared.account_log_role:
        return
    roles = Construct(stack, "api-logs")
    for account in logging_accounts(stack.topology):
        known = stack.topology.accounts[account]
        props = AccountLogRoleProps(
            provider=stack.provider(account),
            partition=partition(known.region),
            account_id=known.id,
            display_name=stack.topology.name,
        )
        AccountLogRole(roles, account, props)


def _add_flow_logs(stack: "HatchwayStack", networks: Mapping[str, NetworkReference]) -> None:
    for name, network in networks.items():
        if stack.topology.networks[name].create is None:
            continue
        props = FlowLogsProps(
            provider=stack.provider(network.account),
            account_id=stack.topology.accounts[network.account].id,
            vpc_id=network.vpc_id,
            display_name=f"{stack.topology.name}-{name}",
            logs=LogSettings.of(stack.topology, network.account),
        )
        FlowLogs(Construct(stack, f"Flow-{name}"), f"{name}_flow", props)
