"""What `hatchway bootstrap` refuses before it does anything."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from hatchway.cli import main
from tests.unit.verify.conftest import declared

CI = "arn:aws:iam::111111111111:role/ci"


@pytest.fixture
def topology(tmp_path: Path) -> Any:
    def write(**more: Any) -> str:
        document = {**declared(), **more}
        document["services"]["orders"]["endpoint"]["placement"] = "gateway"
        path = tmp_path / "hatchway.yaml"
        path.write_text(json.dumps(document))
        return str(path)

    return write


def test_a_topology_that_declares_nothing_to_create_is_refused(
    topology: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bootstrap", "--topology", topology(), "--yes"]) == 2
    assert "bootstrap: is not declared. Add it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--profile", "edge"], "--profile: is not ACCOUNT=VALUE, got 'edge'"),
        (["--profile", "edge="], "--profile: is not ACCOUNT=VALUE, got 'edge='"),
        (
            ["--profile", "nobody=x"],
            "--profile: there is no such account, got 'nobody'. Choose from: edge, orders",
        ),
        (["--role", "edge=admin"], "--role: is not the ARN of a role, got 'admin'"),
    ],
)
def test_who_creates_things_is_checked(
    topology: Any, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    path = topology(bootstrap={"trusted_principals": [CI]})

    assert main(["bootstrap", "--topology", path, "--yes", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_nothing_is_created_where_nobody_can_be_asked(
    topology: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert main(["bootstrap", "--topology", topology()]) == 2
    assert "--yes: is needed where nobody can be asked" in capsys.readouterr().err
