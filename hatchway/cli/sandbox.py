"""The commands of the sandbox."""

# ruff: noqa: PLC0415 -- what a command needs is imported when it runs, so that help stays quick

import os
from typing import Annotated

import typer

from hatchway.cli.options import DirectoryOption, NameOption, TopologyOption
from hatchway.topology import find_topology

__all__ = ["app"]

app = typer.Typer(
    help="The whole path on this machine, with the real Terraform and no AWS account.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("up", epilog="Example: hatchway sandbox up && hatchway sandbox exec -- hatchway deploy --yes")
def sandbox_up(  # noqa: PLR0913, PLR0917 -- each is an option of the command
    name: NameOption = "default",
    directory: DirectoryOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the proxy; 0 chooses a free one.")] = 0,
    time_scale: Annotated[
        float, typer.Option(min=0.001, max=10, help="Factor on the waits of the data plane.")
    ] = 1.0,
    backend: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST=127.0.0.1:PORT", help="A server here that stands for a host name. Repeatable."
        ),
    ] = None,
    topology: TopologyOption = None,
) -> int:
    """Start a sandbox in the background, with the state bucket of the topology in it."""
    from hatchway.sandbox import commands

    commands.up(
        name,
        directory,
        port=port,
        time_scale=time_scale,
        backends=backend or (),
        topology=find_topology(topology, os.environ),
    )
    return 0


@app.command(
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


@app.command("status", epilog="Example: hatchway sandbox status --name other")
def sandbox_status(name: NameOption = "default", directory: DirectoryOption = None) -> int:
    """Show whether a sandbox runs, and where."""
    from hatchway.sandbox import commands

    return commands.status(name, directory) or 0


@app.command("credential", epilog="Example: hatchway sandbox credential")
def sandbox_credential(
    name: NameOption = "default", directory: DirectoryOption = None, topology: TopologyOption = None
) -> int:
    """Issue what the deployed gateway asks for. `exec` then sets HATCHWAY_TOKEN and the like."""
    from hatchway.sandbox import commands

    commands.credential(name, directory, find_topology(topology, os.environ))
    return 0


@app.command("down", epilog="Example: hatchway sandbox down")
def sandbox_down(name: NameOption = "default", directory: DirectoryOption = None) -> int:
    """Stop a sandbox and remove all it made. Does nothing if there is none."""
    from hatchway.sandbox import commands

    commands.down(name, directory)
    return 0


@app.command("demo", epilog="Example: hatchway sandbox demo --keep")
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
