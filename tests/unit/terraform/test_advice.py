import pytest

from hatchway.terraform.advice import advice
from hatchway.terraform.runner import TerraformError
from tests.unit.terraform.conftest import Stage


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        ("CloudWatch Logs role ARN must be set in account settings to enable logging", "account_log_role"),
        ("Error: Required token could not be found", "terraform login"),
        ("User: x is not authorized to\nperform: ec2:CreateVpc", "hatchway bootstrap"),
        ("Error: Instance cannot be destroyed", "on purpose"),
    ],
)
def test_an_error_with_one_known_cause_comes_with_what_helps(said: str, helps: str) -> None:
    (found,) = advice(said.splitlines())

    assert helps in found


def test_any_other_error_stands_for_itself() -> None:
    assert advice(["Error: creating VPC", "no quota"]) == ()


def test_it_is_the_last_line_under_the_error(stage: Stage) -> None:
    message = {
        "type": "diagnostic",
        "diagnostic": {
            "severity": "error",
            "summary": "updating API Gateway Stage",
            "detail": "CloudWatch Logs role ARN must be set in account settings to enable logging",
        },
    }
    stage.play(plan={"code": 1, "lines": [message]})

    with pytest.raises(TerraformError) as caught:
        stage.terraform().plan()
    assert "observability.account_log_role" in caught.value.tail[-1]
