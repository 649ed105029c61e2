"""Every permission is taken away once, at botocore: never a pass, never a traceback, and it is named."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hatchway.route.outcome import Verdict
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.estate import estate_of
from hatchway.verify.aws.reads import READS
from tests.sandbox.levers import Levers
from tests.sandbox.verifying import Verifier

# Asked only where there is a custom domain, a rule with a prefix list, or a web ACL. This gateway is a REST
# API: what is read of HTTP APIs and VPC links V2 is taken away in tests/unit/verify_aws/test_http_apis.py.
NOT_ASKED = {"GetBasePathMappings", "DescribeCertificate", "GetManagedPrefixListEntries", "GetWebACL"}


class Denying(Verifier):
    """Verifies with one permission less."""

    def __init__(self, topology: Any) -> None:
        super().__init__(topology)
        self.denied: tuple[str, str] | None = None
        self.reader = AwsReader(topology.accounts, deadline=3600, prepare=self.prepare)

    def prepare(self, account: str, client: Any) -> None:
        def refuse(model: Any, **_: Any) -> None:
            if (account, model.name) == self.denied:
                message = "User is not authorized, encoded message: c2VjcmV0"
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, model.name)

        client.meta.events.register("before-call", refuse)


@pytest.fixture(scope="module")
def denying(deployed_sandbox: Any) -> Iterator[Denying]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in deployed_sandbox.sandbox.variables().items():
            patch.setenv(name, value)
        yield Denying(deployed_sandbox.topology)


@pytest.fixture(scope="module")
def levers(deployed_sandbox: Any, edge: Any, orders: Any) -> Levers:
    return Levers(deployed_sandbox, edge, orders)


def permissions(topology: Any) -> list[tuple[str, str]]:
    estate = estate_of(topology)
    found = {
        (str(estate.account_of(side, "orders")), read.operation)
        for read in READS.values()
        for side in read.sides
        if read.operation not in NOT_ASKED and read.service != "apigatewayv2"
    }
    # The private route ends in MOCK: no function is asked about in the service's account. The load balancer
    # has pinned addresses, so that its interfaces are not looked up.
    not_asked = {
        ("orders", "GetPolicy"),
        ("orders", "GetFunctionConfiguration"),
        ("edge", "DescribeNetworkInterfaces"),
    }
    return sorted(found - not_asked)


def test_each_permission_that_is_missing_is_named_and_nothing_passes(
    denying: Denying, deployed_sandbox: Any
) -> None:
    wanted = permissions(deployed_sandbox.topology)
    assert len(wanted) > 30
    for account, operation in wanted:
        denying.denied = (account, operation)
        report = denying()
        assert report.verdict is Verdict.UNDECIDED, f"{operation} in {account}: {report.findings}"
        assert report.verdict.exit_code == 3
        action = READS[operation].action
        named = [one for one in report.findings if action in one.message and account in one.message]
        assert named, f"{operation} in {account} is not named"
        assert all(action in one.fix for one in named)
        assert "encoded message" not in str(report)
    denying.denied = None
    assert denying().verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("account", "operation", "hop"),
    [
        ("edge", "DescribeLoadBalancerAttributes", "load-balancer"),
        ("orders", "GetStages", "load-balancer"),
        ("edge", "DescribeSecurityGroups", None),
    ],
)
def test_a_break_is_still_a_break_with_a_permission_missing(
    account: str, operation: str, hop: str | None, denying: Denying, levers: Levers
) -> None:
    denying.denied = (account, operation)
    with levers.private_link_rules():
        report = denying()
    assert report.verdict.exit_code == 1
    assert report.routes[0].broken_hop == hop


@pytest.mark.usefixtures("denying")
def test_a_role_that_may_not_be_assumed_is_named(deployed_sandbox: Any) -> None:
    fresh = Denying(deployed_sandbox.topology)
    fresh.denied = ("orders", "AssumeRole")
    report = fresh()
    assert report.verdict is Verdict.UNDECIDED
    found = [one for one in report.findings if one.id == "HW005"]
    assert len(found) == 1
    assert "sts:AssumeRole on arn:aws:iam::222222222222:role/hatchway-deploy" in found[0].message
