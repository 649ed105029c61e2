"""The command line: arguments, exit codes and rendering. It decides nothing."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from hatchway import __version__
from hatchway.cli import bootstrap, estate, proof, sandbox
from hatchway.cli.commands import Command, Group
from hatchway.cli.running import run

__all__ = ["app", "main"]

_EXIT_CODES = (
    "Exit codes, the same for all commands: 0 ok, 1 the path is broken, 2 usage or topology error, "
    "3 undecided (a permission or a value is missing), 4 a tool failed (Terraform, AWS, network)."
)
_COMMANDS: tuple[tuple[Callable[..., int], str], ...] = (
    (bootstrap.bootstrap, "hatchway bootstrap --profile edge=edge-admin --profile orders=orders-admin"),
    (estate.synth, "hatchway synth && ls cdktf.out/stacks"),
    (proof.review, "hatchway synth && hatchway review --output console --output json=review.json"),
    (estate.plan, "hatchway plan --stack gateway"),
    (estate.deploy, "hatchway deploy --yes   (in a pipeline, where nobody can be asked)"),
    (proof.verify, "HATCHWAY_TOKEN=... hatchway verify --output json=report.json"),
    (estate.destroy, "hatchway destroy --stack gateway --yes"),
)


def main(arguments: Sequence[str] | None = None, application: typer.Typer | None = None) -> int:
    """Run the command line and return the exit code. Errors are printed, never raised."""
    return run(app if application is None else application, arguments)


def _print_version(asked: bool) -> None:  # noqa: FBT001 -- called by typer with the option's value
    if asked:
        typer.echo(f"hatchway {__version__}")
        raise typer.Exit


def _hatchway(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    pass


def _application() -> typer.Typer:
    application = typer.Typer(
        name="hatchway",
        cls=Group,
        help=(
            "One controlled opening from a public API to private APIs in other AWS accounts: declared in "
            "hatchway.yaml, reviewed, deployed with Terraform, verified by calling it."
        ),
        epilog=_EXIT_CODES,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    application.callback()(_hatchway)
    for command, example in _COMMANDS:
        application.command(cls=Command, epilog=f"Example: {example}")(command)
    application.add_typer(sandbox.app, name="sandbox")
    return application


app = _application()
