"""From a topology to the folder that Terraform runs in."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import App

from constructs_lib.bulkhead_stacks import BulkheadStacks, BulkheadStacksProps, add_dependencies
from constructs_lib.foundation import Foundation, existing_networks
from constructs_lib.gateway import Gateway
from constructs_lib.gateway_stack import GatewayProps
from constructs_lib.http_gateway import HttpGateway
from constructs_lib.moved import declare_moves
from hatchway.topology import has_foundation
from hatchway.topology.bulkheads import bulkheads
from hatchway.topology.stacks import foundation_stack, gateway_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hatchway.topology.model import Topology


def synthesize(topologies: "Sequence[Topology]", outdir: Path | None = None) -> None:
    """Writes the stacks of topologies, with `manifest.json`, as cdktf lays them out.

    Args:
        topologies: What the user declared, as each gateway sees it.
        outdir: Where to write. Default: `CDKTF_OUTDIR`, else `cdktf.out` in the working directory.
    """
    with tempfile.TemporaryDirectory(prefix="hatchway-") as staging:
        app = App(outdir=None if outdir is None else str(outdir))
        for topology in topologies:
            add_stacks(app, topology, Path(staging))
        declare_moves(app)
        app.synth()


def add_stacks(app: App, topology: "Topology", staging: Path) -> None:
    """Adds foundation, services and gateway to an app, each depending on those before it."""
    foundation = Foundation(app, foundation_stack(topology), topology) if has_foundation(topology) else None
    networks = existing_networks(topology) if foundation is None else foundation.networks
    before = [] if foundation is None else [foundation]
    props = BulkheadStacksProps(topology=topology, networks=networks, before=before, staging=staging)
    behind = [BulkheadStacks(app, bulkhead, props) for bulkhead in bulkheads(topology)]
    services = {name: service for stacks in behind for name, service in stacks.services.items()}
    kind = HttpGateway if topology.gateway.kind == "http" else Gateway
    gateway = kind(
        app,
        gateway_stack(topology),
        topology,
        GatewayProps(
            network=networks[topology.gateway.network],
            private_apis={name: services[name].reference for name in topology.services},
            staging=staging,
        ),
    )
    add_dependencies(gateway, [*(stack for stacks in behind for stack in stacks.last), *before])
