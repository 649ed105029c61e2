from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.errors import UsageError
from hatchway.topology import (
    TopologyError,
    credentials_tag,
    hcp_state,
    load,
    s3_state,
    state_file,
    workspace_name,
)
from hatchway.topology.model import Topology

S3 = "  s3:\n    bucket: estate-state\n    region: eu-west-1\n"


@pytest.fixture
def kept(estate: str, tmp_path: Path) -> Callable[[str], Topology]:
    """Loads the good topology with another section `state`."""

    def keep(section: str) -> Topology:
        path = tmp_path / "hatchway.yaml"
        text = estate.replace(S3, f"  {section}\n")
        assert text != estate
        path.write_text(text, "utf-8")
        return load(path)

    return keep


def problems(keep: Callable[[], object]) -> list[str]:
    with pytest.raises(TopologyError) as caught:
        keep()
    return [str(problem) for problem in caught.value.problems]


def test_local_state_is_beside_the_topologys_file(kept: Callable[[str], Topology], tmp_path: Path) -> None:
    assert state_file(kept("local: {}"), "gateway") == tmp_path / "state" / "gateway.tfstate"
    assert state_file(kept("local: {directory: a/b}"), "gateway") == tmp_path / "a" / "b" / "gateway.tfstate"


def test_each_stack_has_a_workspace_of_its_own(kept: Callable[[str], Topology]) -> None:
    named = kept("hcp: {organization: example-org}")
    prefixed = kept("hcp: {organization: example-org, workspace_prefix: production}")

    assert workspace_name(named, "gateway") == f"{named.name}-gateway"
    assert workspace_name(prefixed, "service-orders") == "production-service-orders"


def test_a_tag_of_credentials_is_the_accounts_name_as_variables_take_it() -> None:
    assert credentials_tag("order-intake") == "ORDER_INTAKE"


def test_state_that_is_kept_elsewhere_cannot_be_asked_for(kept: Callable[[str], Topology]) -> None:
    local, hcp = kept("local: {}"), kept("hcp: {organization: example-org}")

    for ask, topology in ((s3_state, local), (hcp_state, local), (s3_state, hcp)):
        with pytest.raises(UsageError, match="is not given"):
            ask(topology)
    with pytest.raises(UsageError, match=r"state\.local: is not given"):
        state_file(hcp, "gateway")


@pytest.mark.parametrize("section", ["{}", "hcp: {organization: example-org}\n  local: {}"])
def test_state_is_kept_in_exactly_one_place(kept: Callable[[str], Topology], section: str) -> None:
    assert "needs exactly one of 's3', 'hcp' and 'local'" in problems(lambda: kept(section))[0]


def test_a_folder_that_is_a_file_is_refused(kept: Callable[[str], Topology], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    assert problems(lambda: kept("local: {directory: taken}")) == [
        "state.local.directory: is a file, got 'taken'"
    ]


@pytest.mark.parametrize("directory", ["/srv/state", "../state", "a/../../b", "${path}"])
def test_a_folder_elsewhere_is_refused(kept: Callable[[str], Topology], directory: str) -> None:
    assert (
        "is not a path beside the topology's file"
        in problems(lambda: kept(f"local: {{directory: '{directory}'}}"))[0]
    )


@pytest.mark.parametrize("project", ["ab", "a/b", " ab", "x" * 41, "${a}"])
def test_a_project_that_cannot_be_one_is_refused(kept: Callable[[str], Topology], project: str) -> None:
    section = f"hcp: {{organization: example-org, project: '{project}'}}"

    assert "state.hcp.project: is not the name of a project" in problems(lambda: kept(section))[0]


def test_a_project_may_have_spaces(kept: Callable[[str], Topology]) -> None:
    assert kept("hcp: {organization: example-org, project: Default Project}").state.hcp is not None


@pytest.mark.parametrize("dynamic", ["true", "false"])
def test_an_account_named_type_has_no_tag_for_dynamic_credentials(
    estate: str, tmp_path: Path, dynamic: str
) -> None:
    hcp = f"  hcp: {{organization: example-org, dynamic_credentials: {dynamic}}}\n"
    account = 'accounts:\n  type: {id: "999999999999", region: eu-west-1}\n'
    path = tmp_path / "hatchway.yaml"
    path.write_text(estate.replace(S3, hcp).replace("accounts:\n", account))

    if dynamic == "false":
        load(path)
    else:
        assert problems(lambda: load(path)) == [
            "accounts.type: cannot be a tag of dynamic credentials, HCP Terraform keeps it for itself"
        ]
