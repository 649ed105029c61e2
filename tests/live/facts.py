"""What AWS says of a deployed path beside its answers, read as `hatchway verify` reads it."""

import time
from collections.abc import Callable
from typing import Any

from hatchway.errors import UndecidedError
from hatchway.topology.model import Topology
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import Request
from tests.live.observations import Targets

# A new target is checked every half minute, three times, after a registration of some minutes.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
_MOST_SECONDS = 900.0
_PAUSE_SECONDS = 10.0

States = dict[str, str]


class Facts:
    """Reads from the accounts of a gateway's view.

    Args:
        view: Names accounts and roles.
    """

    def __init__(self, view: Topology) -> None:
        self._gateway = view.gateway.account
        self._reader = AwsReader(view.accounts, deadline=2 * _MOST_SECONDS)

    def policy_of_endpoint(self, account: str, endpoint_id: str) -> str:
        """Return the policy of a VPC endpoint."""
        found = self._read(account, "DescribeVpcEndpoints", VpcEndpointIds=[endpoint_id])
        return str(found[0]["PolicyDocument"])

    def targets(self, group: str) -> Targets:
        """Return how a target group checks its targets, and what became of them once that settled."""
        about = self._read(self._gateway, "DescribeTargetGroups", TargetGroupArns=[group])[0]
        states, seconds = settled(lambda: self._states(group))
        return Targets(
            protocol=str(about.get("HealthCheckProtocol")),
            path=str(about.get("HealthCheckPath")),
            states=states,
            seconds=seconds,
        )

    def _states(self, group: str) -> States:
        found = self._read(self._gateway, "DescribeTargetHealth", TargetGroupArn=group)
        return {str(one["Target"]["Id"]): str(one["TargetHealth"]["State"]) for one in found}

    def _read(self, account: str, operation: str, **about: Any) -> Any:
        answer = self._reader.read(Request.of(account, operation, **about))
        if isinstance(answer, Refusal):
            raise UndecidedError(f"{answer.reason}. {answer.fix}")
        return answer


def settled(
    ask: Callable[[], States],
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], object] = time.sleep,
) -> tuple[States, float]:
    """Ask until every target is healthy, or time is up; return the last states and the seconds it took."""
    since = clock()
    while True:
        states, seconds = ask(), clock() - since
        if set(states.values()) == {"healthy"} or seconds >= _MOST_SECONDS:
            return states, seconds
        pause(_PAUSE_SECONDS)
