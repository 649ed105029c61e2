"""Makes the plans of the corpus anew, with the real Terraform and the real AWS provider, in a sandbox.

    .venv/bin/python -m tests.corpus.make [--all] [CONFIGURATION...]

Plans what has changed since it was planned last; `--all` plans everything. No AWS account is needed.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from hatchway.sandbox import Sandbox
from hatchway.terraform.binary import find_terraform
from tests.corpus.cases import Case
from tests.corpus.kept import CONFIGURATIONS, Kept, all_cases
from tests.corpus.plans import Plan, slim

_LANES = 3
"""Plans made at a time: Terraform waits as much as it works."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the plans of some configurations, or of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("configurations", nargs="*", choices=[*CONFIGURATIONS, []])
    parser.add_argument("--all", action="store_true", help="also plan what has not changed")
    parser.add_argument("--sandbox", type=Path, help="folder of one that is up; by default, one is started")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, running_sandbox(given.sandbox, Path(folder)) as sandbox:
        failed = [
            failure
            for name in given.configurations or CONFIGURATIONS
            for failure in _make(name, Path(folder) / name, sandbox.environment(), everything=given.all)
        ]
    sys.stderr.write("".join(f"{failure}\n" for failure in failed))
    return 1 if failed else 0


@contextlib.contextmanager
def running_sandbox(running: Path | None, folder: Path) -> Iterator[Sandbox]:
    if running is not None:
        yield Sandbox.attach(running)
        return
    sandbox = Sandbox.start(folder / "sandbox", time_scale=0.05, follow_parent=True)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _make(name: str, folder: Path, environment: Mapping[str, str], *, everything: bool) -> list[str]:
    kept = Kept.read(name)
    every = all_cases(name)
    wanted = [case for case in every if case.is_planned and (everything or not kept.is_fresh(case))]
    failed = []
    lanes = [wanted[start::_LANES] for start in range(_LANES)]
    with ThreadPoolExecutor(_LANES) as pool:
        runs = [pool.submit(_planned, lane, folder / str(at), environment) for at, lane in enumerate(lanes)]
        for run in as_completed(runs):
            plans, refused = run.result()
            failed += refused
            for case, plan in plans:
                kept.put(case, plan)
    kept.write(every)
    return failed


def _planned(
    cases: Sequence[Case], folder: Path, environment: Mapping[str, str]
) -> tuple[list[tuple[Case, Plan]], list[str]]:
    """Plan some cases one after another, and say what Terraform refuses."""
    plans, failed = [], []
    for case in cases:
        try:
            plans.append((case, slim(plan_of(case, folder, environment))))
        except subprocess.CalledProcessError as error:
            failed.append(f"{case.id}: {(error.stderr or error.stdout)[:2000]}")
        sys.stderr.write(f"{case.id}\n")
    return plans, failed


def plan_of(case: Case, folder: Path, environment: Mapping[str, str]) -> Plan:
    folder.mkdir(parents=True, exist_ok=True)
    case.write(folder)

    def terraform(*arguments: str) -> str:
        return subprocess.run(
            [str(find_terraform(os.environ, Path.cwd())), *arguments],
            cwd=folder,
            env={**environment, "TF_IN_AUTOMATION": "1"},
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        ).stdout

    if (folder / ".terraform").exists():
        terraform("get", "-no-color")
    else:
        terraform("init", "-input=false", "-no-color")
    terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan")
    plan: Plan = json.loads(terraform("show", "-json", "plan"))
    return plan


if __name__ == "__main__":
    sys.exit(main())
