from pathlib import Path

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.binary import PROJECT_BINARY, find_terraform, terraform_version


def program(path: Path, version: str | None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    answer = '{"terraform_version": "%s"}' % version if version else "Vagrant 2"  # noqa: UP031 -- braces in the text
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def test_finds_terraform_on_the_path(tmp_path: Path) -> None:
    found = program(tmp_path / "bin/terraform", "1.11.0")
    assert find_terraform({"PATH": str(found.parent)}, tmp_path) == found


def test_prefers_the_release_that_set_up_put_into_the_project(tmp_path: Path) -> None:
    program(tmp_path / "bin/terraform", "1.13.0")
    own = program(tmp_path / PROJECT_BINARY, "1.11.4")
    assert find_terraform({"PATH": str(tmp_path / "bin")}, tmp_path) == own


def test_passes_over_one_that_is_too_old(tmp_path: Path) -> None:
    program(tmp_path / PROJECT_BINARY, "1.9.8")
    newer = program(tmp_path / "bin/terraform", "1.12.0-beta1")
    assert find_terraform({"PATH": str(newer.parent)}, tmp_path) == newer


def test_says_which_version_it_got_when_all_are_too_old(tmp_path: Path) -> None:
    program(tmp_path / "bin/terraform", "1.10.5")
    with pytest.raises(ToolError, match=r"needs Terraform 1\.11\.0 or later, got 1\.10\.5"):
        find_terraform({"PATH": str(tmp_path / "bin")}, tmp_path)


def test_says_how_to_get_one_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"not found on PATH.*make setup"):
        find_terraform({"PATH": str(tmp_path)}, tmp_path)


def test_takes_exactly_the_one_that_was_asked_for(tmp_path: Path) -> None:
    program(tmp_path / PROJECT_BINARY, "1.13.0")
    asked = program(tmp_path / "asked", "1.0.0")
    with pytest.raises(ToolError, match=r"HATCHWAY_TERRAFORM: needs Terraform 1\.11\.0"):
        find_terraform({"HATCHWAY_TERRAFORM": str(asked)}, tmp_path)


def test_refuses_an_asked_binary_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"HATCHWAY_TERRAFORM: is not a file"):
        find_terraform({"HATCHWAY_TERRAFORM": str(tmp_path)}, tmp_path)


def test_refuses_a_program_that_is_something_else(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="in a way that is not Terraform's"):
        terraform_version(program(tmp_path / "terraform", None))


def test_refuses_a_program_that_does_not_run(tmp_path: Path) -> None:
    broken = tmp_path / "terraform"
    broken.write_text("#!/nowhere/sh\n")
    broken.chmod(0o755)
    with pytest.raises(ToolError, match="does not run as Terraform"):
        terraform_version(broken)
