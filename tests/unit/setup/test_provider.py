import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.mirror import Mirror, mirror_at, operating_system_and_architecture
from scripts.setup.provider import Provider
from scripts.setup.step import Place
from tests.unit.setup.programs import place, terraform

PLATFORM = operating_system_and_architecture()
REPOSITORY = Path(__file__).resolve().parents[3]


def _only_the_projects_own(_: Mapping[str, str], root: Path) -> Mirror | None:
    return mirror_at(root / ".hatchway/providers")


def _clone(root: Path, then: str) -> Place:
    pins = root / "scripts/setup/terraform.json"
    pins.parent.mkdir(parents=True)
    pins.write_text(json.dumps({"provider": "5.100.0"}), encoding="utf-8")
    terraform(root / "bin", then=then)
    return place(root)


def _mirrors_like_terraform(root: Path) -> str:
    """A script that leaves what `terraform providers mirror` leaves in the folder named last."""
    package = root / f"terraform-provider-aws_5.100.0_{PLATFORM}.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("terraform-provider-aws_v5.100.0_x5", "the provider")
    return (
        f'folder="$5/registry.terraform.io/hashicorp/aws"; mkdir -p "$folder" && cp "{package}" "$folder"\n'
        f'echo "$@" > "{root}/arguments"; cp "${{1#-chdir=}}/main.tf.json" "{root}/declared.json"'
    )


def test_uses_a_mirror_that_the_machine_has(tmp_path: Path) -> None:
    there = Mirror(path=Path("/srv/providers"), version=(6, 2, 0), packed=False)
    step = Provider(_clone(tmp_path, "exit 1"), find=lambda *_: there)
    assert step.intact()
    assert step.run(interrupted=False) == "6.2.0, /srv/providers"


def test_fetches_the_pinned_version_once_into_the_projects_mirror(tmp_path: Path) -> None:
    step = Provider(_clone(tmp_path, _mirrors_like_terraform(tmp_path)), find=_only_the_projects_own)
    assert not step.intact()
    assert step.run(interrupted=False) == "5.100.0, .hatchway/providers"
    assert step.intact()
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8")
    assert f" providers mirror -platform={PLATFORM} " in arguments
    declared = json.loads((tmp_path / "declared.json").read_text(encoding="utf-8"))
    assert declared["terraform"]["required_providers"]["aws"] == {
        "source": "hashicorp/aws",
        "version": "5.100.0",
    }
    assert [path.name for path in (tmp_path / ".hatchway").iterdir()] == ["providers"]


def test_says_how_to_do_without_the_registry(tmp_path: Path) -> None:
    step = Provider(_clone(tmp_path, "echo no route to the registry; exit 1"), find=_only_the_projects_own)
    folder = f"registry.terraform.io/hashicorp/aws/5.100.0/{PLATFORM}/"
    with pytest.raises(
        ToolError, match=f"set HATCHWAY_PROVIDER_MIRROR to a folder that holds {folder}"
    ) as caught:
        step.run(interrupted=False)
    assert caught.value.tail == ("no route to the registry",)
    assert list((tmp_path / ".hatchway").iterdir()) == []


def test_the_pinned_version_is_one_the_stacks_accept() -> None:
    pins = json.loads((REPOSITORY / "scripts/setup/terraform.json").read_text(encoding="utf-8"))
    major, minor, _ = (int(part) for part in pins["provider"].split("."))
    assert (5, 100) <= (major, minor) < (7, 0)
