"""Turns the topology into Terraform: run by `cdktf`, or as `python main.py`."""

import os
import sys

from hatchway.topology import TopologyError, find_topology, load


def main() -> int:
    """Synthesizes the topology in use into `cdktf.out`; returns the exit code."""
    try:
        topology = load(find_topology(None, os.environ))
    except TopologyError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    # A topology with problems is reported without starting Node, so cdktf is imported only here.
    from constructs_lib.bindings import load_on_demand  # noqa: PLC0415 - see above

    load_on_demand()
    from constructs_lib.app import synthesize  # noqa: PLC0415 - takes the bindings as they are by now

    synthesize(topology)
    return 0


if __name__ == "__main__":
    sys.exit(main())
