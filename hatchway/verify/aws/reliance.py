"""Which reads each check rests on: where one is missing, its check is unknown, whatever the rest says.

Absence is a fact to many checks: no route, no rule, no target. What could not be read must not pass for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import READS, V2, Side

__all__ = ["RESTS_ON", "made_for", "missing_for", "withheld"]

Need = tuple[Side, str]

_G, _S, _E, _T = Side.GATEWAY, Side.SERVICE, Side.ENDPOINT, Side.TRANSIT


def _needs(side: Side, *operations: str) -> tuple[Need, ...]:
    return tuple((side, operation) for operation in operations)


_SERVED = _needs(_G, "GetExport")
_AUTHORIZER = (*_SERVED, *_needs(_G, "GetAuthorizers"))
_BALANCER = _needs(_G, "DescribeLoadBalancers")
_NODES = (*_BALANCER, *_needs(_G, "DescribeNetworkInterfaces"))
_LISTENER = (*_BALANCER, *_needs(_G, "DescribeListeners"))
_GROUP = (*_LISTENER, *_needs(_G, "DescribeTargetGroups"))
_TARGETS = (*_GROUP, *_needs(_G, "DescribeTargetHealth"))
_ENDPOINT = _needs(_E, "DescribeVpcEndpoints")
_PLACES = (
    *_NODES,
    *_ENDPOINT,
    *_needs(_E, "DescribeNetworkInterfaces", "DescribeSubnets", "DescribeVpcs"),
    *_needs(_G, "DescribeSubnets", "DescribeVpcs"),
)
_ROUTE = (*_PLACES, *_needs(_G, "DescribeRouteTables", "GetManagedPrefixListEntries"))
_ROUTE_BACK = (*_PLACES, *_needs(_E, "DescribeRouteTables", "GetManagedPrefixListEntries"))
_ATTACHED = (
    *_needs(_G, "DescribeTransitGatewayVpcAttachments", "DescribeVpcPeeringConnections"),
    *_needs(_E, "DescribeTransitGatewayVpcAttachments"),
)
_GATEWAY_TABLES = (*_ATTACHED, *_needs(_T, "DescribeTransitGatewayAttachments", "SearchTransitGatewayRoutes"))
_PRIVATE = (*_needs(_S, "GetRestApi"), *_SERVED)
_PRIVATE_SERVED = (*_PRIVATE, *_needs(_S, "GetExport"))
_DOMAINS = _needs(_G, "GetDomainNames", "GetBasePathMappings")

RESTS_ON: Mapping[str, tuple[Need, ...]] = {
    "HW101": _needs(_G, "GetRestApi"),
    "HW102": _needs(_G, "GetStages"),
    "HW103": _SERVED,
    "HW105": (*_needs(_G, "GetRestApi"), *_DOMAINS),
    "HW106": _SERVED,
    "HW111": _needs(_G, "GetStages", "GetUsagePlans"),
    "HW113": _needs(_G, "GetStages", "GetWebACL"),
    "HW170": (*_SERVED, *_needs(_G, "GetRestApi", "GetResources", "GetAuthorizers")),
    "HW171": (*_DOMAINS, *_needs(_G, "DescribeCertificate")),
    "HW172": (*_DOMAINS, *_needs(_G, "DescribeCertificate")),
    "HW173": _needs(_G, "GetStages", "GetAccount"),
    "HW174": _needs(_G, "GetVpcLinks", "GetUsagePlans", "GetResources", "GetAuthorizers"),
    "HW201": _AUTHORIZER,
    "HW202": (*_AUTHORIZER, *_needs(_G, "GetPolicy")),
    "HW203": _SERVED,
    "HW204": _AUTHORIZER,
    "HW205": _AUTHORIZER,
    "HW270": (*_AUTHORIZER, *_needs(_G, "GetFunctionConfiguration")),
    **{f"HW3{number:02}": _SERVED for number in (1, 2, 3, 4, 5, 9, 10, 13, 15)},
    "HW306": _PRIVATE,
    "HW307": (*_SERVED, *_ENDPOINT),
    "HW311": (*_SERVED, *_ENDPOINT, *_needs(_S, "GetRestApi")),
    "HW271": (*_SERVED, *_needs(_G, "GetUsagePlans")),
    "HW402": (*_needs(_G, "GetVpcLinks"), *_BALANCER),
    "HW404": (*_needs(_G, "GetVpcLinks"), *_BALANCER),
    "HW407": (*_needs(_G, "GetVpcLinks", "DescribeSecurityGroups"), *_BALANCER),
    "HW408": (
        *_needs(
            _G,
            "GetVpcLinks",
            "DescribeSubnets",
            "DescribeRouteTables",
            "DescribeNetworkAcls",
            "GetManagedPrefixListEntries",
        ),
        *_BALANCER,
    ),
    "HW470": (*_SERVED, *_needs(_G, "GetVpcLinks")),
    "HW502": _LISTENER,
    "HW503": _GROUP,
    "HW504": (*_BALANCER, *_needs(_G, "DescribeSecurityGroups", "GetManagedPrefixListEntries")),
    "HW505": (*_TARGETS, *_needs(_G, "DescribeSecurityGroups", "GetManagedPrefixListEntries")),
    "HW506": _BALANCER,
    "HW507": _BALANCER,
    "HW511": (*_GROUP, *_needs(_G, "DescribeTargetGroupAttributes")),
    "HW512": _TARGETS,
    "HW513": _TARGETS,
    "HW514": (*_TARGETS, *_ENDPOINT, *_needs(_E, "DescribeNetworkInterfaces")),
    "HW516": (*_GROUP, *_needs(_G, "DescribeTargetGroupAttributes")),
    "HW518": _GROUP,
    "HW519": (
        *_TARGETS,
        *_PLACES,
        *_needs(_G, "DescribeTargetGroupAttributes", "DescribeLoadBalancerAttributes"),
    ),
    "HW520": _GROUP,
    "HW522": (*_TARGETS, *_needs(_G, "DescribeSecurityGroups", "GetManagedPrefixListEntries")),
    "HW521": (*_needs(_G, "GetVpcLinks", "DescribeSecurityGroups"), *_BALANCER),
    "HW570": (*_needs(_G, "GetVpcLinks"), *_BALANCER),
    "HW602": _ROUTE,
    "HW603": (*_ROUTE, *_ATTACHED),
    "HW604": (*_ROUTE, *_ATTACHED),
    "HW605": (*_ROUTE, *_GATEWAY_TABLES),
    "HW606": _ROUTE_BACK,
    "HW607": (*_ROUTE_BACK, *_ATTACHED),
    "HW608": (*_ROUTE_BACK, *_GATEWAY_TABLES),
    "HW609": (*_PLACES, *_needs(_G, "DescribeNetworkAcls"), *_needs(_E, "DescribeNetworkAcls")),
    "HW610": _PLACES,
    "HW702": _ENDPOINT,
    "HW703": (
        *_NODES,
        *_ENDPOINT,
        *_needs(_E, "DescribeSecurityGroups", "GetManagedPrefixListEntries"),
    ),
    "HW704": (*_ENDPOINT, *_PRIVATE),
    "HW707": _ENDPOINT,
    "HW708": _ENDPOINT,
    "HW770": _ENDPOINT,
    "HW771": _TARGETS,
    "HW772": _TARGETS,
    "HW802": _PRIVATE,
    "HW804": (*_PRIVATE_SERVED, *_ENDPOINT, *_NODES),
    "HW805": (*_PRIVATE_SERVED, *_ENDPOINT),
    "HW806": (*_PRIVATE, *_needs(_S, "GetStages")),
    "HW807": (*_PRIVATE, *_needs(_S, "GetStages")),
    "HW808": (*_PRIVATE_SERVED, *_needs(_S, "GetStages")),
    "HW811": (*_PRIVATE_SERVED, *_needs(_S, "GetAuthorizers", "GetPolicy")),
    "HW816": _PRIVATE,
    "HW817": _needs(_S, "GetStages"),
    "HW870": _needs(_S, "GetRestApi"),
    "HW871": _needs(_S, "GetExport", "GetRestApi", "GetResources", "GetAuthorizers"),
    "HW901": _PRIVATE_SERVED,
    "HW902": _PRIVATE_SERVED,
    "HW903": (*_PRIVATE_SERVED, *_needs(_S, "GetPolicy")),
    "HW970": (*_PRIVATE_SERVED, *_needs(_S, "GetFunctionConfiguration")),
}
"""Reads by check id."""


def missing_for(
    check_id: str, estate: Estate, service: str, refusals: Iterable[Refusal]
) -> Iterator[Refusal]:
    """Give the refused reads that a check on the path to a service rests on, directly or through others."""
    needs = RESTS_ON.get(check_id)
    if needs is None:
        # Whatever it rests on, it may be this.
        yield from refusals
        return
    wanted = {
        (estate.account_of(side, service), operation)
        for need in _closure(needs)
        for side, operation in made_for(
            need, estate.kind, has_links_of_version_2=estate.has_links_of_version_2
        )
    }
    for refusal in refusals:
        if (refusal.request.account, refusal.request.operation) in wanted:
            yield refusal


_OF_HTTP_API = {
    "GetRestApi": (f"{V2}GetApi",),
    "GetStages": (f"{V2}GetStages",),
    "GetExport": (f"{V2}GetRoutes", f"{V2}GetIntegrations", f"{V2}ExportApi"),
    "GetResources": (f"{V2}GetStages", f"{V2}GetRoutes"),
    "GetAuthorizers": (f"{V2}GetRoutes", f"{V2}GetAuthorizer"),
    "GetVpcLinks": (f"{V2}GetVpcLinks", f"{V2}GetIntegrations"),
    "GetDomainNames": (f"{V2}GetDomainNames",),
    "GetBasePathMappings": (f"{V2}GetApiMappings",),
    "GetAccount": (),
    "GetUsagePlans": (),
    "GetWebACL": (),
    # An integration names a listener, and its load balancer is the one that the listener belongs to.
    "DescribeLoadBalancers": ("DescribeLoadBalancers", "DescribeListeners"),
}
"""What tells the same of an HTTP API, and behind it, as an operation does of a REST API."""


def made_for(need: Need, kind: str, *, has_links_of_version_2: bool = False) -> Iterator[Need]:
    """Give the reads that are made for a need: others for an HTTP API, and for links of version 2."""
    side, operation = need
    if side is not Side.GATEWAY:
        yield need
    elif kind == "http":
        for one in _OF_HTTP_API.get(operation, (operation,)):
            yield side, one
    elif operation == "GetVpcLinks" and has_links_of_version_2:
        yield side, f"{V2}{operation}"
    else:
        yield need


def _closure(needs: Iterable[Need]) -> set[Need]:
    """Return needs with those that say what to ask about."""
    found: set[Need] = set()
    waiting = list(needs)
    while waiting:
        need = waiting.pop()
        if need in found:
            continue
        found.add(need)
        before = [(side, name) for name in READS[need[1]].after for side in READS[name].sides]
        waiting += [one for one in before if one[0] is need[0]] or before
    return found


def withheld(check: CheckResult, missing: Iterable[Refusal]) -> CheckResult:
    """Return a check as unknown if a read that it rests on is missing, with what to grant."""
    first = next(iter(missing), None)
    if first is None:
        return check
    return replace(
        check,
        outcome=Outcome.UNKNOWN,
        observed=first.reason,
        expected=check.expected,
        symptom="",
        fix=first.fix,
    )
