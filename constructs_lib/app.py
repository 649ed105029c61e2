"""From a topology to the folder that Terraform runs in."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import App

from constructs_lib.foundation import Foundation, existing_networks
from constructs_lib.gateway import Gateway, GatewayProps
from constructs_lib.service import Service
from hatchway.topology import has_foundation
from hatchway.topology.stacks import FOUNDATION, GATEWAY

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


def synthesize(topology: "Topology", outdir: Path | None = None) -> None:
    """Writes the stacks of a topology, with `manifest.json`, as cdktf lays them out.

    Args:
        topology: What the user declared.
        outdir: Where to write. Default: `CDKTF_OUTDIR`, else `cdktf.out` in the working directory.
    """
    with tempfile.TemporaryDirectory(prefix="hatchway-") as staging:
        app = App(outdir=None if outdir is None else str(outdir))
        add_stacks(app, topology, Path(staging))
        app.synth()


def add_stacks(app: App, topology: "Topology", staging: Path) -> None:
    """Adds foundation, services and gateway to an app, each depending on those before it."""
    foundation = Foundation(app, FOUNDATION, topology) if has_foundation(topology) else None
    networks = existing_networks(topology) if foundation is None else foundation.networks
    services = {name: Service(app, name, topology, networks) for name in topology.services}
    gateway = Gateway(
        app,
        GATEWAY,
        topology,
        GatewayProps(
            network=networks[topology.gateway.network],
            private_apis={name: service.reference for name, service in services.items()},
            staging=staging,
        ),
    )
    for service in services.values():
        gateway.add_dependency(service)
        if foundation is not None:
            service.add_dependency(foundation)
    if foundation is not None:
        gateway.add_dependency(foundation)
