"""What the environment says about a run against AWS accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

STAGES = ("deploy", "credential", "verify", "plan", "observe", "destroy")
OBSERVATIONS = Path(".hatchway/live-observations.json")
WANTED = "HATCHWAY_LIVE=1 and HATCHWAY_LIVE_TOPOLOGY=FILE run this against AWS accounts"


class NotReadyError(Exception):
    """The run was asked for, and cannot be made."""


def is_asked_for(environ: Mapping[str, str]) -> bool:
    """Whether somebody said that AWS accounts may be changed."""
    return environ.get("HATCHWAY_LIVE") == "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What to run, and on what.

    Attributes:
        topology: What is deployed, and destroyed afterwards.
        keep: Whether it stays.
        skipped: Stages that are left out.
        observations: The file that observations are added to.
    """

    topology: Path
    keep: bool
    skipped: frozenset[str]
    observations: Path = OBSERVATIONS

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Read the environment.

        Raises:
            NotReadyError: The message says what is missing.
        """
        workers = int(environ.get("PYTEST_XDIST_WORKER_COUNT") or 1)
        if workers > 1:
            raise NotReadyError(
                f"pytest -n: one estate cannot be deployed by {workers} processes at once. Use 'make live'."
            )
        named = environ.get("HATCHWAY_LIVE_TOPOLOGY")
        if not named:
            raise NotReadyError(
                "HATCHWAY_LIVE_TOPOLOGY: is not set. Name the topology of an estate that may be deployed and "
                "destroyed; docs/how-to/test-live.md says which."
            )
        if not Path(named).is_file():
            raise NotReadyError(f"HATCHWAY_LIVE_TOPOLOGY: there is no such file, got {named!r}.")
        skipped = frozenset(stage for stage in STAGES if environ.get(f"SKIP_{stage}"))
        keep = bool(environ.get("HATCHWAY_LIVE_KEEP")) or "destroy" in skipped
        return cls(
            topology=Path(named).resolve(),
            keep=keep,
            skipped=skipped,
            observations=Path(environ.get("HATCHWAY_LIVE_OBSERVATIONS") or OBSERVATIONS).resolve(),
        )
