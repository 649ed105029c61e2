"""Keeping secrets out of what is shown."""

import re
from collections.abc import Mapping

__all__ = ["redact"]

_MASK = "********"
_SECRET_NAMES = re.compile(r"SECRET|TOKEN|PASSWORD|PRIVATE_KEY", re.IGNORECASE)
# Access key ids have a documented shape.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b")
_BEARER = re.compile(r"(?i)\b(bearer)\s+[A-Za-z0-9._~+/-]{8,}=*")
_PROXY_LOGIN = re.compile(r"(?<=://)[^/@\s:]+:[^/@\s]+(?=@)")
_SHORTEST = 8


def redact(text: str, environ: Mapping[str, str]) -> str:
    """Return `text` with secret environment variables and what looks like a credential masked."""
    secrets = {value for name, value in environ.items() if _SECRET_NAMES.search(name)}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _MASK) if len(secret) >= _SHORTEST else text
    text = _ACCESS_KEY.sub(_MASK, text)
    text = _PROXY_LOGIN.sub(_MASK, text)
    return _BEARER.sub(rf"\1 {_MASK}", text)
