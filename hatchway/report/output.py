"""Where reports go: `--output FORMAT[=FILE]`."""

# ruff: noqa: PLC0415 -- each renderer imports what it needs when it is used: the others do not pay for it

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hatchway.errors import ToolError, UsageError

if TYPE_CHECKING:
    from hatchway.report.check_reference import Entry
    from hatchway.route.report import Report

__all__ = ["FORMATS", "Output", "parse_outputs", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One `--output`. Without a file it goes to standard output."""

    format: str
    file: Path | None


def parse_outputs(values: Sequence[str]) -> tuple[Output, ...]:
    """Return what `--output` asked for; the table on standard output if nothing else goes there.

    Raises:
        UsageError: A format is not known, a file name is missing, or two formats want the same place.
    """
    outputs = tuple(_parse(value) for value in values)
    unnamed = [output.format for output in outputs if output.file is None]
    if len(unnamed) > 1:
        raise UsageError(
            f"--output: only one can go to standard output, got {', '.join(unnamed)}. Add =FILE."
        )
    named = [output.file for output in outputs if output.file is not None]
    twice = next((file for file in named if named.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"--output: only one can go to a file, got {str(twice)!r} twice. Name another.")
    return outputs if unnamed else (Output(format="console", file=None), *outputs)


def write(report: "Report", outputs: Sequence[Output], stdout: TextIO, rules: Sequence["Entry"] = ()) -> None:
    """Write the report everywhere it was asked for.

    Args:
        report: What was found.
        outputs: Where it goes.
        stdout: Where outputs without a file go.
        rules: Checks beside those of a route, for formats that explain every check.

    Raises:
        ToolError: A file cannot be written.
    """
    from hatchway.report.printable import printable

    report = printable(report)
    for output in outputs:
        render = _RENDERERS[output.format]
        if output.file is None:
            render(report, stdout, rules)
            continue
        try:
            with output.file.open("w", encoding="utf-8") as file:
                render(report, file, rules)
        except OSError as error:
            raise ToolError(f"--output: {output.file} cannot be written, got {error.strerror!r}.") from error


def _parse(value: str) -> Output:
    name, separator, file = value.partition("=")
    if name not in FORMATS:
        raise UsageError(
            f"--output: there is no such format, got {name!r}. Choose from: {', '.join(FORMATS)}."
        )
    if separator and not file:
        raise UsageError(f"--output: names no file, got {value!r}. Write {name}=FILE.")
    return Output(format=name, file=Path(file) if file else None)


def _console(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from rich.console import Console

    from hatchway.report.console import print_report

    print_report(report, Console(file=file))


def _json(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from hatchway.report.document import as_json

    file.write(as_json(report))


def _markdown(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from hatchway.report.markdown import as_markdown

    file.write(as_markdown(report))


def _html(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from hatchway.report.html import as_html

    file.write(as_html(report))


def _junit(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from hatchway.report.junit import as_junit

    file.write(as_junit(report))


def _sarif(report: "Report", file: TextIO, rules: Sequence["Entry"]) -> None:
    from hatchway.report.sarif import as_sarif

    file.write(as_sarif(report, rules))


def _github(report: "Report", file: TextIO, _rules: Sequence["Entry"]) -> None:
    from hatchway.report.annotations import as_annotations

    file.write(as_annotations(report))


_RENDERERS: dict[str, Callable[["Report", TextIO, Sequence["Entry"]], None]] = {
    "console": _console,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "junit": _junit,
    "sarif": _sarif,
    "github": _github,
}
FORMATS = tuple(_RENDERERS)
