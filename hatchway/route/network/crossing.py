"""From one VPC to another: over a Transit Gateway or a peering connection, one direction at a time.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
"""

from ipaddress import IPv4Network

from hatchway.route.network import routes
from hatchway.route.network.model import (
    Answer,
    Attachment,
    Gateway,
    GatewayRoute,
    Place,
    Route,
    TargetKind,
    Transit,
)
from hatchway.route.network.prefixes import Prefixes
from hatchway.route.network.zones import same_zone
from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth, any_of

Steps = dict[str, Answer]
"""The questions of one direction by name: `route`, `attachment`, `zone`, `gateway`."""


def cross(transit: Transit, source: Place, target: Place) -> Steps:
    """Answer, question by question, whether packets get from one place to the other."""
    local = routes.is_local(source, target)
    if local is Truth.YES:
        return {"route": Answer(Truth.YES, source.subject, "both are in one VPC")}
    choice = routes.choose(source, target.network)
    if choice.route is None:
        return {"route": choice.answer}
    if choice.route.kind is TargetKind.TRANSIT_GATEWAY:
        return {"route": choice.answer} | _over_gateway(transit, choice.route, source, target)
    if choice.route.kind is TargetKind.PEERING:
        return {"route": choice.answer, "attachment": _over_peering(transit, choice.route, source, target)}
    astray = choice.route.kind is TargetKind.LOCAL and local is Truth.NO
    # Nobody on the internet takes packets to a private address any further.
    astray |= choice.route.kind is TargetKind.INTERNET and _is_private(target)
    verdict = Truth.NO if astray else Truth.MAYBE
    reason = f"the route leads to {choice.route.target}, not to the other VPC"
    return {"route": Answer(verdict, choice.route.subject, reason)}


def _is_private(place: Place) -> bool:
    return place.network is not None and not place.network.is_global


def _over_peering(transit: Transit, route: Route, source: Place, target: Place) -> Answer:
    peering = next((one for one in transit.peerings if one.id == route.target), None)
    if peering is None or source.vpc is None or target.vpc is None:
        return Answer(Truth.MAYBE, route.subject, "the peering connection is not in sight")
    for place in (source, target):
        assert place.vpc is not None  # noqa: S101 -- narrowed above
        joined = any_of(equals(vpc, place.vpc.id) for vpc in peering.vpcs)
        if joined is not Truth.YES:
            return Answer(
                joined, peering.subject, f"the peering connection does not join {place.vpc.subject}"
            )
    if peering.is_accepted is not Truth.YES:
        return Answer(peering.is_accepted, peering.subject, "the peering connection is not accepted")
    return Answer(Truth.YES, peering.subject, "the peering connection joins both VPCs")


def _over_gateway(transit: Transit, route: Route, source: Place, target: Place) -> Steps:
    if source.vpc is None or target.vpc is None:
        return {"attachment": Answer(Truth.MAYBE, route.subject, "the VPC of a subnet is not in sight")}
    gateway = next(
        (one for one in transit.gateways if one.id == route.target),
        Gateway(id=route.target, subject=route.subject, is_in_sight=False),
    )
    near = _attachment(transit, gateway, source.vpc.id)
    far = _attachment(transit, gateway, target.vpc.id)
    for place, found in ((source, near), (target, far)):
        if not isinstance(found, Attachment):
            assert place.vpc is not None  # noqa: S101 -- narrowed above
            return {
                "attachment": Answer(found, gateway.subject, f"{place.vpc.subject} is not attached to it")
            }
        if found.is_accepted is not Truth.YES:
            return {"attachment": Answer(found.is_accepted, found.subject, "the attachment is not accepted")}
    assert isinstance(near, Attachment)  # noqa: S101 -- both were returned on above
    assert isinstance(far, Attachment)  # noqa: S101 -- the same
    return {
        "attachment": Answer(Truth.YES, near.subject, "both VPCs are attached"),
        "zone": _zone(near, source),
        "gateway": _forward(transit, gateway, near, far, target.network),
    }


def _attachment(transit: Transit, gateway: Gateway, vpc: Text) -> Attachment | Truth:
    """Return the attachment of a VPC, else whether it may have one that is not in sight."""
    found = transit.attached.get((vpc, gateway.id))
    if found is not None:
        return found
    doubt = not gateway.is_in_sight or any(
        equals(one.vpc, vpc) is not Truth.NO and equals(one.gateway, gateway.id) is not Truth.NO
        for one in transit.attachments
    )
    return Truth.MAYBE if doubt else Truth.NO


