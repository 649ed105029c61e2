"""Rules about logs, alarms and the canary."""

from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.observed import logging_accounts
from hatchway.topology.problems import Misfit

KEY = "observability"


def log_keys_are_of_known_accounts(topology: Topology) -> Iterator[Misfit]:
    """CloudWatch Logs takes keys of its own region only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    declared = topology.observability
    for name, arn in () if declared is None else declared.kms_keys.items():
        path = (KEY, "kms_keys", name)
        if name not in topology.accounts:
            known = ", ".join(topology.accounts)
            yield Misfit(path=path, message="is not an account", fix=f"Choose from: {known}.")
        elif _region(arn) != topology.accounts[name].region:
            region = topology.accounts[name].region
            message = f"is a key of another region than accounts.{name} ({region})"
            yield Misfit(path=path, message=message, got=arn, fix=f"Name a key of {region}.")


def topics_are_in_the_region(topology: Topology) -> Iterator[Misfit]:
    """An alarm tells topics of its own region only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    declared = topology.observability
    alarms = None if declared is None else declared.alarms
    region = _gateways_region(topology)
    # Of several gateways, each tells the topics of its own region.
    if alarms is None or region is None or topology.view is not None:
        return
    for number, arn in enumerate(alarms.topic_arns):
        if _region(arn) != region:
            path = (KEY, "alarms", "topic_arns", number)
            message = f"is a topic of another region than the alarms ({region})"
            yield Misfit(path=path, message=message, got=arn, fix=f"Name a topic of {region}.")


def flow_logs_have_a_network(topology: Topology) -> Iterator[Misfit]:
    """Flow logs are of networks that Hatchway creates; there has to be one."""
    declared = topology.observability
    if declared is None or not declared.flow_logs:
        return
    if all(network.create is None for network in topology.networks.values()):
        yield Misfit(
            path=(KEY, "flow_logs"),
            message="has nothing to log: every network exists already",
            got=True,
            fix="Leave it out; whoever owns the networks turns on their flow logs.",
        )


def log_role_has_a_use(topology: Topology) -> Iterator[Misfit]:
    """The role is for REST APIs that write logs; there has to be one."""
    declared = topology.observability
    if declared is not None and declared.account_log_role and not logging_accounts(topology):
        yield Misfit(
            path=(KEY, "account_log_role"),
            message="has no use: no REST API of Hatchway's writes logs",
            got=True,
            fix=f"Leave it out, or turn on {KEY}.access_logs.",
        )


def canary_can_call(topology: Topology) -> Iterator[Misfit]:
    """A canary sends GET requests, with a bearer token at most."""
    declared = topology.observability
    canary = None if declared is None else declared.canary
    if canary is None:
        return
    checks = [check for service in topology.services.values() for check in service.checks]
    if not any(check.method == "GET" for check in checks):
        message = "has nothing to send: there is no GET request under any checks"
        yield Misfit(path=(KEY, "canary"), message=message, fix="Add one under services.SERVICE.checks.")
    authorizer = topology.gateway.authorizer
    if authorizer == "none":
        return
    if authorizer.iam is not None:
        message = "cannot sign its requests, which gateway.authorizer asks for"
        yield Misfit(path=(KEY, "canary"), message=message, fix="Leave it out.")
    elif canary.secret_arn is None:
        yield Misfit(
            path=(KEY, "canary", "secret_arn"),
            message="is missing: gateway.authorizer asks callers for a token",
            fix="Name a secret that holds the bearer token of a client for the canary.",
        )
    elif _gateways_region(topology) not in {None, _region(canary.secret_arn)}:
        message = "is a secret of another region than the gateway"
        path = (KEY, "canary", "secret_arn")
        yield Misfit(path=path, message=message, got=canary.secret_arn, fix="Name one of the same region.")


def _gateways_region(topology: Topology) -> str | None:
    account = topology.accounts.get(topology.gateway.account)
    return None if account is None else account.region


def _region(arn: str) -> str:
    return arn.split(":")[3]
