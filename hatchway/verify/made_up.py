"""Values that stand for something that does not exist."""

import secrets

__all__ = ["api_id", "never_issued", "path_part"]


def never_issued() -> str:
    """Return a credential that nobody ever issued: letters and digits that no issuer could have drawn."""
    return secrets.token_hex(24)


def path_part() -> str:
    """Return a part of a path that nobody has."""
    return f"hatchway-verify-{secrets.token_hex(4)}"


def api_id() -> str:
    """Return an id in the form of those of APIs."""
    return secrets.token_hex(5)
