"""What to do about a VPC link that is not available."""

from hatchway.route.facts import RouteFacts
from hatchway.route.live import State

__all__ = ["FIX", "link_fix"]

_FIXES = {
    "PENDING": "Wait while {link} is made, which takes minutes.",
    "FAILED": "Replace {link}; its status message says why it failed.",
    "INACTIVE": "Call the route until it answers: {link} had no traffic for 60 days, so AWS took its network "
    "interfaces away; requests wake it, which takes minutes.",
}
_GONE = "Deploy {link} again, then what refers to it."

FIX = (
    "Replace a link that failed, as its status message says; wait for one that is pending. One of version 2 "
    "that had no traffic for 60 days is INACTIVE and has no network interfaces: requests wake it, which "
    "takes minutes."
)
"""What the reference says of every state."""


def link_fix(facts: RouteFacts, found: State | None) -> str:
    """Return what to do about the link of a route, by its kind and by the state that AWS gives it.

    Only a link of version 2 becomes INACTIVE, and it does so by itself.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
    """
    link = "aws_apigatewayv2_vpc_link" if _is_v2(facts) else "aws_api_gateway_vpc_link"
    return _FIXES.get(found.code.upper() if found is not None else "", _GONE).format(link=link)


def _is_v2(facts: RouteFacts) -> bool:
    if facts.link is not None:
        return facts.link.is_v2
    method = facts.entry.method
    integration = method.integration if method is not None else None
    # A link that is not there shows its kind in what names it.
    return facts.entry.api.is_http or (integration is not None and integration.target is not None)
