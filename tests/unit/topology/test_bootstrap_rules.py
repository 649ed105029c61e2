from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.topology import TopologyError, load, state_account
from hatchway.topology.model import Topology

CI = "arn:aws:iam::111111111111:role/ci"
S3 = "    region: eu-west-1\nnetworks:\n"
Declare = Callable[..., Topology]


@pytest.fixture
def declare(estate: str, tmp_path: Path) -> Declare:
    """Loads the good topology with a section `bootstrap`, and more lines under `state.s3`."""

    def declared(section: str, state: str = "") -> Topology:
        assert estate.count(S3) == 1
        text = estate.replace(S3, S3.replace("networks", f"{state}networks"))
        path = tmp_path / "hatchway.yaml"
        path.write_text(f"{text}\nbootstrap: {section}\n", "utf-8")
        return load(path)

    return declared


def problems(declare: Declare, section: str, state: str = "") -> list[str]:
    with pytest.raises(TopologyError) as caught:
        declare(section, state)
    return [str(problem) for problem in caught.value.problems]


def test_the_bucket_is_in_the_gateways_account_unless_said_otherwise(declare: Declare) -> None:
    trusted = f"trusted_principals: ['{CI}']"

    assert state_account(declare(f"{{{trusted}}}")) == "edge"
    assert state_account(declare(f"{{{trusted}, state_account: billing}}")) == "billing"
    role = "    role: arn:aws:iam::222222222222:role/state\n"
    assert state_account(declare(f"{{{trusted}}}", role)) == "orders"


def test_roles_that_nobody_may_take_are_refused(declare: Declare) -> None:
    assert problems(declare, "{}") == [
        "bootstrap.trusted_principals: is empty, so nobody could take the roles"
    ]


def test_an_account_that_is_not_declared_is_refused(declare: Declare) -> None:
    found = problems(declare, f"{{trusted_principals: ['{CI}'], state_account: nobody}}")

    assert "bootstrap.state_account" in found[0]


def test_a_state_role_of_another_account_than_the_buckets_is_refused(declare: Declare) -> None:
    role = "    role: arn:aws:iam::222222222222:role/state\n"

    found = problems(declare, f"{{trusted_principals: ['{CI}'], state_account: edge}}", role)

    assert found == [
        "bootstrap.state_account: is not the account of state.s3.role (222222222222), got 'edge'"
    ]


def test_a_state_role_of_an_account_that_is_not_declared_is_refused(declare: Declare) -> None:
    role = "    role: arn:aws:iam::999999999999:role/state\n"

    found = problems(declare, f"{{trusted_principals: ['{CI}']}}", role)

    assert "state.s3.role: is a role of an account that is not declared" in found[0]


@pytest.mark.parametrize(
    "principal", ["*", "", "111111111111", "arn:aws:iam::1:role/ci", "arn:aws:iam::*:root"]
)
def test_a_principal_that_would_let_in_anybody_is_refused(declare: Declare, principal: str) -> None:
    found = problems(declare, f"{{trusted_principals: ['{principal}']}}")

    assert "bootstrap.trusted_principals[0]: is not the ARN of a role, a user or an account" in found[0]


@pytest.mark.parametrize("days", ["0", "-1", "'365'", "10000"])
def test_a_time_that_makes_no_sense_is_refused(declare: Declare, days: str) -> None:
    found = problems(declare, f"{{trusted_principals: ['{CI}'], state_versions_days: {days}}}")

    assert "bootstrap.state_versions_days" in found[0]
