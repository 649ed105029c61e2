"""The page docs/reference/commands.md, written from the command line itself."""

import os
import subprocess
import sys
from collections.abc import Iterator

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from hatchway.cli import app

HEADER = """# Commands

`.venv/bin/hatchway` and `.venv/bin/python -m hatchway` are the same. This page is written by `make docs`.
"""


def page() -> str:
    """Return the page."""
    root = typer.main.get_command(app)
    epilog = f"{_prose(root.epilog)}\n" if isinstance(root, TyperGroup) and root.epilog else ""
    return "\n".join([HEADER, epilog, *(_section(words, command) for words, command in commands())])


def front_page() -> str:
    """Return what `hatchway --help` shows, as it is made for a terminal of 80 columns without colours."""
    ran = subprocess.run(
        [sys.executable, "-c", "import sys; from hatchway.cli import main; sys.exit(main(['--help']))"],
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return "\n".join(line.rstrip() for line in ran.stdout.strip("\n").splitlines()) + "\n"


def commands() -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    """Yield every command that does something, with the words that call it."""
    yield from _below(typer.main.get_command(app), ("hatchway",))


def options(command: TyperCommand) -> list[TyperOption]:
    """Return the options of a command that a person is to know."""
    return [each for each in command.params if isinstance(each, TyperOption) and not each.hidden]


def _below(command: object, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _below(child, (*words, name))
    elif isinstance(command, TyperCommand):
        yield words, command


def _section(words: tuple[str, ...], command: TyperCommand) -> str:
    arguments = [each for each in command.params if isinstance(each, TyperArgument)]
    names = [each.metavar or "" for each in arguments]
    usage = " ".join([*words, *(["[OPTIONS]"] if options(command) else []), *names])
    lines = [f"## {' '.join(words)}", "", "```text", usage, "```", "", _prose(command.help), ""]
    if listed := options(command):
        lines += ["| argument or option | meaning |", "|---|---|"]
        lines += [f"| `{each.metavar}` | {_cell(each.help)} |" for each in arguments if each.help]
        lines += [f"| `{_names(option)}` | {_meaning(option)} |" for option in listed]
        lines.append("")
    if command.epilog:
        lines += [_prose(command.epilog), ""]
    return "\n".join(lines)


def _names(option: TyperOption) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {_cell(option.metavar or 'NUMBER')}"


def _meaning(option: TyperOption) -> str:
    meaning = _cell(option.help)
    shown = option.show_default and not option.is_flag and option.default is not None
    return f"{meaning} Default: `{option.default}`." if shown else meaning


def _cell(text: str | None) -> str:
    return _prose(text).replace("|", "\\|")


def _prose(text: str | None) -> str:
    lines = [line.strip() for line in (text or "").strip().splitlines()]
    prose = "\n".join(lines)
    label, mark, example = prose.partition("Example: ")
    return f"{label}{mark}`{example}`" if mark and "\n" not in example else prose
