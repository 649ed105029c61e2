"""How long the parts of a call took."""

from dataclasses import dataclass

__all__ = ["Timing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Where the time of one call went, in seconds; None for a part that was not come to.

    Attributes:
        total: From the beginning to the last byte, or to where it was given up.
        resolve: Looking up the host's name; that of the proxy, where there is one.
        connect: TCP, to the host or to the proxy.
        tls: The TLS handshake, with what a proxy takes to open the way.
        first_byte: From the request to status and headers of the answer.
    """

    total: float
    resolve: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None

    def __str__(self) -> str:
        parts = {
            "resolve": self.resolve,
            "connect": self.connect,
            "TLS": self.tls,
            "first byte": self.first_byte,
        }
        said = ", ".join(f"{name} {_rounded(part)}" for name, part in parts.items() if part is not None)
        return f"{_rounded(self.total)} ms" + (f" ({said})" if said else "")


def _rounded(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
