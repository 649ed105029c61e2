"""Connecting elsewhere than a name leads, as curl's option of the same name does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hatchway.errors import UsageError

__all__ = ["ConnectTo", "read_connect_to"]

_HOST = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*"
_FORM = re.compile(rf"(?P<host>{_HOST}):(?P<port>\d*):(?P<other>{_HOST}):(?P<other_port>\d*)", re.ASCII)
_MAXIMUM_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One detour; what is empty or None stands for any, and on the right for the same."""

    host: str
    port: int | None
    other: str
    other_port: int | None

    def fits(self, host: str, port: int) -> bool:
        return self.host in {"", host.lower()} and self.port in {None, port}


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """Where connections go instead. Names in URLs, in `Host` and in TLS stay what they are."""

    rules: tuple[_Rule, ...] = ()

    def of(self, host: str, port: int) -> tuple[str, int]:
        """Return where to connect for a host and a port: by the first rule that fits, else as it is."""
        for rule in self.rules:
            if rule.fits(host, port):
                return rule.other or host, rule.other_port or port
        return host, port

    def concerns(self, host: str, port: int) -> bool:
        """Whether a rule fits a host and a port."""
        return any(rule.fits(host, port) for rule in self.rules)


def read_connect_to(texts: Sequence[str]) -> ConnectTo:
    """Return the detours that a user wrote as `HOST1:PORT1:HOST2:PORT2`.

    Raises:
        UsageError: One of them is not of this form, or leads nowhere else.
    """
    return ConnectTo(tuple(_read(text) for text in texts))


def _read(text: str) -> _Rule:
    found = _FORM.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--connect-to: is not HOST1:PORT1:HOST2:PORT2, got {text!r}. HOST1 and PORT1 may be empty and "
            "stand for any, an empty HOST2 or PORT2 for the same; an IPv6 address stands in brackets. "
            "For example ::203.0.113.7:443"
        )
    rule = _Rule(
        host=found["host"].lower().strip("[]"),
        port=_port(found["port"], text),
        other=found["other"].strip("[]"),
        other_port=_port(found["other_port"], text),
    )
    if not rule.other and rule.other_port is None:
        raise UsageError(f"--connect-to: HOST2 and PORT2 are both empty, so it leads nowhere, got {text!r}.")
    return rule


def _port(digits: str, text: str) -> int | None:
    if not digits:
        return None
    if not 0 < int(digits) <= _MAXIMUM_PORT:
        raise UsageError(f"--connect-to: a port is a number from 1 to 65535, got {digits!r} in {text!r}.")
    return int(digits)
