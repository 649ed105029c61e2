"""The commands that turn the topology into infrastructure, and take it away again."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hatchway.cli.options import ParallelismOption, StackOption, TopologyOption, YesOption
from hatchway.cli.running import INTERRUPTED
from hatchway.cli.terminal import messages
from hatchway.errors import UsageError
from hatchway.topology import find_topology, load_views

if TYPE_CHECKING:
    from hatchway.deploy.estate import Estate
    from hatchway.deploy.progress import ConsoleProgress
    from hatchway.route.report import Report

__all__ = ["deploy", "destroy", "need_terminal", "new_progress", "open_estate", "plan", "synth"]

PARALLELISM = 4
"""Stacks at once: each has a Terraform and an AWS provider, which take a few hundred megabytes."""


def synth(topology: TopologyOption = None) -> int:
    """Turn the topology into Terraform JSON in cdktf.out, one folder per stack. Changes nothing in AWS."""
    path = find_topology(topology, os.environ)
    load_views(path)
    _synthesize(path)
    messages().print(f"synthesized into {_output_directory()}", highlight=False)
    return 0


def plan(
    topology: TopologyOption = None, stack: StackOption = None, parallelism: ParallelismOption = PARALLELISM
) -> int:
    """Show what deploy would change, stack by stack. Changes nothing."""
    with (
        new_progress(creations=True) as progress,
        open_estate(topology, stack, progress, parallelism) as estate,
    ):
        estate.plan()
    return 0


def deploy(
    topology: TopologyOption = None,
    stack: StackOption = None,
    parallelism: ParallelismOption = PARALLELISM,
    *,
    yes: YesOption = False,
    review: Annotated[
        bool,
        typer.Option(
            "--review/--no-review",
            help="Whether to review what was synthesized first, and to change nothing if it breaks the path.",
        ),
    ] = True,
) -> int:
    """Bring AWS to what is declared: review it, then for each stack plan, ask, and apply that very plan."""
    from hatchway.deploy.estate import Declined

    need_terminal(yes=yes)
    broken: Report | None = None
    try:
        with (
            new_progress(ask=not yes, creations=not yes) as progress,
            open_estate(topology, stack, progress, parallelism) as estate,
        ):
            broken = _broken_path(progress) if review else None
            if broken is None:
                estate.deploy()
    except Declined as answer:
        sys.stderr.write(f"hatchway: {answer}\n")
        return INTERRUPTED
    return 0 if broken is None else _refused(broken)


def destroy(
    topology: TopologyOption = None,
    stack: StackOption = None,
    parallelism: ParallelismOption = PARALLELISM,
    *,
    yes: YesOption = False,
) -> int:
    """Destroy what was deployed, last stack first, and make sure that nothing is left in the state."""
    need_terminal(yes=yes)
    declared = load_views(find_topology(topology, os.environ))[0]
    if not yes:
        what = ", ".join(stack) if stack else "everything"
        answer = typer.prompt(
            f"This destroys {what} of {declared.estate!r}. Type its name to go on", err=True
        )
        if answer.strip() != declared.estate:
            raise UsageError(f"destroy: nothing was changed; the name did not match, got {answer.strip()!r}.")
    with new_progress() as progress, open_estate(topology, stack, progress, parallelism) as estate:
        estate.destroy()
    return 0


@contextmanager
def open_estate(
    option: Path | None,
    names: Sequence[str] | None,
    progress: "ConsoleProgress",
    parallelism: int = PARALLELISM,
) -> Iterator["Estate"]:
    """Synthesize a topology, and give its stacks, or those that are named, to work on."""
    from hatchway.deploy.estate import Estate
    from hatchway.deploy.manifest import SynthesizedStack, read_manifest, select
    from hatchway.deploy.runs import runs_directory
    from hatchway.deploy.surroundings import terraform_environment
    from hatchway.terraform.binary import find_terraform
    from hatchway.terraform.runner import Terraform

    path = find_topology(option, os.environ)
    # State is the same for each gateway.
    declared = load_views(path)[0]
    binary = find_terraform()
    environ = terraform_environment(declared, os.environ)
    _synthesize(path)
    output = _output_directory()
    stacks = select(read_manifest(output), names or ())

    def terraform(stack: SynthesizedStack) -> Terraform:
        return Terraform(
            stack=stack.name,
            directory=stack.directory,
            binary=binary,
            environ=environ,
            runs=runs,
            note=progress.note,
            in_hcp=declared.state.hcp is not None,
        )

    with runs_directory(output, os.environ) as runs:
        yield Estate(stacks, terraform, progress, parallelism)


def _broken_path(progress: "ConsoleProgress") -> "Report | None":
    """Review every stack that was synthesized; return the report if a hop is known to be broken.

    Weaknesses and open questions stop nobody here: `hatchway review` has an exit code for them.
    """
    from hatchway.deploy.manifest import read_manifest
    from hatchway.review import review

    report = review([stack.directory for stack in read_manifest(_output_directory())])
    if any(route.broken_hop for route in report.routes):
        return report
    progress.note(f"review: no broken hop, verdict {report.verdict.value} ('hatchway review' shows all)")
    return None


def _refused(report: "Report") -> int:
    from hatchway.report.console import print_report

    print_report(report, messages())
    sys.stderr.write(
        "hatchway: deploy: nothing was changed: the path would not answer. Mend it, or use --no-review.\n"
    )
    return report.verdict.exit_code


def _synthesize(path: Path) -> None:
    from hatchway.deploy.synthesis import synthesize

    with messages().status("synthesizing"):
        synthesize(path, os.environ)


def _output_directory() -> Path:
    from hatchway.deploy.manifest import output_directory

    return output_directory(os.environ)


def new_progress(*, ask: bool = False, creations: bool = False) -> "ConsoleProgress":
    """Make what shows on standard error what goes on, and asks there."""
    from hatchway.deploy.progress import ConsoleProgress

    return ConsoleProgress(
        messages(),
        _confirmed if ask else None,
        creations=creations,
    )


def need_terminal(*, yes: bool) -> None:
    """Refuse to go on where a question would have nobody to answer it."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("--yes: is needed where nobody can be asked: standard input is no terminal.")


def _confirmed(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        # Ctrl-C, or nobody there: what else is under way has to hear of it too.
        raise KeyboardInterrupt from None
