"""What a run of the live suite begins with: by itself it runs nothing, and it says why."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOPOLOGY = str(ROOT / "examples/article/hatchway.yaml")


def live(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Runs the suite with nothing of a live run in the environment but what is given."""
    ours = ("HATCHWAY_LIVE", "SKIP_", "PYTEST_", "AWS_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_without_being_asked_each_module_is_one_skip_that_names_the_variables(
    tmp_path: Path, processes: tuple[str, ...]
) -> None:
    results = tmp_path / "results.xml"
    ran = live(f"--junitxml={results}", *processes)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    cases = list(ET.parse(results).getroot().iter("testcase"))  # noqa: S314 -- pytest wrote it a moment ago
    assert sorted((case.get("classname"), case.get("name")) for case in cases) == [
        ("tests.live.test_assumptions", "live"),
        ("tests.live.test_path", "live"),
    ]
    reasons = {skipped.get("message") for case in cases for skipped in case.iter("skipped")}
    assert reasons == {"HATCHWAY_LIVE=1 and HATCHWAY_LIVE_TOPOLOGY=FILE run this against AWS accounts"}


def test_asked_without_a_topology_it_fails_and_says_so() -> None:
    ran = live(HATCHWAY_LIVE="1")
    assert ran.returncode == 1
    assert "HATCHWAY_LIVE_TOPOLOGY: is not set. Name the topology" in ran.stdout


def test_asked_for_in_several_processes_it_fails_and_deploys_nothing() -> None:
    ran = live("-n", "2", HATCHWAY_LIVE="1", HATCHWAY_LIVE_TOPOLOGY=TOPOLOGY)
    assert ran.returncode == 1
    assert "pytest -n: one estate cannot be deployed by 2 processes" in ran.stdout
    assert "$ hatchway" not in ran.stdout + ran.stderr


def test_the_path_is_verified_and_planned_before_anything_is_observed() -> None:
    ran = live("--collect-only", "-q", "-m", "live", HATCHWAY_LIVE="1", HATCHWAY_LIVE_TOPOLOGY=TOPOLOGY)
    found = [line.partition("::")[0] for line in ran.stdout.splitlines() if "::" in line]
    assert list(dict.fromkeys(found)) == ["tests/live/test_path.py", "tests/live/test_assumptions.py"]
    assert ran.returncode == 0, ran.stdout + ran.stderr
