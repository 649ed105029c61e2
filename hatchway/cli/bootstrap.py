"""The command that creates what has to be there before the first deployment."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hatchway.cli.options import TopologyOption, YesOption
from hatchway.cli.running import INTERRUPTED
from hatchway.cli.terminal import messages
from hatchway.errors import UsageError
from hatchway.topology import bootstrap_state_file, find_topology, load_views
from hatchway.topology.by_account import by_account

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["bootstrap"]

_OUTPUT = Path(".hatchway/bootstrap")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


def bootstrap(
    topology: TopologyOption = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="ACCOUNT=PROFILE",
            help="Profile of the AWS configuration to create things in an account with. Once per account.",
            show_default=False,
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ACCOUNT=ARN",
            help="Role to create things in an account with, such as OrganizationAccountAccessRole.",
            show_default=False,
        ),
    ] = None,
    *,
    yes: YesOption = False,
) -> int:
    """Create the state bucket, its role, and least-privilege deploy roles, as the section bootstrap says.

    Runs with credentials of an administrator, in each account. Run it again whenever the topology gains a
    feature or an account: it shows what would change, and changes nothing else.
    """
    from hatchway.cli.estate import need_terminal
    from hatchway.deploy.estate import Declined

    need_terminal(yes=yes)
    path = find_topology(topology, os.environ)
    declared = load_views(path)[0]
    if declared.bootstrap is None:
        raise UsageError(
            f"{path}: bootstrap: is not declared. Add it: trusted_principals says who may take the roles."
        )
    administrators = [
        *_administrators("--profile", "profile", profile or (), declared),
        *_administrators("--role", "role", role or (), declared),
    ]
    try:
        _run(path, declared, administrators, yes=yes)
    except Declined as answer:
        sys.stderr.write(f"hatchway: {answer}\n")
        return INTERRUPTED
    return 0


def _run(path: Path, declared: "Topology", administrators: Sequence[str], *, yes: bool) -> None:
    from hatchway.cli.estate import new_progress
    from hatchway.deploy.bootstrap import Bootstrap
    from hatchway.deploy.manifest import read_manifest
    from hatchway.deploy.runs import runs_directory
    from hatchway.deploy.synthesis import synthesize
    from hatchway.terraform.binary import find_terraform
    from hatchway.terraform.mirror import cli_configuration
    from hatchway.terraform.runner import Terraform

    binary = find_terraform()
    environ = {**os.environ, **cli_configuration()}
    with messages().status("synthesizing"):
        outdir = {"CDKTF_OUTDIR": str(_OUTPUT.resolve())}
        synthesize(path, {**os.environ, **outdir}, arguments=["bootstrap", *administrators])
    (stack,) = read_manifest(_OUTPUT)
    moves = declared.state.s3 is not None
    with new_progress(ask=not yes, creations=True) as progress, runs_directory(_OUTPUT, os.environ) as runs:

        def terraform() -> Terraform:
            return Terraform(
                stack=stack.name,
                directory=stack.directory,
                binary=binary,
                environ=environ,
                runs=runs,
                note=progress.note,
            )

        file = bootstrap_state_file(declared) if moves else None
        Bootstrap(stack.directory, terraform, progress, file).run()


def _administrators(option: str, kind: str, given: Sequence[str], declared: "Topology") -> list[str]:
    found = by_account(option, given, declared.accounts)
    for value in found.values():
        if kind == "role" and _ROLE.fullmatch(value) is None:
            raise UsageError(f"{option}: is not the ARN of a role, got {value!r}.")
    return [f"{account}={kind}:{value}" for account, value in found.items()]
