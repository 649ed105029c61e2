"""The command line: arguments, exit codes and rendering. It decides nothing."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from typer.main import get_command

from hatchway import __version__
from hatchway.errors import HatchwayError, ToolError, UsageError
from hatchway.topology import find_topology, load

if TYPE_CHECKING:
    from hatchway.deploy.estate import Estate
    from hatchway.deploy.progress import ConsoleProgress

__all__ = ["app", "main"]

INTERRUPTED = 130
_EXIT_CODES = (
    "Exit codes, the same for all commands: 0 ok, 1 the path is broken, 2 usage or topology error, "
    "3 undecided (a permission or a value is missing), 4 a tool failed (Terraform, AWS, network)."
)

app = typer.Typer(
    name="hatchway",
    help=(
        "One controlled opening from a public API to private APIs in other AWS accounts: declared in "
        "hatchway.yaml, deployed with Terraform, verified by calling it."
    ),
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
sandbox_app = typer.Typer(
    help="The whole path on this machine, with the real Terraform and no AWS account.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.add_typer(sandbox_app, name="sandbox")

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
OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT[=FILE]",
        help="console or json; may be given several times. Without =FILE it goes to standard output.",
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


def _print_version(asked: bool) -> None:  # noqa: FBT001 -- called by typer with the option's value
    if asked:
        typer.echo(f"hatchway {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None, application: typer.Typer = app) -> int:
    """Run the command line and return the exit code. Errors are printed, never raised."""
    signal.signal(signal.SIGTERM, _stop)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(application, given or ["--help"])
    except typer.TyperException as error:
        return _misused(error)
    except (typer.Abort, KeyboardInterrupt) as error:
        return _interrupted(error)
    except HatchwayError as error:
        return _failed(error)
    except BrokenPipeError:
        # Whoever read the output has had enough; Python must not complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 -- the last resort: a person gets a sentence, not a traceback
        return _unexpected(error)


def _run(application: typer.Typer, arguments: list[str]) -> int:
    command = get_command(application)
    # Typer's own main would turn Ctrl-C into a bare exit code, and lose what the command has to say.
    try:
        with command.make_context("hatchway", arguments) as context:
            result = command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return result if isinstance(result, int) else 0


@app.callback()
def _hatchway(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: hatchway synth && ls cdktf.out/stacks")
def synth(topology: TopologyOption = None) -> int:
    """Turn the topology into Terraform JSON in cdktf.out, one folder per stack. Changes nothing in AWS."""
    path = find_topology(topology, os.environ)
    load(path)
    _synthesize(path)
    _stderr().print(f"synthesized into {_output_directory()}", highlight=False)
    return 0


@app.command(epilog="Example: hatchway plan --stack gateway")
def plan(topology: TopologyOption = None, stack: StackOption = None) -> int:
    """Show what deploy would change, stack by stack. Changes nothing."""
    with _progress(creations=True) as progress, _estate(topology, stack, progress) as estate:
        estate.plan()
    return 0


@app.command(epilog="Example: hatchway deploy --yes   (in a pipeline, where nobody can be asked)")
def deploy(topology: TopologyOption = None, stack: StackOption = None, *, yes: YesOption = False) -> int:
    """Bring AWS to what is declared: for each stack plan, ask, and apply that very plan."""
    from hatchway.deploy.estate import Declined

    _need_terminal(yes=yes)
    try:
        with (
            _progress(ask=not yes, creations=not yes) as progress,
            _estate(topology, stack, progress) as estate,
        ):
            estate.deploy()
    except Declined as answer:
        sys.stderr.write(f"hatchway: {answer}\n")
        return INTERRUPTED
    return 0


@app.command(epilog="Example: hatchway destroy --stack gateway --yes")
def destroy(topology: TopologyOption = None, stack: StackOption = None, *, yes: YesOption = False) -> int:
    """Destroy what was deployed, last stack first, and make sure that nothing is left in the state."""
    _need_terminal(yes=yes)
    declared = load(find_topology(topology, os.environ))
    if not yes:
        what = ", ".join(stack) if stack else "everything"
        answer = typer.prompt(f"This destroys {what} of {declared.name!r}. Type its name to go on", err=True)
        if answer.strip() != declared.name:
            raise UsageError(f"destroy: nothing was changed; the name did not match, got {answer.strip()!r}.")
    with _progress() as progress, _estate(topology, stack, progress) as estate:
        estate.destroy()
    return 0


@app.command(epilog="Example: HATCHWAY_TOKEN=... hatchway verify --output json=report.json")
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
    with _stderr().status("verifying") as status:
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


@sandbox_app.command(
    "up", epilog="Example: hatchway sandbox up && hatchway sandbox exec -- hatchway deploy --yes"
)
def sandbox_up(
    name: NameOption = "default",
    directory: DirectoryOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the proxy; 0 chooses a free one.")] = 0,
    time_scale: Annotated[
        float, typer.Option(min=0.001, max=10, help="Factor on the waits of the data plane.")
    ] = 1.0,
    topology: TopologyOption = None,
) -> int:
    """Start a sandbox in the background, with the state bucket of the topology in it."""
    from hatchway.sandbox import commands

    commands.up(name, directory, port, time_scale, find_topology(topology, os.environ))
    return 0


@sandbox_app.command(
    "exec",
    context_settings={"ignore_unknown_options": True},
    epilog="Example: hatchway sandbox exec -- npx cdktf deploy gateway",
)
def sandbox_exec(
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="What to run.")],
    name: NameOption = "default",
    directory: DirectoryOption = None,
) -> int:
    """Run a command that sees the sandbox where it would see AWS. Ends with the command's exit code."""
    from hatchway.sandbox import commands

    return commands.execute(name, directory, command)


