"""Host names on the internet that a sandbox is to reach, each mapped to a server on this machine."""

import re
from collections.abc import Iterable

from hatchway.errors import UsageError

__all__ = ["parse_backends"]

_MAPPING = re.compile(r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)=(?P<address>[^:=]+):(?P<port>\d{1,5})")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_PORTS = range(1, 65536)
_AWS = (".amazonaws.com", ".api.aws")


def parse_backends(given: Iterable[str]) -> dict[str, int]:
    """Reads `HOST=127.0.0.1:PORT`; returns the ports by host name.

    Raises:
        UsageError: Some cannot be read; names all of them.
    """
    backends: dict[str, int] = {}
    problems = []
    for text in given:
        found = _MAPPING.fullmatch(text.lower())
        if found is None or int(found["port"]) not in _PORTS:
            problems.append(f"{text!r} is not HOST=127.0.0.1:PORT")
        elif found["address"] not in _LOOPBACK:
            problems.append(f"{text!r} leads off this machine; only 127.0.0.1 is taken")
        elif found["host"].endswith(_AWS):
            problems.append(f"{text!r} maps a name of AWS, which the sandbox answers itself")
        elif found["host"] in backends:
            problems.append(f"{text!r} maps {found['host']} once more")
        else:
            backends[found["host"]] = int(found["port"])
    if problems:
        raise UsageError("--backend: " + "; ".join(problems) + ".")
    return backends
