"""Transit Gateways across accounts: attachments, default route tables, routes to a shared gateway."""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import DuplicateTransitGatewayAttachmentError, EC2ClientError
from moto.ec2.models import (
    ec2_backends,
    route_tables,
    transit_gateway,
    transit_gateway_attachments,
    transit_gateway_route_tables,
)
from moto.ec2.responses import transit_gateway_attachments as attachment_responses
from moto.ram.models import ram_backends

from hatchway.sandbox.control.patching import around, parameter
from hatchway.sandbox.control.ram import is_shared_with
from hatchway.sandbox.control.shared_view import SeenByOther

__all__ = ["install"]


def install() -> None:
    """Corrects moto's Transit Gateways."""
    attachments = transit_gateway_attachments.TransitGatewayAttachmentBackend
    around(transit_gateway.TransitGateway, "__init__", _default_tables_only_where_enabled)
    around(transit_gateway.TransitGatewayBackend, "describe_transit_gateways", _a_shared_gateway_is_seen)
    around(transit_gateway.TransitGatewayBackend, "delete_transit_gateway", _a_gateway_in_use_stays)
    around(attachments, "create_transit_gateway_vpc_attachment", _attaching_to_a_shared_gateway)
    around(
        attachment_responses.TransitGatewayAttachment,
        "create_transit_gateway_vpc_attachment",
        _an_attachment_keeps_its_tags,
    )
    around(attachments, "modify_transit_gateway_vpc_attachment", _a_changed_attachment_is_checked)
    around(attachments, "delete_transit_gateway_vpc_attachment", _a_deleted_attachment_is_gone_on_both_sides)
    around(route_tables.RouteBackend, "create_route", _a_route_leads_to_a_shared_gateway)
    around(
        transit_gateway_route_tables.TransitGatewayRouteTableBackend,
        "search_transit_gateway_routes",
        _routes_are_complete,
    )
    attachment = transit_gateway_attachments.TransitGatewayAttachment
    # mypy sees assignments to read-only properties; replacing them is the point.
    attachment.transit_gateway_owner_id = property(_owner_of_the_gateway)  # type: ignore[method-assign, assignment]
    attachment.association = property(_association_that_exists)  # type: ignore[method-assign, assignment]
    attachment_responses.TransitGatewayAttachment.accept_transit_gateway_vpc_attachment = _accept  # type: ignore[attr-defined]


def _default_tables_only_where_enabled(original: Any, gateway: Any, *args: Any, **kwargs: Any) -> None:
    """Names default route tables only where the options enable them; goes when moto looks at the options.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayOptions.html
    """
    original(gateway, *args, **kwargs)
    if gateway.options["DefaultRouteTableAssociation"] == "disable":
        gateway.options.pop("AssociationDefaultRouteTableId")
    if gateway.options["DefaultRouteTablePropagation"] == "disable":
        gateway.options.pop("PropagationDefaultRouteTableId")


def _backends(region: str) -> Iterator[Any]:
    """Yields the EC2 backends of the region, of every account seen so far."""
    for regions in list(ec2_backends.values()):
        if region in regions:
            yield regions[region]


def _shared_gateway(backend: Any, gateway_id: str) -> tuple[Any, Any] | None:
    """Returns a gateway of another account that is shared with this one, and its owner's backend."""
    for owner in _backends(backend.region_name):
        gateway = owner.transit_gateways.get(gateway_id)
        if gateway is not None and owner is not backend:
            shares = ram_backends[owner.account_id][backend.region_name].resource_shares
            if any(
                gateway.arn in share.resource_arns and is_shared_with(share, backend.account_id)
                for share in shares
            ):
                return gateway, owner
    return None


def _a_shared_gateway_is_seen(
    original: Any, backend: Any, filters: Any = None, transit_gateway_ids: Any = None
) -> Any:
    """Shows a gateway to the accounts it is shared with, when asked for by id.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html
    Goes when moto knows shared gateways.
    """
    found = original(backend, filters, transit_gateway_ids)
    for gateway_id in transit_gateway_ids or ():
        shared = _shared_gateway(backend, gateway_id)
        if shared is not None:
            found.append(shared[0])
    return found


def _a_gateway_in_use_stays(original: Any, backend: Any, transit_gateway_id: str) -> Any:
    """Refuses to delete a gateway that has attachments.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGateway.html
    Goes when moto refuses it.
    """
    live = [
        attachment.id
        for attachment in backend.transit_gateway_attachments.values()
        if attachment.transit_gateway_id == transit_gateway_id and attachment.state != "deleted"
    ]
    if live:
        raise EC2ClientError(
            "IncorrectState", f"{transit_gateway_id} has non-deleted VPC Attachments: {', '.join(live)}."
        )
    gateway = original(backend, transit_gateway_id)
    gateway.state = "deleted"
    return gateway


