"""The `cdktf` command line itself, as a person runs it, on what is in the repository."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hatchway.sandbox import Sandbox
from hatchway.terraform.binary import find_terraform
from hatchway.topology import load, s3_state, stacks, state_key
from hatchway.topology.model import Topology

ROOT = Path(__file__).resolve().parents[2]
CDKTF = ROOT / "node_modules/.bin/cdktf"
# What `cdktf` finds in the folder of a project; the folders it writes into are the test's own.
PROJECT = ("cdktf.json", "main.py", "hatchway.yaml", ".venv")
DEPLOY_SECONDS = 420
COLORS = re.compile(r"\x1b\[[0-9;]*m")

pytestmark = [
    pytest.mark.skipif(not CDKTF.exists(), reason="npm packages are not installed: run 'make setup'"),
    pytest.mark.timeout(2 * DEPLOY_SECONDS),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project folder with a sandbox of its own."""

    folder: Path
    sandbox: Sandbox
    topology: Topology

    def environment(self) -> dict[str, str]:
        quiet = {
            "CI": "1",
            "CDKTF_HOME": str(self.folder / "home"),
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "TERRAFORM_BINARY_NAME": str(find_terraform(directory=ROOT)),
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CDKTF_", "HATCHWAY_TO"))
        }
        return {**self.sandbox.environment(kept), **quiet}

    def run(self, *command: str | Path) -> str:
        """Runs a command in the project's folder and returns what it said, without colours."""
        ran = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEPLOY_SECONDS,
            check=False,
        )
        said = COLORS.sub("", ran.stdout)
        assert ran.returncode == 0, f"{' '.join(map(str, command))}\n{said[-4000:]}"
        return said

    def cdktf(self, *words: str) -> str:
        return self.run(CDKTF, *words)

    def synthesized(self) -> dict[str, bytes]:
        output = self.folder / "cdktf.out"
        return {
            str(path.relative_to(output)): path.read_bytes()
            for path in sorted(output.rglob("*"))
            if path.is_file() and ".terraform" not in path.parts
        }

    def resources_in_state(self, stack: str) -> list[object]:
        state = s3_state(self.topology)
        stored = (
            self.sandbox.session(state.role, state.region)
            .client("s3")
            .get_object(Bucket=state.bucket, Key=state_key(self.topology, stack))
        )
        resources: list[object] = json.loads(stored["Body"].read())["resources"]
        return resources


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The deployed project. Everything below looks at one deployment, since one takes minutes."""
    folder = tmp_path_factory.mktemp("cdktf")
    for name in PROJECT:
        (folder / name).symlink_to(ROOT / name)
    topology = load(ROOT / "hatchway.yaml")
    sandbox = Sandbox.start(folder / "sandbox", topology, time_scale=0.05, follow_parent=True)
    try:
        opened = Project(folder=folder, sandbox=sandbox, topology=topology)
        opened.cdktf("deploy", "*", "--auto-approve", "--skip-provider-lock")
        yield opened
    finally:
        sandbox.stop()


def test_cdktf_deploy_puts_every_stack_into_its_state(project: Project) -> None:
    for stack in stacks(project.topology):
        assert project.resources_in_state(stack), stack


def test_what_cdktf_deployed_answers_its_callers(project: Project) -> None:
    assert project.sandbox.credentials(project.topology)
    said = project.run(sys.executable, "-P", "-m", "hatchway", "verify", "--output", "json")
    assert json.loads(said[said.index("{") : said.rindex("}") + 1])["verdict"] == "pass"


def test_cdktf_diff_finds_nothing_left_to_do(project: Project) -> None:
    said = project.cdktf("diff", "gateway", "--skip-provider-lock")
    assert "No changes. Your infrastructure matches the configuration." in said, said


def test_cdktf_synth_writes_what_main_writes(project: Project) -> None:
    assert "Generated Terraform code for the stacks" in project.cdktf("synth")
    by_cdktf = project.synthesized()
    project.run(project.folder / ".venv/bin/python", "main.py")
    assert project.synthesized() == by_cdktf


def test_cdktf_destroy_leaves_nothing_in_any_state(project: Project) -> None:
    project.cdktf("destroy", "*", "--auto-approve", "--skip-provider-lock")
    for stack in stacks(project.topology):
        assert project.resources_in_state(stack) == [], stack
