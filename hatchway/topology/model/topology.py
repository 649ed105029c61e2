"""The whole file."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, PrivateAttr

from hatchway.topology.model.accounts import Account
from hatchway.topology.model.bootstrap import Bootstrap
from hatchway.topology.model.declared import Declared
from hatchway.topology.model.gateway import Gateway, NamedGateway
from hatchway.topology.model.networks import Network, Transit
from hatchway.topology.model.observability import Observability
from hatchway.topology.model.services import Service
from hatchway.topology.model.state import State
from hatchway.topology.values import Name, Version


class Topology(Declared):
    """Everything in `hatchway.yaml`."""

    version: Literal[1] = Field(examples=[1], description="Version of this format.")
    name: Name = Field(
        examples=["estate"], description="Name of the estate; part of the names of what is created."
    )
    minimum_aws_provider: Version = Field(
        examples=["6.25.0"],
        default="5.100.0",
        description="Oldest version of the Terraform provider to run with; some features need a newer one.",
    )
    accounts: dict[Name, Account] = Field(min_length=1, description="AWS accounts by name.")
    state: State = Field(description="Where Terraform state is kept.")
    networks: dict[Name, Network] = Field(min_length=1, description="VPCs by name.")
    transit: Transit | None = Field(
        default=None,
        description="How the networks reach each other; needed by endpoints with placement 'service'.",
    )
    gateway: Gateway = Field(description="The public API.")
    gateways: dict[Name, NamedGateway] = Field(
        default={},
        description=(
            "In place of `gateway`, several by name, such as one per region. Each service names its own, "
            "each network is one gateway's, and names are made of the topology's and the gateway's."
        ),
    )
    services: dict[Name, Service] = Field(min_length=1, description="Private APIs by name.")
    observability: Observability | None = Field(
        default=None, description="Logs, alarms and traces; nothing without this section."
    )
    bootstrap: Bootstrap | None = Field(
        default=None,
        description="What `hatchway bootstrap` creates; it creates nothing without this section.",
    )
    tags: dict[str, str] = Field(
        examples=[{"team": "platform"}], default={}, description="Tags on every resource that takes tags."
    )

    _directory: Path = PrivateAttr(default=Path())
    _view: str | None = PrivateAttr(default=None)

    @property
    def directory(self) -> Path:
        """Folder of the file, where the paths in it start. Default: the working directory."""
        return self._directory

    @property
    def view(self) -> str | None:
        """Name of the gateway that this topology is a view of; None where the file has one without a name."""
        return self._view

    @property
    def estate(self) -> str:
        """The name in the file: `name` is made of that and of the gateway's."""
        return self.name if self._view is None else self.name.removesuffix(f"-{self._view}")

    def seen_from(self, gateway: str | None) -> Self:
        """Remember which of several gateways this is a view of; `load_views` does."""
        self._view = gateway
        return self

    def read_from(self, directory: Path) -> Self:
        """Remember the folder of the file; `load` does."""
        self._directory = directory
        return self
