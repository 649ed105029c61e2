"""What the facts say of one request, beside what its answer says. Pure: they are read elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult, Finding

__all__ = ["Facts", "NoFacts", "Seen"]

_MOCK = "HW902"
_STATES = "7"
"""First digit of the numbers 70 to 79: states, such as that of a VPC link, that AWS changes by itself."""
_SYMPTOMS = frozenset({"HW771"})
"""Checks whose failure may come from any hop before theirs, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The checks of one request by hop, every hop judged whatever lies before it.

    Attributes:
        checks: What each hop's checks say.
        withheld: Ids of checks that a missing permission, or a read that failed, leaves unknown.
        risks: What works now and will not last.
    """

    checks: Mapping[Hop, tuple[CheckResult, ...]] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    risks: tuple[Finding, ...] = ()

    def of(self, hop: Hop) -> tuple[CheckResult, ...]:
        """Return the checks of a hop."""
        return self.checks.get(hop, ())

    def excusing(self, reasons: Mapping[Hop, str]) -> "Seen":
        """Return the same without the weaknesses of hops that are declared to be as they are."""
        checks = {
            hop: tuple(
                replace(one, outcome=Outcome.NOT_APPLICABLE, observed=f"{one.observed}; {reasons[hop]}")
                if hop in reasons and one.weakness and one.outcome is Outcome.FAIL
                else one
                for one in found
            )
            for hop, found in self.checks.items()
        }
        return replace(self, checks=checks)

    @property
    def broken(self) -> tuple[Hop, ...]:
        """The hops that no request gets past, in order."""
        return tuple(hop for hop in Hop if any(check.breaks_path for check in self.of(hop)))

    @property
    def is_final(self) -> bool:
        """Whether a hop is broken by how it is set up, which no waiting mends, and not by a state."""
        return any(check.breaks_path and check.id[3] != _STATES for hop in Hop for check in self.of(hop))

    @property
    def sound(self) -> tuple[Hop, ...]:
        """The hops of which everything is known, and is as it has to be.

        What a backend's own code does no fact shows, so only one that API Gateway plays itself can be sound.
        """
        return tuple(
            hop
            for hop in Hop
            if Outcome.of_checks(check.outcome for check in self.of(hop)) is Outcome.PASS
            and (hop is not Hop.BACKEND or self._is_mock)
        )

    @property
    def _is_mock(self) -> bool:
        return any(check.id == _MOCK and check.outcome is Outcome.PASS for check in self.of(Hop.BACKEND))

    def open(self, hop: Hop) -> tuple[CheckResult, ...]:
        """Return the checks of a hop that stay open although all that they rest on was read."""
        return tuple(
            check
            for check in self.of(hop)
            if check.outcome is Outcome.UNKNOWN and not check.weakness and check.id not in self.withheld
        )

    def is_symptom(self, hop: Hop) -> bool:
        """Whether a hop is broken by what only shows there, and may come from before."""
        found = {check.id for check in self.of(hop) if check.breaks_path}
        return bool(found) and found <= _SYMPTOMS

    def is_complete(self, hop: Hop) -> bool:
        """Whether nothing about a hop was withheld."""
        return not any(check.id in self.withheld for check in self.of(hop))

    def proven(self, hop: Hop) -> tuple[CheckResult, ...]:
        """Return the checks of a hop that a request got through: what was open about it is settled.

        So is a symptom: a load balancer none of whose targets is well uses them all.
        https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
        What a missing permission withholds stays open: the answer does not stand in for the permission.
        """
        settled = self.open(hop)
        return tuple(
            _settled(check) if check in settled or (check.breaks_path and check.id in _SYMPTOMS) else check
            for check in self.of(hop)
        )

    def doubted(self, hop: Hop, reason: str) -> tuple[CheckResult, ...]:
        """Return the checks of a hop without the certainty that it is broken."""
        return tuple(
            replace(check, outcome=Outcome.UNKNOWN, observed=f"{check.observed}; {reason}")
            if check.breaks_path
            else check
            for check in self.of(hop)
        )


def _settled(check: CheckResult) -> CheckResult:
    observed = f"{check.observed}; the request got through"
    return replace(check, outcome=Outcome.NOT_APPLICABLE, observed=observed)


class Facts(Protocol):
    """Tells what is known of a deployed path, beside what calls show."""

    def start(self, gateway: Mapping[str, object], /) -> None:
        """Begin to read, from the outputs of the gateway's stack; does not wait for it."""

    def of(self, service: str, method: str, path: str, /) -> Seen | None:
        """Return what the facts say of one request; None where there are none to judge by."""

    def findings(self) -> tuple[Finding, ...]:
        """Return what is to be said of the reading itself."""


class NoFacts:
    """Where the calls alone are to be judged."""

    def start(self, gateway: Mapping[str, object], /) -> None:
        """Read nothing."""

    def of(self, service: str, method: str, path: str, /) -> Seen | None:  # noqa: ARG002 -- the port's
        """Return None: there is nothing to judge by."""
        return None

    def findings(self) -> tuple[Finding, ...]:
        """Return nothing: nothing was read."""
        return ()
