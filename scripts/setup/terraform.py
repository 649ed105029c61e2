"""Terraform: the machine's own if it is new enough, else a pinned release."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from hatchway.errors import ToolError
from hatchway.terraform.binary import find_terraform, terraform_version
from hatchway.terraform.mirror import operating_system_and_architecture
from scripts.setup.download import fetch
from scripts.setup.step import Place, Whole
from scripts.setup.unzip import take_program

PINS = "scripts/setup/terraform.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of Terraform.

    Attributes:
        version: Such as `1.11.4`.
        site: Where HashiCorp publishes releases, or a mirror with the same layout.
        sha256: The digest of the archive for each operating system and architecture.
    """

    version: str
    site: str
    sha256: dict[str, str]

    @classmethod
    def pinned(cls, path: Path, environ: dict[str, str]) -> "Release":
        """Return the release that is pinned; `HATCHWAY_TERRAFORM_RELEASES` names another site for it."""
        pins = json.loads(path.read_text(encoding="utf-8"))
        site = environ.get("HATCHWAY_TERRAFORM_RELEASES") or pins["site"]
        return cls(version=pins["version"], site=site.rstrip("/"), sha256=pins["sha256"])

    def archive(self, platform: str) -> str:
        """Return the archive's file name."""
        return f"terraform_{self.version}_{platform}.zip"

    def address(self, platform: str) -> str:
        """Return where the archive is."""
        return f"{self.site}/terraform/{self.version}/{self.archive(platform)}"


class Terraform(Whole):
    """Terraform 1.11 or later, the first that can lock state in S3 by itself."""

    name = "terraform"
    title = "Terraform"

    def __init__(self, place: Place, *, platform: str | None = None) -> None:
        self._place = place
        self._platform = platform or operating_system_and_architecture()

    def key(self) -> str:
        """Return a digest of the pins."""
        return self._place.digest(PINS)

    def intact(self) -> bool:
        """Tell whether one that is new enough is found."""
        return self._found() is not None

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- a download goes on where it stopped
        """Find one, or install the pinned release, and return its version and place.

        Raises:
            ToolError: It cannot be fetched, or is not the archive that was pinned.
        """
        found = self._found() or self._install(
            Release.pinned(self._place.root / PINS, self._place.runner.environ)
        )
        shown = found.relative_to(self._place.root) if found.is_relative_to(self._place.root) else found
        return f"{'.'.join(map(str, terraform_version(found)))}, {shown}"

    def _found(self) -> Path | None:
        try:
            return find_terraform(self._place.runner.environ, self._place.root)
        except ToolError:
            if self._place.runner.environ.get("HATCHWAY_TERRAFORM"):
                raise  # somebody asked for exactly that one
            return None

    def _install(self, release: Release) -> Path:
        digest = release.sha256.get(self._platform)
        if digest is None:
            raise ToolError(
                f"no Terraform 1.11 or later is on PATH, and none is pinned for {self._platform}. Install it."
            )
        archive = self._place.tools / "download" / release.archive(self._platform)
        fetch(release.address(self._platform), archive, digest)
        program = take_program(archive, "terraform", self._place.tools / "terraform")
        archive.unlink()
        os.utime(program)
        terraform_version(program)
        return program
