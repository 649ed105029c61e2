"""A deploy that dies in the middle, in a sandbox of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hatchway.sandbox import Sandbox
from hatchway.topology import load
from tests.sandbox.conftest import PROJECT, Deployed


@pytest.fixture
def estate(topology_path: Path, tmp_path: Path) -> Iterator[Deployed]:
    topology = load(topology_path)
    sandbox = Sandbox.start(tmp_path / "sandbox", topology, follow_parent=True)
    try:
        yield Deployed(sandbox=sandbox, topology=topology, path=topology_path, outdir=tmp_path / "cdktf.out")
    finally:
        sandbox.stop()


def terraforms_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split(None, 2) for line in listed]
    return [int(row[0]) for row in rows if int(row[1]) == pid and "terraform" in row[2]]


def test_a_killed_terraform_is_told_and_the_next_deploy_goes_on(estate: Deployed) -> None:
    command = [sys.executable, "-m", "hatchway", "deploy", "--yes", "--stack", "foundation"]
    with subprocess.Popen(
        command, cwd=PROJECT, env=estate.environment(), stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        for line in run.stderr:
            if "created  aws_vpc." in line:
                break
        (terraform,) = terraforms_of(run.pid)
        os.killpg(terraform, signal.SIGKILL)  # with its provider, which would outlive it
        told = run.stderr.read()
        assert run.wait(timeout=60) == 4, told
    assert "Traceback" not in told
    assert "Run the same command to go on." in told

    again = estate.hatchway("deploy", "--yes", "--stack", "foundation")
    assert again.returncode == 0, again.stderr[-4000:]
    assert "unlocking the state" in again.stderr
    planned = estate.hatchway("plan", "--stack", "foundation")
    assert (planned.returncode, "foundation: no changes" in planned.stderr) == (0, True), planned.stderr
