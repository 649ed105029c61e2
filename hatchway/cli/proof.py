"""The commands that judge the path: before it is deployed, and by calling it."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from hatchway.cli.options import (
    AccountOption,
    BaselineOption,
    CallsOnlyOption,
    FromOutputsOption,
    OutputOption,
    PrintPolicyOption,
    ServiceOption,
    ShadowOption,
    TopologyOption,
)
from hatchway.errors import UsageError
from hatchway.route.outcome import UnknownAs
from hatchway.topology import find_topology, load_views

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hatchway.review.acceptance import Baseline
    from hatchway.route.report import Report
    from hatchway.topology.model import Topology
    from hatchway.verify.outputs_file import OutputsFile

__all__ = ["review", "verify"]


def review(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATHS...]",
            help=(
                "Plans as `terraform show -json` writes them, *.tf and *.tf.json files, folders of these. "
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
    baseline: BaselineOption = None,
    *,
    shadow: ShadowOption = False,
) -> int:
    """Judge the path before it is deployed, from Terraform's own JSON. Needs no credentials, changes nothing.

    Every request of every private API behind a VPC link is walked hop by hop; the first broken hop is named.
    What cannot be decided from what was given is unknown, and never counts as pass.
    """
    from hatchway.deploy.manifest import output_directory, read_manifest
    from hatchway.report.output import parse_outputs, write
    from hatchway.review import judged_with
    from hatchway.review import review as reviewed
    from hatchway.review.reference import ENTRIES

    outputs = parse_outputs(output or ())
    accepted = None if baseline is None else _accepted(baseline)
    stacks = paths or [stack.directory for stack in read_manifest(output_directory(os.environ))]
    with Console(stderr=True).status("Terraform renders the stacks") if shadow else nullcontext():
        report = reviewed(stacks, shadow=shadow)
    if unknown_as is not None:
        report = judged_with(report, unknown_as)
    if accepted is not None:
        report = accepted.applied(report)
    write(report, outputs, sys.stdout, ENTRIES)
    return report.verdict.exit_code


def _accepted(path: Path) -> "Baseline":
    from hatchway.review.baseline import load_baseline

    # What expires does so on the same day everywhere.
    return load_baseline(path, datetime.now(tz=UTC).date())


def verify(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    topology: TopologyOption = None,
    output: OutputOption = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0, max=3600, metavar="SECONDS", help="How long to wait for what may still come right."
        ),
    ] = 30,
    account: AccountOption = None,
    service: ServiceOption = None,
    from_outputs: FromOutputsOption = None,
    *,
    calls_only: CallsOnlyOption = False,
    print_policy: PrintPolicyOption = False,
) -> int:
    """Call the deployed path, read its state from AWS, and say which of its nine hops is broken.

    Sends the requests under `checks`, and calls that must be refused: without a credential, with a wrong one,
    with the id of another API, to a path that does not exist. The credential is read from HATCHWAY_TOKEN,
    that of a named authorizer from HATCHWAY_TOKEN_NAME, an API key from HATCHWAY_API_KEY.
    What AWS says of each hop is read meanwhile, in every account, through its role where it has one; nothing
    is changed. What may not be read is unknown, and the permission to grant is named.
    """
    if print_policy:
        return _print_policy(topology, account)
    if account is not None:
        raise UsageError("--account: chooses a policy to print, give it with --print-policy.")
    from hatchway.report.output import parse_outputs, write
    from hatchway.route.report import together
    from hatchway.verify.outputs_file import OutputsFile

    outputs = parse_outputs(output or ())
    views = load_views(find_topology(topology, os.environ))
    kept = None if from_outputs is None else OutputsFile(from_outputs)
    chosen = _chosen(views, service or ())
    with Console(stderr=True).status("verifying") as status:
        reports = [
            _verified(view, names, kept, wait, status.update, calls_only=calls_only) for view, names in chosen
        ]
    report = together(reports)
    write(report, outputs, sys.stdout)
    return report.verdict.exit_code


def _chosen(views: "Sequence[Topology]", names: "Sequence[str]") -> "list[tuple[Topology, tuple[str, ...]]]":
    """The services to verify behind each gateway; gateways without any are left out."""
    known = [name for view in views for name in view.services]
    for name in names:
        if name not in known:
            raise UsageError(
                f"--service: there is no such service, got {name!r}. Choose from: {', '.join(known)}."
            )
    chosen = [(view, tuple(name for name in view.services if not names or name in names)) for view in views]
    return [(view, services) for view, services in chosen if services]


def _verified(  # noqa: PLR0913 -- one call site, in the order of the options
    declared: "Topology",
    services: tuple[str, ...],
    kept: "OutputsFile | None",
    wait: float,
    progress: "Callable[[str], object]",
    *,
    calls_only: bool,
) -> "Report":
    """Verify the path behind one gateway."""
    from hatchway.verify.aws.accounts import AwsReader
    from hatchway.verify.aws.judging import AwsFacts
    from hatchway.verify.http import HttpCaller
    from hatchway.verify.keyring import Keyring
    from hatchway.verify.names import Names
    from hatchway.verify.state import states_of
    from hatchway.verify.verification import Verification
    from hatchway.verify.waiting import Patience

    caller = HttpCaller()
    states = kept or states_of(declared, caller)
    reader = AwsReader(declared.accounts)
    return Verification(
        topology=declared,
        states=states,
        caller=caller,
        keyring=Keyring(os.environ, declared.accounts[declared.gateway.account].region),
        patience=Patience(wait),
        facts=None if calls_only else AwsFacts(declared, states, reader, progress),
        inside=Names().inside,
        progress=progress,
        services=services,
    ).run()


def _print_policy(topology: Path | None, account: str | None) -> int:
    import json

    from hatchway.topology.wording import nearest
    from hatchway.verify.aws.estate import estate_of
    from hatchway.verify.aws.permissions import policies

    found: dict[str, Any] = {}
    for view in load_views(find_topology(topology, os.environ)):
        for name, policy in policies(estate_of(view)).items():
            known = found.setdefault(name, {**policy, "Statement": []})["Statement"]
            known += [statement for statement in policy["Statement"] if statement not in known]
    if account is not None and account not in found:
        guess = nearest(account, list(found))
        hint = f"Did you mean {guess!r}?" if guess else f"There are: {', '.join(found)}."
        raise UsageError(f"--account: is not an account that the path touches, got {account!r}. {hint}")
    sys.stdout.write(json.dumps(found if account is None else found[account], indent=2) + "\n")
    return 0
