"""The AWS provider, where the sandbox can install it from without the registry."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from hatchway.terraform.binary import find_terraform
from hatchway.terraform.mirror import (
    PROJECT_MIRROR,
    Mirror,
    find_mirror,
    operating_system_and_architecture,
    unpack_packages,
)
from scripts.setup.step import Place, Whole

PINS = "scripts/setup/terraform.json"


class Provider(Whole):
    """hashicorp/aws from a mirror on this machine, else from the registry into the project's own mirror."""

    name = "provider"
    title = "the AWS provider of Terraform"

    def __init__(
        self,
        place: Place,
        *,
        find: Callable[[Mapping[str, str], Path], Mirror | None] = find_mirror,
    ) -> None:
        self._place = place
        self._find = find

    def key(self) -> str:
        """Return a digest of the pins."""
        return self._place.digest(PINS)

    def intact(self) -> bool:
        """Tell whether a mirror is found."""
        return self._found() is not None

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- a mirror is filled aside and then renamed
        """Find a mirror, or fill the project's, and return its version and place.

        Raises:
            ToolError: The registry cannot be reached, or does not have it.
        """
        found = self._found()
        if found is None:
            self._fill()
            found = self._found()
        if found is None:
            raise AssertionError("a mirror that was just filled is found")
        shown = (
            found.path.relative_to(self._place.root)
            if found.path.is_relative_to(self._place.root)
            else found.path
        )
        return f"{'.'.join(map(str, found.version))}, {shown}"

    def _found(self) -> Mirror | None:
        return self._find(self._place.runner.environ, self._place.root)

    def _fill(self) -> None:
        pins = json.loads((self._place.root / PINS).read_text(encoding="utf-8"))
        target = self._place.root / PROJECT_MIRROR
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="providers.") as scratch:
            self._mirror(Path(scratch), pins["provider"])
            unpack_packages(Path(scratch) / "mirror")
            (Path(scratch) / "mirror").replace(target)

    def _mirror(self, scratch: Path, version: str) -> None:
        platform = operating_system_and_architecture()
        wanted = {"aws": {"source": "hashicorp/aws", "version": version}}
        declared = {"terraform": {"required_providers": wanted}}
        (scratch / "main.tf.json").write_text(json.dumps(declared), encoding="utf-8")
        (scratch / "mirror").mkdir()
        self._place.runner.run(
            [
                find_terraform(self._place.runner.environ, self._place.root),
                *(f"-chdir={scratch}", "providers", "mirror", f"-platform={platform}", scratch / "mirror"),
            ],
            failure=(
                f"the AWS provider {version} is not on this machine, and the Terraform registry gave none. "
                "Get it through, or set HATCHWAY_PROVIDER_MIRROR to a folder that holds "
                f"registry.terraform.io/hashicorp/aws/{version}/{platform}/"
            ),
            environ={"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": ""},
        )
