"""The environment that Terraform gets, by where state is kept."""

from pathlib import Path
from typing import Any

import pytest

from hatchway.deploy.surroundings import terraform_environment
from hatchway.errors import UndecidedError
from hatchway.topology.model import Topology
from tests.unit.verify.conftest import declared


def kept(**state: Any) -> Topology:
    return Topology.model_validate({**declared(), "state": state})


def test_nothing_of_hcp_terraform_is_asked_for_where_state_is_elsewhere(tmp_path: Path) -> None:
    environ = terraform_environment(kept(local={}), {"HOME": str(tmp_path)})

    assert not [name for name in environ if name.startswith("TF_TOKEN")]


def test_the_token_is_handed_on_in_the_environment(tmp_path: Path) -> None:
    topology = kept(hcp={"organization": "example-org", "hostname": "tf.example.com"})
    given = {"HOME": str(tmp_path), "TF_TOKEN_tf_example_com": "a-token"}

    assert terraform_environment(topology, given)["TF_TOKEN_tf_example_com"] == "a-token"


def test_without_a_token_nothing_is_begun(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match=r"state\.hcp: there is no token for app\.terraform\.io"):
        terraform_environment(kept(hcp={"organization": "example-org"}), {"HOME": str(tmp_path)})
