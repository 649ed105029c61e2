"""`hatchway verify --load` as a person runs it, against an endpoint on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.unit.cli.test_cli import ROOT, run
from tests.unit.verify.standing_in import TOKEN, StandIn, deployment


@pytest.fixture
def endpoint() -> Iterator[tuple[StandIn, trustme.CA]]:
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    running = StandIn(authority)
    yield running, authority
    running.close()


def started(endpoint: tuple[StandIn, trustme.CA], folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    running, authority = endpoint
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    command = [sys.executable, "-m", "hatchway", "verify", "--topology", str(deployment(folder))]
    command += ["--calls-only", "--wait", "0", "--ca-file", str(folder / "ca.pem")]
    command += ["--connect-to", f"::127.0.0.1:{running.server_address[1]}"]
    command += ["--output=json", *arguments]
    environ = {**os.environ, "HATCHWAY_TOKEN": TOKEN}
    return subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_load_that_is_answered_rightly_passes(endpoint: tuple[StandIn, trustme.CA], tmp_path: Path) -> None:
    with started(endpoint, tmp_path, "--load", "20/s", "--for", "1s") as ran:
        out, err = ran.communicate(timeout=60)
    found = json.loads(out)
    # A machine that is busy with other tests may not make the load, which is no pass.
    assert ran.returncode == (0 if found["load"]["kept_up"] else 3), err
    assert (found["load"]["due"], found["load"]["requests"][0]["answered"]) == (20, 20)


def test_an_interrupt_ends_the_load_and_what_was_measured_is_reported_undecided(
    endpoint: tuple[StandIn, trustme.CA], tmp_path: Path
) -> None:
    with started(endpoint, tmp_path, "--load", "50", "--for", "10m") as ran:
        for _ in range(600):
            if endpoint[0].answered > 20:
                break
            time.sleep(0.05)
        ran.send_signal(signal.SIGINT)
        out, err = ran.communicate(timeout=60)
    assert ran.returncode == 3, err
    found = json.loads(out)
    assert (found["verdict"], found["load"]["ended_early"]) == ("undecided", True)
    assert found["load"]["requests"][0]["answered"] > 5
    (finding,) = [one for one in found["findings"] if one["id"] == "HW040"]
    assert finding["message"].startswith("was ended by hand after ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--load", "5"], "hatchway: --load: needs --for"),
        (["--load", "5", "--for", "0"], "hatchway: --load: needs --for"),
        (["--for", "5s"], "hatchway: --for: is about a load"),
        (["--error-budget", "1%"], "hatchway: --error-budget: is about a load"),
        (["--load", "5", "--for", "5s", "--watch"], "hatchway: --load: is made once"),
        (["--load", "0", "--for", "5s"], "hatchway verify: Invalid value for '--load'"),
        (["--load", "5", "--for", "soon"], "hatchway verify: Invalid value for '--for'"),
        (["--load", "5", "--for", "5s", "--error-budget", "half"], "hatchway verify: Invalid value for"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], message: str) -> None:
    ran = run("verify", *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(message)
