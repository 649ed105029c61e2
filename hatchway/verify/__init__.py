"""After deploy: calls to the public endpoint, and what their answers say about each hop.

From a program of one's own:

    from hatchway.verify import verify

    report = verify("hatchway.yaml", wait_seconds=60)
    assert report.verdict == "pass", [(one.id, one.message, one.fix) for one in report.findings]
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.route.report import Report

__all__ = ["verify"]


def verify(  # noqa: PLR0913 -- all by name; each is an option of the command as well
    topology: str | Path | None = None,
    *,
    services: Sequence[str] = (),
    wait_seconds: float = 0,
    calls_only: bool = False,
    from_outputs: str | Path | None = None,
    ca_file: str | Path | None = None,
    connect_to: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    profiles: Mapping[str, str] | None = None,
) -> "Report":
    """Do what `hatchway verify` does, and return what it found. Prints nothing, changes nothing.

    Args:
        topology: The file; by default the one that HATCHWAY_TOPOLOGY names, else hatchway.yaml.
        services: Names of the services to verify; all of them by default.
        wait_seconds: How long to wait for what may still come right.
        calls_only: Whether to read nothing from AWS but state.
        from_outputs: What `cdktf deploy --outputs-file` wrote, in place of the state.
        ca_file: Certificates to trust for the public host besides.
        connect_to: Where connections go instead, each as HOST1:PORT1:HOST2:PORT2.
        environ: Where credentials to call with are looked for; by default the environment.
        profiles: By account, the profile of the AWS configuration to read it with.

    Raises:
        TopologyError: The file has problems, or is not there.
        UsageError: A service, a file or a connection that was given makes no sense.
        UndecidedError: Nothing is deployed, the state may not be read, or a credential is missing.
        ToolError: AWS or the public host cannot be reached.
    """
    # Here and not above: whoever imports a part of this package does not load the rest, boto3 among it.
    from hatchway.topology import find_topology, load_views  # noqa: PLC0415 -- see above
    from hatchway.verify.connect_to import read_connect_to  # noqa: PLC0415 -- see above
    from hatchway.verify.http import HttpCaller  # noqa: PLC0415 -- see above
    from hatchway.verify.outputs_file import OutputsFile  # noqa: PLC0415 -- see above
    from hatchway.verify.verifier import Verifier  # noqa: PLC0415 -- see above

    environ = os.environ if environ is None else environ
    file = None if topology is None else Path(topology)
    caller = HttpCaller(
        environ, None if ca_file is None else Path(ca_file), read_connect_to(list(connect_to))
    )
    return Verifier(
        views=load_views(find_topology(file, environ)),
        services=services,
        caller=caller,
        outputs=None if from_outputs is None else OutputsFile(Path(from_outputs)),
        calls_only=calls_only,
        environ=environ,
        profiles=profiles or {},
    ).run(wait_seconds)
