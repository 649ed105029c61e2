"""Verifying what is declared from beginning to end, for the command line and for programs of one's own."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hatchway.errors import UsageError
from hatchway.route.report import Report, together
from hatchway.topology import find_topology, load_views
from hatchway.topology.by_account import known_account
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.judging import AwsFacts
from hatchway.verify.http import HttpCaller
from hatchway.verify.kept import KeptCallers
from hatchway.verify.keyring import Keyring
from hatchway.verify.names import Names
from hatchway.verify.state import States, states_of
from hatchway.verify.verification import Verification
from hatchway.verify.waiting import Patience

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["Verifier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Verifies what is declared, as often as it is asked to. Nothing is changed.

    Attributes:
        views: What is declared, as each gateway sees it.
        services: Names of the services to verify; all of them if none is named.
        caller: Sends the calls.
        outputs: Where outputs of stacks are read; None for the state that the topology names.
        calls_only: Whether to judge by calls alone, and to read nothing from AWS but state.
        environ: Where credentials are looked for.
        profiles: By account, the profile of the AWS configuration to read it with, in place of the
            credentials of the environment. State is read with that of the account that holds it.
    """

    views: "Sequence[Topology]"
    services: Sequence[str] = ()
    caller: HttpCaller = field(default_factory=HttpCaller)
    outputs: States | None = None
    calls_only: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    profiles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, topology: Path | None = None, *, calls_only: bool = False) -> Self:
        """Return the verifier of a topology file; by default of the one that is in use.

        Raises:
            TopologyError: The file has problems, or is not there.
        """
        return cls(views=load_views(find_topology(topology, os.environ)), calls_only=calls_only)

    def __post_init__(self) -> None:
        for account in self.profiles:
            known_account("--profile", account, self.views[0].accounts)
        known = [name for view in self.views for name in view.services]
        for name in self.services:
            if name not in known:
                raise UsageError(
                    f"--service: there is no such service, got {name!r}. Choose from: {', '.join(known)}."
                )

    def run(
        self, wait_seconds: float = 0, progress: Callable[[str], object] = lambda _sentence: None
    ) -> Report:
        """Call every service and read its facts; return what both show.

        Args:
            wait_seconds: How long to wait for what may still come right.
            progress: Takes a word about what is being done.

        Raises:
            UndecidedError: Nothing is deployed, the state may not be read, or a credential is missing.
            ToolError: AWS or the public host cannot be reached.
        """
        return together([self._run(view, names, wait_seconds, progress) for view, names in self.chosen()])

    def chosen(self) -> Iterator[tuple["Topology", tuple[str, ...]]]:
        """Give each gateway with the names of its services that are verified, if any are."""
        for view in self.views:
            names = tuple(name for name in view.services if not self.services or name in self.services)
            if names:
                yield view, names

    def states(self, view: "Topology") -> States:
        """Return where the outputs of a gateway's stacks are read."""
        return self.outputs or states_of(view, self.caller, self.profiles)

    def keyring(self, view: "Topology") -> Keyring:
        """Return the credentials to call a gateway with."""
        return Keyring(self.environ, view.accounts[view.gateway.account].region)

    def _run(
        self,
        view: "Topology",
        services: tuple[str, ...],
        wait_seconds: float,
        progress: Callable[[str], object],
    ) -> Report:
        patience = Patience(wait_seconds)
        report = self._judged(view, services, patience, progress)
        # What was read before the wait is out of date after it.
        return self._judged(view, services, Patience(0), progress) if patience.waited else report

    def _judged(
        self,
        view: "Topology",
        services: tuple[str, ...],
        patience: Patience,
        progress: Callable[[str], object],
    ) -> Report:
        states = self.states(view)
        reader = AwsReader(view.accounts, profiles=self.profiles)
        facts = None if self.calls_only else AwsFacts(view, states, reader, progress)
        with closing(KeptCallers(self.caller)) as kept:
            return Verification(
                topology=view,
                states=states,
                caller=self.caller,
                kept=kept,
                keyring=self.keyring(view),
                patience=patience,
                facts=facts,
                inside=Names(connect_to=self.caller.connect_to).inside,
                progress=progress,
                services=services,
                old_tls=self.caller.with_old_tls(),
            ).run()