def _zone(attachment: Attachment, place: Place) -> Answer:
    """A subnet reaches the gateway only if the attachment has a subnet in its zone."""
    if attachment.zones is None or place.zone is None:
        return Answer(Truth.MAYBE, attachment.subject, "the zones of the attachment are not known")
    found = any_of(same_zone(zone, place.zone) for zone in attachment.zones)
    verb = {Truth.YES: "has", Truth.MAYBE: "may have", Truth.NO: "has no"}[found]
    noun = "subnet" if found is Truth.NO else "a subnet"
    return Answer(found, attachment.subject, f"the attachment {verb} {noun} in zone {place.zone}")


def _forward(
    transit: Transit, gateway: Gateway, near: Attachment, far: Attachment, destination: IPv4Network | None
) -> Answer:
    """Look the destination up in the route table the near attachment is associated with."""
    table = _table(transit, gateway, near)
    if table is None or isinstance(table, Answer):
        return table or Answer(Truth.MAYBE, near.subject, "its Transit Gateway route table is not in sight")
    covering, doubtful = _candidates(transit, gateway, table).split(destination)
    best = max(covering, key=lambda one: one.destination.prefixlen if one.destination else 0, default=None)
    if any(one.attachment != far.id for one in doubtful if one.destination is None or best is None):
        return Answer(Truth.MAYBE, gateway.subject, "a route of the gateway is not known yet")
    if best is None:
        known = gateway.is_in_sight and not doubtful and not _may_propagate(transit, gateway)
        reason = f"no Transit Gateway route leads to {destination}"
        return Answer(Truth.NO if known else Truth.MAYBE, gateway.subject, reason)
    if best.attachment is None:
        return Answer(Truth.NO, best.subject, f"{best.destination} is a blackhole")
    same = equals(best.attachment, far.id)
    verb = "leads to" if same is Truth.YES else "does not lead to"
    return Answer(same, best.subject, f"{best.destination} {verb} {far.subject}")


def _table(transit: Transit, gateway: Gateway, near: Attachment) -> Text | Answer | None:
    if near.id in transit.associated:
        return transit.associated[near.id]
    if any(equals(link.attachment, near.id) is Truth.MAYBE for link in transit.associations):
        return None
    if near.associates_by_default is Truth.NO:
        return Answer(
            Truth.NO, near.subject, "the attachment is associated with no Transit Gateway route table"
        )
    return gateway.default_table if near.associates_by_default is Truth.YES else None


def _candidates(transit: Transit, gateway: Gateway, table: Text) -> Prefixes[GatewayRoute]:
    """Return the routes of a table, gathered once for all paths that lead through it."""
    key = (gateway.id, table)
    if key not in transit.tables:
        transit.tables[key] = Prefixes(_gathered(transit, gateway, table))
    return transit.tables[key]


def _gathered(transit: Transit, gateway: Gateway, table: Text) -> list[GatewayRoute]:
    found = [route for route in transit.routes if equals(route.table, table) is Truth.YES]
    static = {route.destination for route in found}
    for attachment in transit.attachments:
        if equals(attachment.gateway, gateway.id) is not Truth.YES or not _propagates(
            transit, gateway, attachment, table
        ):
            continue
        vpc = next((vpc for vpc in transit.vpcs if vpc.id == attachment.vpc), None)
        cidrs: tuple[IPv4Network | None, ...] = (None,) if vpc is None or vpc.cidrs is None else vpc.cidrs
        # A static route is preferred over a propagated one to the same network.
        found += [
            GatewayRoute(subject=attachment.subject, table=table, destination=cidr, attachment=attachment.id)
            for cidr in cidrs
            if cidr is None or cidr not in static
        ]
    return found


def _propagates(transit: Transit, gateway: Gateway, attachment: Attachment, table: Text) -> bool:
    if (attachment.id, table) in transit.propagated:
        return True
    return attachment.propagates_by_default is Truth.YES and gateway.default_table == table


def _may_propagate(transit: Transit, gateway: Gateway) -> bool:
    return any(
        one.propagates_by_default is Truth.MAYBE and equals(one.gateway, gateway.id) is not Truth.NO
        for one in transit.attachments
    )
