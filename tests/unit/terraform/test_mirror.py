import zipfile
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.mirror import (
    PROJECT_MIRROR,
    cli_configuration,
    find_mirror,
    mirror_at,
    operating_system_and_architecture,
    unpack_packages,
)

HERE = operating_system_and_architecture()


def fill(root: Path, version: str, platform: str = HERE) -> Path:
    folder = root / "registry.terraform.io/hashicorp/aws" / version / platform
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_v{version}_x5").write_text("")
    return root


def pack(root: Path, version: str, platform: str = HERE) -> Path:
    folder = root / "registry.terraform.io/hashicorp/aws"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"terraform-provider-aws_{version}_{platform}.zip", "w") as archive:
        archive.writestr(f"terraform-provider-aws_v{version}", "")
    return root


def test_finds_the_newest_version_that_the_stacks_accept(tmp_path: Path) -> None:
    for version in ("5.99.1", "5.100.0", "6.25.0", "7.0.0"):
        fill(tmp_path, version)
    mirror = mirror_at(tmp_path)
    assert mirror is not None
    assert (mirror.version, mirror.packed) == ((6, 25, 0), False)


@pytest.mark.parametrize("version", ["4.67.0", "5.99.9", "7.0.0", "latest"])
def test_passes_over_versions_that_the_stacks_refuse(tmp_path: Path, version: str) -> None:
    assert mirror_at(fill(tmp_path, version)) is None


def test_passes_over_other_machines(tmp_path: Path) -> None:
    assert mirror_at(fill(tmp_path, "5.100.0", "plan9_mips")) is None


def test_passes_over_a_version_without_the_provider_in_it(tmp_path: Path) -> None:
    (tmp_path / "registry.terraform.io/hashicorp/aws/5.100.0" / HERE).mkdir(parents=True)
    assert mirror_at(tmp_path) is None


def test_accepts_the_archives_that_terraform_itself_makes(tmp_path: Path) -> None:
    mirror = mirror_at(pack(tmp_path, "5.100.0"))
    assert mirror is not None
    assert mirror.packed


def test_unpacks_archives_into_a_mirror_that_is_linked(tmp_path: Path) -> None:
    unpack_packages(pack(tmp_path, "5.100.0"))
    mirror = mirror_at(tmp_path)
    assert mirror is not None
    assert not mirror.packed
    assert not list(tmp_path.rglob("*.zip"))
    assert next(tmp_path.rglob("terraform-provider-aws_v5.100.0")).stat().st_mode & 0o100


def test_prefers_the_mirror_that_was_asked_for(tmp_path: Path) -> None:
    asked = fill(tmp_path / "asked", "5.100.0")
    fill(tmp_path / PROJECT_MIRROR, "6.0.0")
    found = find_mirror({"HATCHWAY_PROVIDER_MIRROR": str(asked), "HOME": str(tmp_path)}, tmp_path)
    assert found is not None
    assert found.path == asked


def test_refuses_an_asked_mirror_without_the_provider(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"HATCHWAY_PROVIDER_MIRROR: holds no hashicorp/aws"):
        find_mirror({"HATCHWAY_PROVIDER_MIRROR": str(tmp_path)}, tmp_path)


@pytest.mark.parametrize("folder", [".terraform.d/plugins", ".local/share/terraform/plugins"])
def test_finds_the_folders_that_terraform_itself_looks_into(tmp_path: Path, folder: str) -> None:
    implied = fill(tmp_path / folder, "5.100.0")
    found = find_mirror(
        {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path / "none")}, tmp_path / "project"
    )
    assert found is not None
    assert found.path == implied


def test_leaves_a_configuration_of_the_users_alone(tmp_path: Path) -> None:
    own = tmp_path / "own.rc"
    own.write_text("")
    fill(tmp_path / PROJECT_MIRROR, "6.0.0")
    assert cli_configuration({"TF_CLI_CONFIG_FILE": str(own)}, tmp_path) == {}
    assert not (tmp_path / ".hatchway/terraform.rc").exists()


def test_leaves_the_users_terraformrc_alone(tmp_path: Path) -> None:
    (tmp_path / ".terraformrc").write_text("")
    assert cli_configuration({"HOME": str(tmp_path)}, tmp_path) == {}


def test_takes_a_configuration_file_that_is_missing_for_unset(tmp_path: Path) -> None:
    fill(tmp_path / PROJECT_MIRROR, "5.100.0")
    environ = {"TF_CLI_CONFIG_FILE": str(tmp_path / "missing"), "HOME": str(tmp_path)}
    written = Path(cli_configuration(environ, tmp_path)["TF_CLI_CONFIG_FILE"])
    assert written == tmp_path / ".hatchway/terraform.rc"
    assert "direct {" in written.read_text()


def test_the_sandbox_has_no_way_to_the_registry(tmp_path: Path) -> None:
    fill(tmp_path / PROJECT_MIRROR, "5.100.0")
    own = tmp_path / ".terraformrc"
    own.write_text("")
    configured = cli_configuration({"HOME": str(tmp_path)}, tmp_path, sandbox=tmp_path / "box")
    text = Path(configured["TF_CLI_CONFIG_FILE"]).read_text()
    assert str(tmp_path / PROJECT_MIRROR) in text
    assert "direct" not in text
