"""Outputs that are not in S3: in files, and in HCP Terraform."""

import json
from pathlib import Path
from typing import Any

import pytest

from hatchway.errors import ToolError, UndecidedError
from hatchway.topology.model import Topology
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence
from hatchway.verify.hcp_state import HcpStates
from hatchway.verify.local_state import LocalStates
from hatchway.verify.s3_state import S3States
from hatchway.verify.state import read_outputs, states_of
from tests.unit.verify.conftest import answer, declared

API = "https://app.terraform.io/api/v2"
OUTPUTS = [
    {"attributes": {"name": "stage_name", "value": "live", "sensitive": False}},
    {"attributes": {"name": "cross-stack-output", "value": None, "sensitive": True}},
]


def kept(**state: Any) -> Topology:
    return Topology.model_validate({**declared(), "state": state})


class FakeHcp:
    def __init__(self, **wrong: Answer | NoAnswer) -> None:
        self.wrong = wrong
        self.calls: list[Call] = []

    def call(self, request: Call, /) -> Answer | NoAnswer:
        self.calls.append(request)
        if request.url == f"{API}/organizations/example-org/workspaces/article-gateway":
            return self.wrong.get("workspace", answer(200, json.dumps({"data": {"id": "ws-1"}})))
        assert request.url == f"{API}/workspaces/ws-1/current-state-version-outputs"
        return self.wrong.get("outputs", answer(200, json.dumps({"data": OUTPUTS})))


def hcp(**wrong: Answer | NoAnswer) -> HcpStates:
    return HcpStates(kept(hcp={"organization": "example-org"}), FakeHcp(**wrong), lambda: "secret-token")


def test_the_reader_is_the_one_for_where_state_is_kept() -> None:
    caller = FakeHcp()

    assert isinstance(states_of(kept(s3={"bucket": "abc", "region": "eu-west-1"}), caller), S3States)
    assert isinstance(states_of(kept(local={}), caller), LocalStates)
    assert isinstance(states_of(kept(hcp={"organization": "example-org"}), caller), HcpStates)


def test_a_file_beside_the_topology_is_read(tmp_path: Path) -> None:
    topology = kept(local={}).read_from(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "gateway.tfstate").write_text('{"outputs": {"stage_name": {"value": "live"}}}')

    assert read_outputs(LocalStates(topology), "gateway") == {"stage_name": "live"}
    assert LocalStates(topology).read("foundation") is None


def test_a_file_that_is_a_folder_may_not_be_read(tmp_path: Path) -> None:
    topology = kept(local={}).read_from(tmp_path)
    (tmp_path / "state" / "gateway.tfstate").mkdir(parents=True)

    with pytest.raises(UndecidedError, match=r"gateway\.tfstate: may not be read, got 'Is a directory'"):
        LocalStates(topology).read("gateway")


def test_outputs_of_a_workspace_are_read_save_sensitive_ones() -> None:
    assert read_outputs(hcp(), "gateway") == {"stage_name": "live"}


def test_the_token_is_sent_and_not_shown() -> None:
    caller = FakeHcp()
    HcpStates(kept(hcp={"organization": "example-org"}), caller, lambda: "secret-token").read("gateway")

    assert {call.headers["Authorization"] for call in caller.calls} == {"Bearer secret-token"}
    assert "secret-token" not in repr(caller.calls)


@pytest.mark.parametrize("step", ["workspace", "outputs"])
def test_a_workspace_that_is_not_there_is_no_state(step: str) -> None:
    assert hcp(**{step: answer(404)}).read("gateway") is None


def test_a_token_that_is_refused_is_undecided() -> None:
    with pytest.raises(UndecidedError, match=r"the token is not valid, got 401\. Run 'terraform login"):
        hcp(workspace=answer(401)).read("gateway")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (answer(500), "refused, got HTTP 500"),
        (answer(200, "<html>"), "is not JSON"),
        (answer(200, "[]"), "is not its API's"),
        (answer(200, '{"data": {}}'), "is not its API's"),
        (NoAnswer(reason=Silence.TIMEOUT), "did not answer"),
    ],
)
def test_anything_else_is_a_failed_tool(wrong: Answer | NoAnswer, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        hcp(workspace=wrong).read("gateway")
