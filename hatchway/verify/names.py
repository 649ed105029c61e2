"""Where the public host's name leads from here."""

import ipaddress
import os
import socket
import urllib.request
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from hatchway.verify.connect_to import ConnectTo

__all__ = ["Names"]


_HTTPS = 443


def _resolved(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Names:
    """Tells whether a public name stands for private addresses here, as in a VPC with private DNS.

    An execute-api endpoint with private DNS takes the names of every API of its region in its VPC, public
    ones too, and answers 403 for those.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html

    Args:
        environ: The environment; with a proxy, names are looked up there and not here.
        resolve: Looks a name up.
        connect_to: Where connections go instead, whatever the name stands for.
    """

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        resolve: Callable[[str], tuple[str, ...]] = _resolved,
        connect_to: ConnectTo | None = None,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._resolve = resolve
        self._connect_to = connect_to or ConnectTo()

    def inside(self, url: str) -> tuple[str, ...]:
        """Return the private addresses of a URL's host, if all of its addresses are private."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._goes_through_proxy(host) or self._connect_to.concerns(host, parts.port or _HTTPS):
            return ()
        addresses = self._resolve(host)
        private = [one for one in addresses if ipaddress.ip_address(one.split("%", 1)[0]).is_private]
        return tuple(private) if len(private) == len(addresses) else ()

    def _goes_through_proxy(self, host: str) -> bool:
        proxy = self._environ.get("https_proxy") or self._environ.get("HTTPS_PROXY")
        bypass = self._environ.get("no_proxy") or self._environ.get("NO_PROXY") or ""
        # typeshed leaves it out, and the standard library's own openers rest on it.
        exempt: bool = urllib.request.proxy_bypass_environment(host, {"no": bypass})  # type: ignore[attr-defined]  # see above
        return bool(proxy) and not exempt
