from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.topology import TopologyError, has_foundation, load, logging_accounts
from hatchway.topology.model import Topology

KEY = "arn:aws:kms:{region}:111111111111:key/0a1b2c3d"
SECRET = "arn:aws:secretsmanager:{region}:111111111111:secret:canary-a1b2c3"
Observe = Callable[..., Topology]


@pytest.fixture
def observe(estate: str, tmp_path: Path) -> Observe:
    """Loads the good topology with a section `observability`, and other edits."""

    def observed(section: str, *edits: tuple[str, str]) -> Topology:
        text = estate
        for old, new in edits:
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        path = tmp_path / "hatchway.yaml"
        path.write_text(f"{text}\nobservability: {section}\n", "utf-8")
        return load(path)

    return observed


def problems(observe: Observe, section: str, *edits: tuple[str, str]) -> list[str]:
    with pytest.raises(TopologyError) as caught:
        observe(section, *edits)
    return [str(problem) for problem in caught.value.problems]


def test_everything_can_be_declared_at_once(observe: Observe) -> None:
    topology = observe(
        f"{{execution_logs: error, kms_keys: {{edge: '{KEY.format(region='eu-west-1')}'}}, "
        "account_log_role: true, flow_logs: true, dashboard: true, "
        "alarms: {topic_arns: ['arn:aws:sns:eu-west-1:111111111111:on-call']}}"
    )

    assert logging_accounts(topology)[0] == "edge"
    assert has_foundation(topology)


def test_accounts_that_log_nothing_need_no_role(observe: Observe) -> None:
    assert logging_accounts(observe("{access_logs: false}")) == ()


def test_a_key_of_an_unknown_account_is_refused(observe: Observe) -> None:
    section = f"{{kms_keys: {{nobody: '{KEY.format(region='eu-west-1')}'}}}}"

    assert problems(observe, section) == ["observability.kms_keys.nobody: is not an account"]


def test_a_key_of_another_region_is_refused(observe: Observe) -> None:
    arn = KEY.format(region="eu-central-1")

    assert problems(observe, f"{{kms_keys: {{edge: '{arn}'}}}}") == [
        f"observability.kms_keys.edge: is a key of another region than accounts.edge (eu-west-1), got '{arn}'"
    ]


def test_a_topic_of_another_region_is_refused(observe: Observe) -> None:
    good, bad = (f"arn:aws:sns:{region}:111111111111:on-call" for region in ("eu-west-1", "us-east-1"))

    (found,) = problems(observe, f"{{alarms: {{topic_arns: ['{good}', '{bad}']}}}}")

    assert "topic_arns[1]: is a topic of another region than the alarms (eu-west-1)" in found


def test_a_log_role_without_logs_is_refused(observe: Observe) -> None:
    assert problems(observe, "{access_logs: false, account_log_role: true}") == [
        "observability.account_log_role: has no use: no REST API of Hatchway's writes logs, got true"
    ]


def test_a_canary_without_a_token_is_refused(observe: Observe) -> None:
    assert "observability.canary.secret_arn: is missing: gateway.authorizer asks callers for a token" in (
        problems(observe, "{canary: {artifact_bucket: estate-canary}}")
    )


def test_a_canary_with_a_secret_of_another_region_is_refused(observe: Observe) -> None:
    section = f"{{canary: {{artifact_bucket: abc, secret_arn: '{SECRET.format(region='us-east-1')}'}}}}"

    found = problems(observe, section)

    assert any("secret_arn: is a secret of another region than the gateway" in each for each in found)


def test_a_canary_cannot_sign(observe: Observe) -> None:
    found = problems(
        observe,
        "{canary: {artifact_bucket: estate-canary}}",
        ("gateway:\n  account: edge\n", "gateway:\n  account: edge\n  authorizer: {iam: {}}\n"),
    )

    assert "observability.canary: cannot sign its requests, which gateway.authorizer asks for" in found


@pytest.mark.parametrize("bucket", ["", "UPPER", "a/b", "${bucket}"])
def test_a_bucket_that_cannot_be_one_is_refused(observe: Observe, bucket: str) -> None:
    found = problems(observe, f"{{canary: {{artifact_bucket: '{bucket}'}}}}")

    assert any("artifact_bucket: is not the name of an S3 bucket" in each for each in found)


@pytest.mark.parametrize("days", ["0", "2", "-1", "'30'", "10000"])
def test_a_retention_that_cloudwatch_does_not_know_is_refused(observe: Observe, days: str) -> None:
    assert "observability.log_retention_days" in problems(observe, f"{{log_retention_days: {days}}}")[0]


def test_a_canary_without_anything_to_send_is_refused(observe: Observe) -> None:
    found = problems(
        observe,
        "{canary: {artifact_bucket: estate-canary}}",
        ("GET /orders/test?verbose=1", "HEAD /orders/test?verbose=1"),
    )

    assert "observability.canary: has nothing to send: there is no GET request under any checks" in found


def test_flow_logs_without_a_network_of_its_own_are_refused(observe: Observe, estate: str) -> None:
    start, end = (
        estate.index("    create:\n      cidr: 10.0.0.0/16"),
        estate.index("  orders:\n    account: orders"),
    )
    existing = (
        "    existing:\n      vpc_id: vpc-0d0d0d0d\n      cidr: 10.0.0.0/16\n      subnets:\n"
        "        a: {subnet_id: subnet-0d0d0d0d, cidr: 10.0.0.0/24, route_table_id: rtb-0d0d0d0d}\n"
        "        b: {subnet_id: subnet-0e0e0e0e, cidr: 10.0.1.0/24, route_table_id: rtb-0d0d0d0d}\n"
    )

    found = problems(observe, "{flow_logs: true}", (estate[start:end], existing))

    assert found == ["observability.flow_logs: has nothing to log: every network exists already, got true"]
