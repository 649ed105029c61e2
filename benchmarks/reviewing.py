"""Review of the article's plan against Checkov on the same file."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import alternate, paired
from benchmarks.peers.environments import WORK, python_environment, versions
from benchmarks.processes import PeerError, program, run
from benchmarks.results import ROOT, Ratio, Result
from benchmarks.synth import environ

OURS = "hatchway review"
CHECKOV = "checkov"
PACKAGES = ("checkov==3.3.30",)
FINDINGS = 1
REMARKS = (
    """Both read one plan of all of the article's stacks, as `terraform show -json` wrote it, and are
  measured as whole processes, as a pipeline runs them.""",
    """They do not do the same work: Checkov judged each resource by itself, {checks} times on this plan;
  `hatchway review` follows the path. What they have in common is when one waits for them.""",
    "Checkov is told to ask nobody (`--skip-download`), which is quicker than its default.",
)


def measure(repetitions: int) -> Result:
    """Measures both on the same plan."""
    plan = WORK / "review" / "plan.json"
    sys.stderr.write("  planning the article in a sandbox, unless it is planned\n")
    run([sys.executable, "-m", "benchmarks.planning", plan], cwd=ROOT)
    python = python_environment("checkov", PACKAGES)
    command: list[str | Path] = [
        python.with_name("checkov"),
        "--file",
        plan,
        "--framework",
        "terraform_plan",
        "--skip-download",
        "--quiet",
        "--compact",
    ]
    checks = _checks([*command, "--output", "json"])
    samples = alternate(
        {
            OURS: program(
                [Path(sys.executable).with_name("hatchway"), "review", plan], cwd=ROOT, environ=environ()
            ),
            CHECKOV: program(command, cwd=plan.parent, environ=environ(), expected=(0, FINDINGS)),
        },
        repetitions,
    )
    walls = {name: [sample.wall_seconds for sample in runs] for name, runs in samples.items()}
    peaks = {name: [float(sample.peak_bytes or 0) for sample in runs] for name, runs in samples.items()}
    return Result(
        samples=samples,
        ratios=[
            Ratio(
                measure="review of the article's plan, whole process, against Checkov",
                spread=paired(walls[OURS], walls[CHECKOV]),
                at_most=0.10,
            ),
            Ratio(
                measure="review of the article's plan, memory of the largest process, against Checkov",
                spread=paired(peaks[OURS], peaks[CHECKOV]),
            ),
        ],
        remarks=[remark.format(checks=checks) for remark in REMARKS],
        facts={
            "plan_bytes": plan.stat().st_size,
            "checks_of_checkov": checks,
            **versions(python, ["checkov"]),
        },
    )


def _checks(command: list[str | Path]) -> int:
    """How many checks Checkov made; without any, there would be nothing to compare."""
    ran = subprocess.run(  # noqa: S603 -- named above, and no shell
        command, capture_output=True, text=True, check=False, env=environ()
    )
    summary = json.loads(ran.stdout)["summary"] if ran.returncode in {0, FINDINGS} else {}
    checks = int(summary.get("passed", 0)) + int(summary.get("failed", 0))
    if checks == 0:
        raise PeerError(
            f"checkov: made no check of the plan, exit code {ran.returncode}\n{ran.stderr[-2000:]}"
        )
    return checks
