"""`hatchway verify --print-policy`: the permissions of reading, with no credentials and no deployment."""

import json
from pathlib import Path

import pytest

from hatchway import cli

TOPOLOGY = str(Path(__file__).parents[3] / "hatchway.yaml")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def test_the_policy_of_each_account_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--topology", TOPOLOGY, "--print-policy"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"edge", "orders"}


def test_the_policy_of_one_account_is_printed_as_iam_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--topology", TOPOLOGY, "--print-policy", "--account", "orders"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["Version"] == "2012-10-17"
    assert {statement["Effect"] for statement in found["Statement"]} == {"Allow"}


def test_an_account_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--topology", TOPOLOGY, "--print-policy", "--account", "order"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "--account: is not an account that the path touches, got 'order'. Did you mean 'orders'?" in told


def test_an_account_without_a_policy_to_print_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", "--topology", TOPOLOGY, "--account", "orders"]) == 2
    assert "give it with --print-policy" in capsys.readouterr().err