@sandbox_app.command("status", epilog="Example: hatchway sandbox status --name other")
def sandbox_status(name: NameOption = "default", directory: DirectoryOption = None) -> int:
    """Show whether a sandbox runs, and where."""
    from hatchway.sandbox import commands

    return commands.status(name, directory) or 0


@sandbox_app.command("credential", epilog="Example: hatchway sandbox credential")
def sandbox_credential(
    name: NameOption = "default", directory: DirectoryOption = None, topology: TopologyOption = None
) -> int:
    """Issue a bearer token to the deployed gateway in a sandbox. `exec` then sets HATCHWAY_TOKEN."""
    from hatchway.sandbox import commands

    commands.credential(name, directory, find_topology(topology, os.environ))
    return 0


@sandbox_app.command("down", epilog="Example: hatchway sandbox down")
def sandbox_down(name: NameOption = "default", directory: DirectoryOption = None) -> int:
    """Stop a sandbox and remove all it made. Does nothing if there is none."""
    from hatchway.sandbox import commands

    commands.down(name, directory)
    return 0


@sandbox_app.command("demo", epilog="Example: hatchway sandbox demo --keep")
def sandbox_demo(
    topology: TopologyOption = None,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the sandbox up, with everything deployed.")
    ] = False,
) -> int:
    """Run everything once: synthesize, deploy, verify by calling, destroy. Shows how long each stage took."""
    from hatchway.sandbox import commands

    return commands.demo(keep=keep, topology=find_topology(topology, os.environ))


@contextmanager
def _estate(
    option: Path | None, names: Sequence[str] | None, progress: "ConsoleProgress"
) -> Iterator["Estate"]:
    from hatchway.deploy.estate import Estate
    from hatchway.deploy.manifest import SynthesizedStack, read_manifest, select
    from hatchway.deploy.runs import runs_directory
    from hatchway.terraform.binary import find_terraform
    from hatchway.terraform.mirror import cli_configuration
    from hatchway.terraform.runner import Terraform

    path = find_topology(option, os.environ)
    load(path)
    binary = find_terraform()
    environ = {**os.environ, **cli_configuration()}
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
        )

    with runs_directory(output, os.environ) as runs:
        yield Estate(stacks, terraform, progress)


def _synthesize(path: Path) -> None:
    from hatchway.deploy.synthesis import synthesize

    with _stderr().status("synthesizing"):
        synthesize(path, os.environ)


def _output_directory() -> Path:
    from hatchway.deploy.manifest import output_directory

    return output_directory(os.environ)


def _progress(*, ask: bool = False, creations: bool = False) -> "ConsoleProgress":
    from hatchway.deploy.progress import ConsoleProgress

    return ConsoleProgress(
        _stderr(),
        (lambda question: typer.confirm(question, err=True)) if ask else None,
        creations=creations,
    )


def _need_terminal(*, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        raise UsageError("--yes: is needed where nobody can be asked: standard input is no terminal.")


def _stderr() -> Console:
    return Console(stderr=True)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _misused(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "hatchway"
    said = error.format_message()
    sys.stderr.write(f"{command}: {said}\nTry '{command} --help'.\n" if said else "")
    return UsageError.exit_code


def _failed(error: HatchwayError) -> int:
    lines = [f"hatchway: {error}"]
    if isinstance(error, ToolError):
        lines += [f"  {line}" for line in error.tail]
    sys.stderr.write("\n".join(lines) + "\n")
    _debug()
    return error.exit_code


def _interrupted(error: BaseException) -> int:
    sys.stderr.write(f"\nhatchway: {str(error) or 'stopped; nothing was left half done.'}\n")
    return INTERRUPTED


def _unexpected(error: Exception) -> int:
    sys.stderr.write(
        f"hatchway: an error that should not happen, got {type(error).__name__}: {error}\n"
        "Please report it with the output of the same command under HATCHWAY_DEBUG=1.\n"
    )
    _debug()
    return HatchwayError.exit_code


def _debug(environ: Mapping[str, str] = os.environ) -> None:
    if environ.get("HATCHWAY_DEBUG"):
        traceback.print_exc()
