"""One deployment of the article's topology, shared by all tests of the sandbox."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3

from hatchway.sandbox import Sandbox
from hatchway.topology import load, s3_state, stacks
from hatchway.topology.model import Topology

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The deployed article, and the ways to look at it and to break it."""

    sandbox: Sandbox
    topology: Topology
    path: Path
    outdir: Path
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return self.sandbox.environment() | {"CDKTF_OUTDIR": str(self.outdir)}

    def hatchway(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hatchway", arguments[0], "--topology", str(self.path), *arguments[1:]],
            cwd=PROJECT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    def session(self, account: str) -> boto3.Session:
        declared = self.topology.accounts[account]
        return self.sandbox.session(declared.deploy_role, declared.region)

    def credential(self) -> str:
        token = self.sandbox.token()
        assert token is not None
        return token

    def call(
        self, method: str = "GET", path: str = "/test", headers: Mapping[str, str | None] | None = None
    ) -> Answer:
        """Calls the public endpoint with a valid credential and API id; a header of None is left out."""
        sent = {
            "Authorization": f"Bearer {self.credential()}",
            "x-apigw-api-id": self.outputs["gateway"]["private_api_ids"]["orders"],
        } | dict(headers or {})
        url = self.outputs["gateway"]["public_url"] + path
        given = {name: value for name, value in sent.items() if value is not None}
        with urllib3.ProxyManager(self.sandbox.proxy_url, ca_certs=str(self.sandbox.ca_file)) as client:
            answer = client.request(method, url, headers=given, timeout=60, retries=False, redirect=False)
            return Answer(
                status=answer.status, headers=answer.headers, body=answer.data.decode("utf-8", "replace")
            )


def digests_of(outdir: Path) -> dict[str, str]:
    """Digest of each synthesized file, by its path."""
    return {
        str(path.relative_to(outdir)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(outdir.rglob("*"))
        if path.is_file() and ".terraform" not in str(path.relative_to(outdir))
    }


@pytest.fixture(scope="session")
def topology_path() -> Path:
    return PROJECT / "hatchway.yaml"


@pytest.fixture(scope="session")
def deployed_sandbox(topology_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The article's topology, deployed with the real Terraform; once per session, since it takes two minutes.

    Tests that break it put it back. At the end it is destroyed, and nothing may be left in its state.
    """
    topology = load(topology_path)
    folder = tmp_path_factory.mktemp("estate")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        sandbox = Sandbox.start(folder / "sandbox", topology, time_scale=0.05, follow_parent=True)
        cleanup.callback(sandbox.stop)
        deployed = Deployed(
            sandbox=sandbox, topology=topology, path=topology_path, outdir=folder / "cdktf.out"
        )
        ran = deployed.hatchway("deploy", "--yes")
        assert ran.returncode == 0, ran.stderr[-6000:]
        sandbox.credentials(topology)
        yield Deployed(
            sandbox=sandbox,
            topology=topology,
            path=topology_path,
            outdir=deployed.outdir,
            outputs={stack: sandbox.outputs(topology, stack) for stack in stacks(topology)},
            digests=digests_of(deployed.outdir),
        )
        _destroyed_without_rest(deployed)


def _destroyed_without_rest(deployed: Deployed) -> None:
    ran = deployed.hatchway("destroy", "--yes")
    assert ran.returncode == 0, ran.stderr[-6000:]
    state = s3_state(deployed.topology)
    s3 = deployed.sandbox.session(state.role, state.region).client("s3")
    for stack in stacks(deployed.topology):
        body = s3.get_object(Bucket=state.bucket, Key=f"{state.key_prefix}/{stack}.tfstate")["Body"].read()
        assert json.loads(body)["resources"] == []


@pytest.fixture(scope="session")
def edge(deployed_sandbox: Deployed) -> boto3.Session:
    """Account A, as its deploy role."""
    return deployed_sandbox.session("edge")


@pytest.fixture(scope="session")
def orders(deployed_sandbox: Deployed) -> boto3.Session:
    """Account B, as its deploy role."""
    return deployed_sandbox.session("orders")


@pytest.fixture(scope="session")
def call(deployed_sandbox: Deployed) -> Callable[..., Answer]:
    """Calls the public endpoint: `call(method, path, headers)`."""
    return deployed_sandbox.call


@pytest.fixture
def empty_sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox with nothing in it."""
    sandbox = Sandbox.start(tmp_path / "sandbox", time_scale=0.05, follow_parent=True)
    yield sandbox
    sandbox.stop()


@pytest.fixture(autouse=True, scope="session")
def no_ambient_credentials() -> Iterator[None]:
    """Real credentials must not be near: whatever goes wrong, it goes wrong on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith(("AWS_", "NO_PROXY"))]:
            patch.delenv(name)
        yield


@pytest.fixture(name="digests_of", scope="session")
def _digests_of() -> Callable[[Path], dict[str, str]]:
    return digests_of


@pytest.fixture(scope="session")
def synthesize_plainly(topology_path: Path) -> Callable[[Path], None]:
    """Synthesizes outside any sandbox, into the given folder."""

    def synthesize(outdir: Path) -> None:
        environment = dict(os.environ) | {
            "CDKTF_OUTDIR": str(outdir),
            "HATCHWAY_TOPOLOGY": str(topology_path),
        }
        subprocess.run([sys.executable, "main.py"], cwd=PROJECT, env=environment, check=True, timeout=200)

    return synthesize
