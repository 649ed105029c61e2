"""The throwaway certificate authority that makes TLS in the sandbox real."""

import ssl
import threading
from typing import Self

import trustme

__all__ = ["Authority"]


class Authority:
    """Issues certificates for any host name the sandbox answers for.

    Only who trusts `ca_pem` trusts them. The authority's own key stays in the memory of this process: it
    is never written to disk, so nothing that outlives the sandbox can sign in its name.
    """

    def __init__(self, ca: trustme.CA) -> None:
        self._ca = ca
        self._contexts: dict[tuple[str, ...], ssl.SSLContext] = {}
        self._lock = threading.Lock()

    @classmethod
    def create(cls) -> Self:
        """Makes a new authority; no two sandboxes share one."""
        return cls(trustme.CA(organization_name="Hatchway sandbox"))

    @property
    def ca_pem(self) -> bytes:
        """The authority's certificate, which is public."""
        return self._ca.cert_pem.bytes()

    def server_context(self, *hostnames: str) -> ssl.SSLContext:
        """Returns a TLS server's context with one certificate for all `hostnames`; cached by the names."""
        with self._lock:
            context = self._contexts.get(hostnames)
            if context is None:
                context = self._new_server_context(hostnames)
                self._contexts[hostnames] = context
            return context

    def domain_context(
        self, hostname: str, minimum_version: ssl.TLSVersion, truststore: bytes | None
    ) -> ssl.SSLContext:
        """Returns a TLS server's context for one name, which may ask callers for certificates.

        Args:
            hostname: The name.
            minimum_version: The oldest TLS that is spoken.
            truststore: PEM certificates whose holders may sign callers' certificates; None asks for none.
        """
        key = (hostname, str(minimum_version), (truststore or b"").decode("ascii", "replace"))
        with self._lock:
            context = self._contexts.get(key)
            if context is None:
                context = self._new_server_context((hostname,))
                context.minimum_version = minimum_version
                if truststore is not None:
                    context.load_verify_locations(cadata=truststore.decode("ascii", "replace"))
                    context.verify_mode = ssl.CERT_REQUIRED
                self._contexts[key] = context
            return context

    def client_context(self) -> ssl.SSLContext:
        """Returns a TLS client's context that trusts this authority and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        return context

    def _new_server_context(self, hostnames: tuple[str, ...]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # HTTP/1.1 only: nothing behind the front speaks HTTP/2, so it must not be negotiated.
        context.set_alpn_protocols(["http/1.1"])
        self._ca.issue_cert(*hostnames).configure_cert(context)
        return context
