"""Where reports go: `--output FORMAT[=FILE]`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from hatchway.errors import ToolError, UsageError

if TYPE_CHECKING:
    from hatchway.route.report import Report

__all__ = ["FORMATS", "Output", "parse_outputs", "write"]

FORMATS = ("console", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One `--output`. Without a file it goes to standard output."""

    format: str
    file: Path | None


def parse_outputs(values: Sequence[str]) -> tuple[Output, ...]:
    """Return what `--output` asked for; the table on standard output if nothing else goes there.

    Raises:
        UsageError: A format is not known, a file name is missing, or two formats want standard output.
    """
    outputs = tuple(_parse(value) for value in values)
    unnamed = [output.format for output in outputs if output.file is None]
    if len(unnamed) > 1:
        raise UsageError(
            f"--output: only one can go to standard output, got {', '.join(unnamed)}. Add =FILE."
        )
    return outputs if unnamed else (Output(format="console", file=None), *outputs)


def write(report: "Report", outputs: Sequence[Output], stdout: TextIO) -> None:
    """Write the report everywhere it was asked for.

    Raises:
        ToolError: A file cannot be written.
    """
    for output in outputs:
        text = _RENDERERS[output.format]
        if output.file is None:
            text(report, stdout)
            continue
        try:
            with output.file.open("w", encoding="utf-8") as file:
                text(report, file)
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


def _console(report: "Report", file: TextIO) -> None:
    from rich.console import Console  # noqa: PLC0415 -- not needed for the other formats

    from hatchway.report.console import print_report  # noqa: PLC0415 -- the same

    print_report(report, Console(file=file))


def _json(report: "Report", file: TextIO) -> None:
    from hatchway.report.document import as_json  # noqa: PLC0415 -- not needed for the other formats

    file.write(as_json(report))


_RENDERERS: dict[str, Callable[["Report", TextIO], None]] = {"console": _console, "json": _json}
