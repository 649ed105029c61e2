"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from hatchway.cli.durations import per_second_up_to, seconds_up_to, share

__all__ = [
    "AccountOption",
    "BaselineOption",
    "CaFileOption",
    "CallsOnlyOption",
    "ConnectToOption",
    "DirectoryOption",
    "DriftOption",
    "ErrorBudgetOption",
    "EveryOption",
    "ForOption",
    "FromOutputsOption",
    "LoadOption",
    "NameOption",
    "OutputOption",
    "ParallelismOption",
    "PrintPolicyOption",
    "ProfileOption",
    "ServiceOption",
    "ShadowOption",
    "StackOption",
    "TopologyOption",
    "WaitOption",
    "WatchOption",
    "YesOption",
]

TopologyOption = Annotated[
    Path | None,
    typer.Option(
        "--topology",
        "-t",
        metavar="FILE",
        help="The topology. Default: the file that HATCHWAY_TOPOLOGY names, else hatchway.yaml.",
        show_default=False,
    ),
]
StackOption = Annotated[
    list[str] | None,
    typer.Option(
        "--stack", metavar="NAME", help="Only this stack; may be given several times.", show_default=False
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
ParallelismOption = Annotated[
    int,
    typer.Option(
        "--parallelism",
        min=1,
        max=64,
        metavar="NUMBER",
        help="How many stacks are worked on at once, where none waits for another; 1 is one after the other.",
    ),
]
OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT[=FILE]",
        help=(
            "console, json, markdown, html, junit, sarif or github; may be given several times. "
            "Without =FILE it goes to standard output."
        ),
        show_default=False,
    ),
]
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Findings that are accepted, each with a reason and a last day.",
        show_default=False,
    ),
]
NameOption = Annotated[str, typer.Option("--name", metavar="NAME", help="Which sandbox; several can run.")]
DirectoryOption = Annotated[
    Path | None,
    typer.Option(
        "--directory",
        metavar="DIR",
        help="Folder of the sandbox. Default: .hatchway/sandbox/NAME.",
        show_default=False,
    ),
]
ServiceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--service", metavar="NAME", help="Only this service; may be given several times.", show_default=False
    ),
]
FromOutputsOption = Annotated[
    Path | None,
    typer.Option(
        "--from-outputs",
        metavar="FILE",
        help="Read outputs from what `cdktf deploy --outputs-file` wrote, in place of the state.",
        show_default=False,
    ),
]
WaitOption = Annotated[
    float,
    typer.Option(
        "--wait",
        parser=seconds_up_to(3600),
        metavar="DURATION",
        help=(
            "How long to wait for what may still come right, such as 90s or 5m. What no waiting mends, "
            "such as a policy that lets nobody in, is said at once."
        ),
        show_default="30s",
    ),
]
DriftOption = Annotated[
    bool,
    typer.Option(
        "--drift",
        help=(
            "Also synthesize and plan each stack, without a lock and without saving anything, and say what "
            "is not as declared (HW008)."
        ),
    ),
]
WatchOption = Annotated[
    bool,
    typer.Option(
        "--watch",
        help=(
            "Verify again and again, and show how every request stands, since when. Ctrl-C ends it, writes "
            "the reports of the last round, and its verdict is the exit code."
        ),
    ),
]
LoadOption = Annotated[
    float | None,
    typer.Option(
        "--load",
        parser=per_second_up_to(2000),
        metavar="RATE",
        help=(
            "After verifying, start so many calls per second (50, 50/s, 90/m), whether or not earlier ones "
            "were answered: the requests under 'checks' in turn, if they are GET, HEAD or OPTIONS or say "
            "'load: true'. Needs --for."
        ),
        show_default=False,
    ),
]
ForOption = Annotated[
    float | None,
    typer.Option(
        "--for",
        parser=seconds_up_to(3600),
        metavar="DURATION",
        help="With --load: how long, such as 90s or 5m. Ctrl-C ends it, and what was measured is reported.",
        show_default=False,
    ),
]
ErrorBudgetOption = Annotated[
    float | None,
    typer.Option(
        "--error-budget",
        parser=share,
        metavar="PERCENT",
        help="With --load: which part of the answers to each request may be wrong. Default: 0%.",
        show_default=False,
    ),
]
EveryOption = Annotated[
    float | None,
    typer.Option(
        "--every",
        parser=seconds_up_to(86400),
        metavar="DURATION",
        help="With --watch: how long from the beginning of one round to the next. Default: 30s.",
        show_default=False,
    ),
]
ConnectToOption = Annotated[
    list[str] | None,
    typer.Option(
        "--connect-to",
        metavar="HOST1:PORT1:HOST2:PORT2",
        help=(
            "Connect to HOST2:PORT2 in place of HOST1:PORT1, as curl does: URL, Host and the name in the "
            "certificate stay. Empty parts stand for any, and for the same. May be given several times."
        ),
        show_default=False,
    ),
]
CaFileOption = Annotated[
    Path | None,
    typer.Option(
        "--ca-file",
        metavar="FILE",
        help="Certificates (PEM) to trust for the public host, besides those of SSL_CERT_FILE.",
        show_default=False,
    ),
]
CallsOnlyOption = Annotated[
    bool, typer.Option("--calls-only", help="Judge by the calls alone; read nothing from AWS but state.")
]
PrintPolicyOption = Annotated[
    bool,
    typer.Option("--print-policy", help="Print the policy that reading needs, per account, and do no more."),
]
ProfileOption = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="ACCOUNT=PROFILE",
        help=(
            "Profile of the AWS configuration to read an account with, in place of the credentials of the "
            "environment; its role is assumed from there. Once per account."
        ),
        show_default=False,
    ),
]
AccountOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="NAME",
        help="With --print-policy: the policy of this account alone.",
        show_default=False,
    ),
]
ShadowOption = Annotated[
    bool,
    typer.Option(
        "--shadow",
        help=(
            "Also let Terraform render the configuration, with invented ids, and say where that is judged "
            "otherwise. Takes seconds for each stack; needs the AWS provider, no credentials and no network."
        ),
    ),
]
