"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "DirectoryOption",
    "NameOption",
    "OutputOption",
    "StackOption",
    "TopologyOption",
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