def _attaching_to_a_shared_gateway(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Attaches a VPC to a gateway of its own account or to a shared one, and uses the default tables.

    An attachment to a shared gateway waits for its owner, unless the gateway accepts by itself.
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    Goes when moto attaches across accounts and propagates to the default table.
    """
    gateway_id = kwargs["transit_gateway_id"]
    owner, gateway = backend, backend.transit_gateways.get(gateway_id)
    if gateway is None:
        shared = _shared_gateway(backend, gateway_id)
        if shared is None:
            return original(backend, *args, **kwargs)
        gateway, owner = shared
    _check_attachment(backend, gateway_id, kwargs["vpc_id"], kwargs["subnet_ids"])
    attachment: Any = transit_gateway_attachments.TransitGatewayVpcAttachment(
        backend,
        transit_gateway=gateway,
        vpc_id=kwargs["vpc_id"],
        subnet_ids=kwargs["subnet_ids"],
        tags=kwargs.get("tags"),
        options=kwargs.get("options"),
    )
    attachment.sandbox_owner = owner.account_id
    attachment.transit_gateway_route_table = None
    if owner is not backend and gateway.options["AutoAcceptSharedAttachments"] != "enable":
        attachment.state = "pendingAcceptance"
    backend.transit_gateway_attachments[attachment.id] = attachment
    if owner is not backend:
        owner.transit_gateway_attachments[attachment.id] = SeenByOther(attachment, owner)
    if attachment.state == "available":
        _use_default_tables(owner, gateway, attachment)
    return attachment


def _an_attachment_keeps_its_tags(original: Any, response: Any) -> Any:
    """Keeps the tags given at creation, which moto looks for under another resource type.

    Goes when moto reads `transit-gateway-attachment`.
    """
    result = original(response)
    for specification in parameter(response, "TagSpecifications") or ():
        for tag in specification.get("Tags", ()):
            result.result["TransitGatewayVpcAttachment"].add_tag(tag["Key"], tag["Value"])
    return result


def _check_attachment(backend: Any, gateway_id: str, vpc_id: str, subnet_ids: list[str]) -> None:
    """Refuses a second attachment of a VPC, and two subnets in one zone."""
    for other in backend.transit_gateway_attachments.values():
        if (other.transit_gateway_id, other.resource_id) == (gateway_id, vpc_id) and other.state != "deleted":
            raise DuplicateTransitGatewayAttachmentError(gateway_id)
    _check_zones([backend.get_subnet(subnet_id) for subnet_id in subnet_ids])


def _a_changed_attachment_is_checked(
    original: Any, backend: Any, transit_gateway_attachment_id: str, *args: Any, **kwargs: Any
) -> Any:
    """Refuses to leave an attachment without subnets, with two in a zone, or with those of another VPC.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayVpcAttachment.html
    Goes when moto refuses it.
    """
    attachment = backend.transit_gateway_attachments.get(transit_gateway_attachment_id)
    if attachment is None or attachment.state == "deleted":
        raise EC2ClientError(
            "InvalidTransitGatewayAttachmentID.NotFound",
            f"Transit Gateway Attachment {transit_gateway_attachment_id} was deleted or does not exist.",
        )
    gone = kwargs.get("remove_subnet_ids") or ()
    subnet_ids = [item for item in attachment.subnet_ids if item not in gone]
    subnet_ids += kwargs.get("add_subnet_ids") or []
    subnets = [backend.get_subnet(item) for item in subnet_ids]
    if not subnets:
        raise EC2ClientError("InvalidParameterValue", "An attachment needs at least one subnet.")
    if any(subnet.vpc_id != attachment.vpc_id for subnet in subnets):
        raise EC2ClientError("InvalidSubnetID.NotFound", "A subnet is not of the attachment's VPC.")
    _check_zones(subnets)
    return original(backend, transit_gateway_attachment_id, *args, **kwargs)


def _check_zones(subnets: list[Any]) -> None:
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise EC2ClientError(
            "DuplicateSubnetsInSameZone", "Two subnets of the attachment are in the same zone."
        )


def _use_default_tables(owner: Any, gateway: Any, attachment: Any) -> None:
    if gateway.options["DefaultRouteTableAssociation"] == "enable":
        table = gateway.options["AssociationDefaultRouteTableId"]
        owner.associate_transit_gateway_route_table(attachment.id, table)
    if gateway.options["DefaultRouteTablePropagation"] == "enable":
        table = gateway.options["PropagationDefaultRouteTableId"]
        owner.enable_transit_gateway_route_table_propagation(attachment.id, table)


def _accept(response: Any) -> ActionResult:
    """Accepts an attachment from another account, which only the gateway's owner can.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptTransitGatewayVpcAttachment.html
    Goes when moto has the operation.
    """
    backend = response.ec2_backend
    attachment_id = parameter(response, "TransitGatewayAttachmentId")
    attachment = backend.transit_gateway_attachments.get(attachment_id)
    if attachment is None or attachment.transit_gateway_id not in backend.transit_gateways:
        raise EC2ClientError(
            "InvalidTransitGatewayAttachmentID.NotFound",
            f"Transit Gateway Attachment {attachment_id} was deleted or does not exist.",
        )
    if attachment.state == "pendingAcceptance":
        attachment.state = "available"
        _use_default_tables(backend, backend.transit_gateways[attachment.transit_gateway_id], attachment)
    return ActionResult({"TransitGatewayVpcAttachment": attachment})


def _a_deleted_attachment_is_gone_on_both_sides(
    original: Any, backend: Any, transit_gateway_attachment_id: str
) -> Any:
    """Takes a deleted attachment out of every table, and keeps showing it as deleted for its readers.

    moto forgets it at once, on one side only; the provider polls until it reads `deleted`.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html
    Goes when moto does.
    """
    attachment = backend.transit_gateway_attachments[transit_gateway_attachment_id]
    sides = [
        side for side in _backends(backend.region_name) if attachment.id in side.transit_gateway_attachments
    ]
    seen = {side: side.transit_gateway_attachments[attachment.id] for side in sides}
    for side in sides:
        side.transit_gateway_associations.pop(attachment.id, None)
        side.transit_gateway_propagations.pop(attachment.id, None)
        for table in side.transit_gateways_route_tables.values():
            _forget(table, attachment.id)
    original(backend, transit_gateway_attachment_id)
    attachment.state = "deleted"
    attachment._association_data = {}  # noqa: SLF001 - moto has no setter
    for side, one in seen.items():
        side.transit_gateway_attachments[attachment.id] = one
    return attachment


def _forget(table: Any, attachment_id: str) -> None:
    table.route_table_associations.pop(attachment_id, None)
    table.route_table_propagation = [
        item for item in table.route_table_propagation if item.transitGatewayAttachmentId != attachment_id
    ]
    for route in table.routes.values():
        # A static route stays, and drops what it is sent.
        if (route.get("transitGatewayAttachments") or {}).get("transitGatewayAttachmentId") == attachment_id:
            route["state"] = "blackhole"


def _owner_of_the_gateway(attachment: Any) -> str:
    """Returns the gateway's owner; moto returns the attachment's. Goes with attachments across accounts."""
    owner: str = getattr(attachment, "sandbox_owner", attachment.resource_owner_id)
    return owner


def _association_that_exists(attachment: Any) -> dict[str, str] | None:
    """Returns the association that was made; moto claims the default one. Goes when moto looks it up."""
    made = attachment._association_data  # noqa: SLF001 - moto has no getter
    if not made:
        return None
    return {"State": made["state"], "TransitGatewayRouteTableId": made["transitGatewayRouteTableId"]}


def _a_route_leads_to_a_shared_gateway(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Keeps the gateway of a route when it belongs to another account, and asks for an attachment.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    Goes when moto finds shared gateways.
    """
    gateway_id = kwargs.get("transit_gateway_id")
    if not gateway_id:
        return original(backend, *args, **kwargs)
    table = backend.get_route_table(args[0] if args else kwargs["route_table_id"])
    attached = any(
        item.transit_gateway_id == gateway_id
        and item.resource_id == table.vpc_id
        and item.state == "available"
        for item in backend.transit_gateway_attachments.values()
    )
    if not attached:
        raise EC2ClientError(
            "InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{gateway_id}' does not exist."
        )
    route = original(backend, *args, **kwargs)
    if route.transit_gateway is None:
        route.transit_gateway = next(
            side.transit_gateways[gateway_id]
            for side in _backends(backend.region_name)
            if gateway_id in side.transit_gateways
        )
    return route


def _routes_are_complete(
    original: Any, backend: Any, transit_gateway_route_table_id: str, filters: Any, *args: Any, **kwargs: Any
) -> list[dict[str, Any]]:
    """Returns static routes in AWS's shape, and the propagated ones that moto leaves out.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html
    Goes when moto returns both.
    """
    static = original(backend, transit_gateway_route_table_id, filters, *args, **kwargs)
    routes = [_in_shape(route) for route in static]
    table = backend.transit_gateways_route_tables.get(transit_gateway_route_table_id)
    taken = {route["DestinationCidrBlock"] for route in routes}
    for propagation in table.route_table_propagation if table else ():
        route = _propagated(backend, propagation)
        if route["DestinationCidrBlock"] not in taken and _matches(route, filters or {}):
            routes.append(route)
    return routes


def _in_shape(route: dict[str, Any]) -> dict[str, Any]:
    shaped = {_capital(name): value for name, value in route.items()}
    attachment = shaped.get("TransitGatewayAttachments")
    if isinstance(attachment, dict):
        shaped["TransitGatewayAttachments"] = [{_capital(name): value for name, value in attachment.items()}]
    return shaped


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _propagated(backend: Any, propagation: Any) -> dict[str, Any]:
    attachment = backend.transit_gateway_attachments[propagation.transitGatewayAttachmentId]
    vpc = ec2_backends[attachment.resource_owner_id][backend.region_name].get_vpc(attachment.resource_id)
    return {
        "DestinationCidrBlock": vpc.cidr_block,
        "State": "active",
        "Type": "propagated",
        "TransitGatewayAttachments": [
            {
                "ResourceId": attachment.resource_id,
                "ResourceType": attachment.resource_type,
                "TransitGatewayAttachmentId": attachment.id,
            }
        ],
    }


def _matches(route: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    fields = {"type": "Type", "state": "State", "route-search.exact-match": "DestinationCidrBlock"}
    return all(route[field] in filters[name] for name, field in fields.items() if filters.get(name))
