"""Speaking TLS as clients of long ago did, to see that nobody answers."""

import ssl
import warnings

__all__ = ["speaks_old_tls_alone"]


def speaks_old_tls_alone(context: ssl.SSLContext) -> bool:
    """Make a context offer TLS 1.0 and 1.1 and nothing later; False where this machine's OpenSSL will not."""
    with warnings.catch_warnings():
        # Python calls these versions obsolete, which is why they are tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    hello = ssl.MemoryBIO()
    try:
        # Both hash with SHA-1, which OpenSSL allows at no other level.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        return hello.pending > 0
    except ssl.SSLError:
        return False
    return False
