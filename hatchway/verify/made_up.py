"""Values that stand for something that does not exist."""

import secrets

__all__ = ["api_id", "never_issued", "no_api_id", "path_part"]


def never_issued() -> str:
    """Return a credential that nobody ever issued: letters and digits that no issuer could have drawn."""
    return secrets.token_hex(24)


def path_part() -> str:
    """Return a part of a path that nobody has."""
    return f"hatchway-verify-{secrets.token_hex(4)}"


def api_id() -> str:
    """Return an id in the form of those of APIs."""
    return secrets.token_hex(5)


def no_api_id() -> str:
    """Return what has the form of a host name and a path, and not that of an API's id."""
    return f"{api_id()}.{api_id()}/../{path_part()}"
