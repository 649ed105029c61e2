"""From a file to a checked `Topology`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hatchway.errors import UsageError
from hatchway.topology.problems import Problem, TopologyError

if TYPE_CHECKING:
    from hatchway.topology.document import FileKind
    from hatchway.topology.model import Topology

VARIABLE = "HATCHWAY_TOPOLOGY"
DEFAULT = Path("hatchway.yaml")


def find_topology(option: Path | None, environ: Mapping[str, str]) -> Path:
    """The topology file in use: `--topology`, else `HATCHWAY_TOPOLOGY`, else `hatchway.yaml` here."""
    if option is not None:
        return option
    return Path(environ[VARIABLE]) if environ.get(VARIABLE) else DEFAULT


def load(path: Path) -> "Topology":
    """Read and check a topology file with one gateway.

    Raises:
        TopologyError: The file cannot be used. It carries every problem of the file.
        UsageError: It declares several gateways.
    """
    found = load_views(path)
    if len(found) > 1:
        names = ", ".join(str(topology.view) for topology in found)
        raise UsageError(f"{path}: declares several gateways ({names}), and one is taken here.")
    return found[0]


def load_views(path: Path) -> "tuple[Topology, ...]":
    """Read and check a topology file; for each of its gateways, the topology as that gateway sees it.

    Raises:
        TopologyError: The file cannot be used. It carries every problem of the file.
    """
    # Importing the package has to stay quick; only a command that reads a file pays for this.
    from hatchway.topology.document import TOPOLOGY, parse  # noqa: PLC0415
    from hatchway.topology.rules import check  # noqa: PLC0415
    from hatchway.topology.shapes import read  # noqa: PLC0415
    from hatchway.topology.views import distinct, views  # noqa: PLC0415

    document = parse(str(path), text_of(path, TOPOLOGY))
    seen, between = views(document)
    found = [*document.misfits, *between]
    topologies = []
    for view in seen:
        topology, misfits = read(view.document)
        topology.read_from(path.resolve().parent).seen_from(view.gateway)
        found += [view.original(misfit) for misfit in (*misfits, *check(topology))]
        topologies.append(topology)
    if found:
        raise TopologyError(str(path), document.problems(distinct(found)))
    return tuple(topologies)


def text_of(path: Path, kind: "FileKind") -> str:
    """Read the text of a file that people write.

    Raises:
        TopologyError: It cannot be read, is too large, or is not UTF-8.
    """
    from hatchway.topology.document import MAXIMUM_BYTES  # noqa: PLC0415 - as in load

    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError as error:
        fix = f"Write it ({kind.page} explains it), or name another: {kind.options}."
        raise _unusable(path, "does not exist", fix) from error
    except IsADirectoryError as error:
        raise _unusable(path, "is a directory", "Name the file in it.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise _unusable(path, f"cannot be read: {reason}", "Check its name and permissions.") from error
    if len(content) > MAXIMUM_BYTES:
        raise _unusable(path, f"is larger than {MAXIMUM_BYTES // 1024} KiB", f"Name a {kind.name} file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8 text (byte 0x{content[error.start]:02x})"
        raise _unusable(path, message, "Save the file in UTF-8.", line) from error


def _unusable(path: Path, message: str, fix: str, line: int | None = None) -> TopologyError:
    return TopologyError(str(path), [Problem(line, "", message, None, fix)])
