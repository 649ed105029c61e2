"""What has to be true of a folder that a Lambda function is made of."""

from collections.abc import Iterator
from pathlib import Path

from hatchway.topology.model import FunctionToCreate
from hatchway.topology.problems import KeyPath, Misfit

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_BYTES = 50 * 1024 * 1024
_ENDINGS = {"python": (".py",), "nodejs": (".js", ".mjs", ".cjs")}


def folder_fits(directory: Path, created: FunctionToCreate, path: KeyPath) -> Iterator[Misfit]:
    """A folder of sources is there, has what the runtime starts, and is small enough to be uploaded.

    Args:
        directory: Folder that the path of the folder begins at.
        created: The function; nothing is said about what the file gives wrongly.
        path: Where it is declared.
    """
    folder = directory / created.directory
    if not folder.is_dir():
        yield Misfit(
            path=(*path, "directory"),
            message="is not a folder beside the topology's file",
            got=created.directory,
            fix="Paths begin at the folder of the topology's file.",
        )
        return
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if size > _MOST_BYTES:
        yield Misfit(
            path=(*path, "directory"),
            message=f"has {size // 1024 // 1024} MiB, Lambda takes packages of {_MOST_BYTES // 1024 // 1024}",
            got=created.directory,
            fix="Remove what it does not need, or deploy it by other means and name it under 'existing'.",
        )
    wanted = _starts(created)
    if not any((folder / name).is_file() for name in wanted):
        yield Misfit(
            path=(*path, "handler"),
            message=f"is not in {created.directory}: it has no {' or '.join(wanted)}",
            got=created.handler,
            fix=f"Write where the function starts as {created.runtime} does.",
        )


def _starts(created: FunctionToCreate) -> tuple[str, ...]:
    """Files of which a runtime needs one to start.

    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
    """
    for runtime, endings in _ENDINGS.items():
        if created.runtime.startswith(runtime):
            module = created.handler.rpartition(".")[0] or created.handler
            path = module.replace(".", "/") if runtime == "python" else module
            return tuple(f"{path}{ending}" for ending in endings)
    return ("bootstrap",)
