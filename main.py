"""Turns the topology into Terraform: run by `cdktf`, or as `python main.py`.

With `bootstrap [ACCOUNT=profile:NAME | ACCOUNT=role:ARN]...` it writes the stack of `hatchway bootstrap`.
"""

import gc
import os
import sys

from hatchway.topology import TopologyError, find_topology, load_views


def main() -> int:
    """Synthesizes the topology in use into `cdktf.out`; returns the exit code."""
    try:
        topologies = load_views(find_topology(None, os.environ))
    except TopologyError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    # A topology with problems is reported without starting Node, so cdktf is imported only here.
    from constructs_lib.bindings import load_on_demand, send_ahead  # noqa: PLC0415 - see above

    # What is made here is in use until the end.
    gc.disable()
    load_on_demand()
    send_ahead()
    if sys.argv[1:2] == ["bootstrap"]:
        from constructs_lib.bootstrap import synthesize_bootstrap  # noqa: PLC0415 - as below

        synthesize_bootstrap(topologies, sys.argv[2:])
        return 0
    from constructs_lib.app import synthesize  # noqa: PLC0415 - takes the bindings as they are by now

    synthesize(topologies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
