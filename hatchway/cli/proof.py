"""The commands that judge the path: before it is deployed, and by calling it."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hatchway.cli.loading import asked_load, with_shown_load
from hatchway.cli.options import (
    AccountOption,
    BaselineOption,
    CaFileOption,
    CallsOnlyOption,
    ConnectToOption,
    DriftOption,
    ErrorBudgetOption,
    EveryOption,
    ForOption,
    FromOutputsOption,
    LoadOption,
    OutputOption,
    PrintPolicyOption,
    ProfileOption,
    ServiceOption,
    ShadowOption,
    TopologyOption,
    WaitOption,
    WatchOption,
)
from hatchway.cli.terminal import messages
from hatchway.errors import UndecidedError, UsageError
from hatchway.route.outcome import UnknownAs
from hatchway.topology import find_topology, load_views
from hatchway.topology.by_account import by_account

if TYPE_CHECKING:
    from hatchway.review.acceptance import Baseline
    from hatchway.route.report import Report
    from hatchway.verify.verifier import Verifier

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
    with messages().status("Terraform renders the stacks") if shadow else nullcontext():
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
    wait: WaitOption = 30,
    account: AccountOption = None,
    service: ServiceOption = None,
    profile: ProfileOption = None,
    from_outputs: FromOutputsOption = None,
    connect_to: ConnectToOption = None,
    ca_file: CaFileOption = None,
    every: EveryOption = None,
    load: LoadOption = None,
    for_: ForOption = None,
    error_budget: ErrorBudgetOption = None,
    *,
    watch: WatchOption = False,
    calls_only: CallsOnlyOption = False,
    drift: DriftOption = False,
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
    if every is not None and not watch:
        raise UsageError("--every: is how often --watch verifies, give it with --watch.")
    if watch and drift:
        raise UsageError("--drift: plans once, and --watch goes on. Give one of them.")
    asked = asked_load(load, for_, error_budget, watch=watch)
    if account is not None:
        raise UsageError("--account: chooses a policy to print, give it with --print-policy.")
    from hatchway.report.output import parse_outputs, write
    from hatchway.verify.connect_to import read_connect_to
    from hatchway.verify.http import HttpCaller
    from hatchway.verify.outputs_file import OutputsFile
    from hatchway.verify.verifier import Verifier

    outputs = parse_outputs(output or ())
    views = load_views(find_topology(topology, os.environ))
    verifier = Verifier(
        views=views,
        services=service or (),
        caller=HttpCaller(ca_file=ca_file, connect_to=read_connect_to(connect_to or ())),
        outputs=None if from_outputs is None else OutputsFile(from_outputs),
        calls_only=calls_only,
        profiles=by_account("--profile", profile or (), views[0].accounts),
    )
    if watch:
        report = _watched(verifier, 30 if every is None else every)
    else:
        with messages().status("verifying") as status:
            report = verifier.run(wait, status.update)
    if asked is not None:
        report = with_shown_load(verifier, report, asked)
    if drift:
        report = _with_drift(report, topology)
    write(report, outputs, sys.stdout)
    return report.verdict.exit_code


def _watched(verifier: "Verifier", every: float) -> "Report":
    """Verify until somebody has seen enough; return the last report there was."""
    from hatchway.cli.watching import WatchConsole
    from hatchway.verify.watching import watch

    report, error = None, ""
    with WatchConsole(messages()) as shown:
        try:
            for found in watch(verifier.run, every):
                shown.show(found)
                report, error = found.report, found.error
        except KeyboardInterrupt:
            pass
    if report is None:
        raise UndecidedError(error or "the watch was ended before its first round was.")
    return report


def _with_drift(report: "Report", topology: Path | None) -> "Report":
    from dataclasses import replace

    from hatchway.cli.estate import new_progress, open_estate
    from hatchway.deploy.drift import drift_findings

    with new_progress() as progress, open_estate(topology, None, progress) as estate:
        found = estate.drift()
    findings = (*report.findings, *drift_findings(found))
    return replace(report, findings=findings, is_open=report.is_open or any(one.error for one in found))


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
