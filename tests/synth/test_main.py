"""`python main.py`, as a program."""

import filecmp
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synth.synthesized import Synthesized

ROOT = Path(__file__).parents[2]


def run(*, cwd, python=(sys.executable,), path: str | None = None, **variables):
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("NODE_OPTIONS", "CDKTF_OUTDIR")
    }
    if path is not None:
        inherited["PATH"] = path
    return subprocess.run(
        [*python, str(ROOT / "main.py")],
        cwd=cwd,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def files(folder: Path):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def by_itself(tmp_path_factory: pytest.TempPathFactory):
    """The repository's own topology, synthesized from the repository's folder."""
    outdir = tmp_path_factory.mktemp("main") / "out"
    finished = run(cwd=ROOT, CDKTF_OUTDIR=str(outdir), HATCHWAY_TOPOLOGY="hatchway.yaml")
    assert finished.returncode == 0, finished.stderr
    return finished, outdir


def test_says_nothing_when_all_is_well(by_itself: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    finished, _ = by_itself

    assert (finished.stdout, finished.stderr) == ("", "")


def test_repositorys_topology_is_the_article(
    by_itself: tuple[subprocess.CompletedProcess[str], Path], article: Synthesized
) -> None:
    _, outdir = by_itself

    assert files(outdir) == files(article.outdir)
    for path in files(outdir):
        assert (outdir / path).read_bytes() == (article.outdir / path).read_bytes(), path


def test_result_depends_on_the_topology_alone(
    by_itself: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    _, outdir = by_itself

    finished = run(
        cwd=tmp_path,
        HATCHWAY_TOPOLOGY=str(ROOT / "hatchway.yaml"),
        HTTPS_PROXY="http://127.0.0.1:9",
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="made-up",
        AWS_ENDPOINT_URL="http://127.0.0.1:9",
        CDKTF_CONTEXT_JSON=json.dumps({"excludeStackIdFromLogicalIds": "true"}),
        PYTHONHASHSEED="7",
        TZ="Asia/Kolkata",
    )

    assert finished.returncode == 0, finished.stderr
    again = tmp_path / "cdktf.out"
    assert files(again) == files(outdir)
    _, differing, unreadable = filecmp.cmpfiles(
        outdir, again, [str(path) for path in files(outdir)], shallow=False
    )
    assert (differing, unreadable) == ([], [])


def test_writes_the_same_when_each_answer_is_waited_for(
    by_itself: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    _, outdir = by_itself

    finished = run(cwd=tmp_path, HATCHWAY_TOPOLOGY=str(ROOT / "hatchway.yaml"), HATCHWAY_PIPELINE="off")

    assert (finished.returncode, finished.stderr) == (0, "")
    for path in files(outdir):
        assert (tmp_path / "cdktf.out" / path).read_bytes() == (outdir / path).read_bytes(), path


def test_works_without_asserts(
    by_itself: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    _, outdir = by_itself

    finished = run(
        cwd=tmp_path,
        python=(sys.executable, "-O", "-B"),
        HATCHWAY_TOPOLOGY=str(ROOT / "hatchway.yaml"),
    )

    assert finished.returncode == 0, finished.stderr
    stack = Path("stacks/gateway/cdk.tf.json")
    assert (tmp_path / "cdktf.out" / stack).read_bytes() == (outdir / stack).read_bytes()


def test_topology_with_problems_is_reported_without_node(tmp_path: Path) -> None:
    document = tmp_path / "hatchway.yaml"
    document.write_text("version: 1\nnmae: article\n")

    finished = run(cwd=tmp_path, path="/nonexistent")

    assert finished.returncode == 2
    assert finished.stdout == ""
    assert "nmae" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_missing_topology_is_reported(tmp_path: Path) -> None:
    finished = run(cwd=tmp_path, HATCHWAY_TOPOLOGY="nowhere.yaml")

    assert finished.returncode == 2
    assert "nowhere.yaml" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_cdktf_runs_the_interpreter_that_set_up_made() -> None:
    configuration = json.loads((ROOT / "cdktf.json").read_text())

    assert configuration["language"] == "python"
    assert configuration["app"] == ".venv/bin/python -O main.py"
    assert configuration["terraformProviders"] == []
    assert configuration["sendCrashReports"] == "false"


def test_only_the_bindings_in_use_are_loaded() -> None:
    submodules = [name for name in sys.modules if name.startswith("cdktf_cdktf_provider_aws.")]

    assert 0 < len(submodules) < 300
