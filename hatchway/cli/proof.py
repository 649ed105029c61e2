"""The commands that judge the path: before it is deployed, and by calling it."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hatchway.cli.options import OutputOption, TopologyOption
from hatchway.route.outcome import UnknownAs
from hatchway.topology import find_topology, load

__all__ = ["review", "verify"]


def review(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATHS...]",
            help=(
                "Plans as `terraform show -json` writes them, *.tf.json files, folders of these. "
                "Several are one path. Default: the stacks that synth wrote."
            ),
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    unknown_as: Annotated[
        UnknownAs | None,
        typer.Option(
            "--unknown-as",
            metavar="fail|warn|ignore",
            help=(
                "What becomes of a hop that cannot be decided: an error (exit code 1), a warning, or nothing "
                "(both 0 if nothing else is wrong). Default: the verdict is undecided (exit code 3)."
            ),
            show_default=False,
        ),
    ] = None,
) -> int:
    """Judge the path before it is deployed, from Terraform's own JSON. Needs no credentials, changes nothing.

    Every request of every private API behind a VPC link is walked hop by hop; the first broken hop is named.
    What cannot be decided from what was given is unknown, and never counts as pass.
    """
    from hatchway.deploy.manifest import output_directory, read_manifest
    from hatchway.report.output import parse_outputs, write
    from hatchway.review import judged_with
    from hatchway.review import review as reviewed

    outputs = parse_outputs(output or ())
    stacks = paths or [stack.directory for stack in read_manifest(output_directory(os.environ))]
    report = reviewed(stacks)
    if unknown_as is not None:
        report = judged_with(report, unknown_as)
    write(report, outputs, sys.stdout)
    return report.verdict.exit_code


def verify(
    topology: TopologyOption = None,
    output: OutputOption = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0, max=3600, metavar="SECONDS", help="How long to wait for what may still come right."
        ),
    ] = 30,
) -> int:
    """Call the deployed path and say what each of its nine hops did.

    Sends the requests under `checks`, and calls that must be refused: without a credential, with a wrong one,
    with the id of another API, to a path that does not exist. The credential is read from HATCHWAY_TOKEN.
    """
    from hatchway.report.output import parse_outputs, write
    from hatchway.verify.http import HttpCaller
    from hatchway.verify.requests import token_of
    from hatchway.verify.state import S3States
    from hatchway.verify.verification import Verification
    from hatchway.verify.waiting import Patience

    outputs = parse_outputs(output or ())
    declared = load(find_topology(topology, os.environ))
    with Console(stderr=True).status("verifying") as status:
        report = Verification(
            topology=declared,
            states=S3States(declared),
            caller=HttpCaller(),
            token=token_of(os.environ),
            patience=Patience(wait),
            progress=status.update,
        ).run()
    write(report, outputs, sys.stdout)
    return report.verdict.exit_code
