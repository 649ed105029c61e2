"""The nine hops of the path, in the order in which a request meets them."""

from enum import StrEnum

__all__ = ["Hop"]


class Hop(StrEnum):
    """A hop. Its value is its name everywhere: code, reports, documentation; its number begins check ids."""

    ENTRY = "entry"
    AUTHORIZER = "authorizer"
    INTEGRATION = "integration"
    VPC_LINK = "vpc-link"
    LOAD_BALANCER = "load-balancer"
    TRANSIT = "transit"
    ENDPOINT = "endpoint"
    PRIVATE_API = "private-api"
    BACKEND = "backend"

    @property
    def number(self) -> int:
        """Position on the path, counted from 1."""
        return tuple(Hop).index(self) + 1
