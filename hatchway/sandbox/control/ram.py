"""Resource shares: associations, invitations, and what the receiving account sees."""

import functools
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from moto.core.utils import unix_time, utcnow
from moto.ram import models, responses, urls
from moto.ram.exceptions import (
    InvalidParameterException,
    OperationNotPermittedException,
    UnknownResourceException,
)

from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install", "is_shared_with"]

_ACCOUNT_ID_LENGTH = 12


def install(organization: frozenset[str]) -> None:
    """Adds the operations that moto's RAM lacks; each goes when moto has it.

    Args:
        organization: Ids of the accounts in one organization. moto cannot let an account with a given id
            join one.
    """
    # The method's name for a path is the path's, since botocore knows the operation by it.
    operations = {
        "associateresourceshare": ("associate_resource_share", _associate),
        "disassociateresourceshare": ("disassociate_resource_share", _disassociate),
        "listresourcesharepermissions": ("list_resource_share_permissions", _list_permissions),
        "getresourceshareinvitations": ("get_resource_share_invitations", _invitations),
        "acceptresourceshareinvitation": ("accept_resource_share_invitation", _accept),
        "listresources": ("list_resources", _list_resources),
        "tagresource": ("tag_resource", _tag),
        "untagresource": ("untag_resource", _untag),
    }
    for path, (name, operation) in operations.items():
        urls.url_paths[f"{{0}}/{path}$"] = responses.ResourceAccessManagerResponse.dispatch
        setattr(responses.ResourceAccessManagerResponse, name, operation)
    around(models.ResourceShare, "__init__", _a_share_keeps_its_tags)
    around(models.ResourceShare, "describe", _a_share_shows_its_tags)
    around(models.ResourceShare, "add_principals", functools.partial(_a_principal_is_invited, organization))
    around(models.ResourceAccessManagerBackend, "get_resource_shares", _shares_of_others)
    around(responses.ResourceAccessManagerResponse, "get_resource_shares", _shares_are_filtered)


def is_shared_with(share: Any, account_id: str) -> bool:
    """Tells whether an account can use the share: it is a principal, and has accepted if it was asked."""
    if share.status != "ACTIVE" or account_id not in share.principals:
        return False
    invitation = _invitations_of(share).get(account_id)
    return invitation is None or invitation["status"] == "ACCEPTED"


def _a_share_keeps_its_tags(original: Any, share: Any, *args: Any, **kwargs: Any) -> None:
    """Keeps the tags given at creation, which moto drops."""
    original(share, *args, **kwargs)
    share.sandbox_tags = {tag["key"]: tag["value"] for tag in kwargs.get("tags") or ()}


def _a_share_shows_its_tags(original: Any, share: Any) -> dict[str, Any]:
    """Returns the tags kept above."""
    described: dict[str, Any] = original(share)
    described["tags"] = [{"key": key, "value": value} for key, value in share.sandbox_tags.items()]
    return described


def _tag(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_TagResource.html ."""
    _own_share(response).sandbox_tags.update(
        {tag["key"]: tag["value"] for tag in parameter(response, "tags")}
    )
    return "{}"


def _untag(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_UntagResource.html ."""
    tags = _own_share(response).sandbox_tags
    for key in parameter(response, "tagKeys"):
        tags.pop(key, None)
    return "{}"


def _invitations_of(share: Any) -> dict[str, dict[str, Any]]:
    """Returns the share's invitations by account.

    They live on the share itself: whatever drops the share, a reset of moto included, drops them.
    """
    invitations: dict[str, dict[str, Any]] = share.__dict__.setdefault("sandbox_invitations", {})
    return invitations


def _a_principal_is_invited(
    organization: frozenset[str], original: Any, share: Any, principals: list[str]
) -> None:
    """Invites an account outside the organization; one inside needs no invitation.

    https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
    """
    inside = organization if share.account_id in organization else frozenset({share.account_id})
    new = [principal for principal in principals if principal not in share.principals]
    outside = [
        principal
        for principal in new
        if len(principal) == _ACCOUNT_ID_LENGTH and principal.isdigit() and principal not in inside
    ]
    if outside and not share.allow_external_principals:
        raise OperationNotPermittedException
    original(share, new)
    for principal in outside:
        _invitations_of(share)[principal] = _new_invitation(share, principal)


def _new_invitation(share: Any, receiver: str) -> dict[str, Any]:
    return {
        "resourceShareInvitationArn": (
            f"arn:{share.partition}:ram:{share.region}:{share.account_id}:resource-share-invitation/{uuid.uuid4()}"
        ),
        "resourceShareName": share.name,
        "resourceShareArn": share.arn,
        "senderAccountId": share.owning_account_id,
        "receiverAccountId": receiver,
        "invitationTimestamp": unix_time(utcnow()),
        "status": "PENDING",
    }


def _all_shares(region: str) -> Iterator[Any]:
    for regions in list(models.ram_backends.values()):
        if region in regions:
            yield from regions[region].resource_shares


def _own_share(response: Any) -> Any:
    arn = parameter(response, "resourceShareArn")
    for share in response.ram_backend.resource_shares:
        if share.arn == arn:
            return share
    raise UnknownResourceException(f"ResourceShare {arn} could not be found.")


def _received_share(response: Any) -> Any:
    """Finds a share that the account has accepted.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_DisassociateResourceShare.html
    """
    arn = parameter(response, "resourceShareArn")
    for share in _all_shares(response.region):
        if share.arn == arn and is_shared_with(share, response.current_account):
            return share
    raise UnknownResourceException(f"ResourceShare {arn} could not be found.")


def _association(share: Any, entity: str, kind: str, status: str) -> dict[str, Any]:
    return {
        "resourceShareArn": share.arn,
        "resourceShareName": share.name,
        "associatedEntity": entity,
        "associationType": kind,
        "status": status,
        "creationTime": unix_time(share.creation_time),
        "lastUpdatedTime": unix_time(utcnow()),
        "external": entity in _invitations_of(share),
    }


def _entities(response: Any) -> tuple[list[str], list[str]]:
    return parameter(response, "principals") or [], parameter(response, "resourceArns") or []


def _associations(share: Any, principals: list[str], resources: list[str], status: str) -> str:
    items = [_association(share, entity, "PRINCIPAL", status) for entity in principals]
    items += [_association(share, entity, "RESOURCE", status) for entity in resources]
    return json.dumps({"resourceShareAssociations": items})


def _associate(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html ."""
    share = _own_share(response)
    principals, resources = _entities(response)
    share.add_principals(principals)
    share.add_resources([arn for arn in resources if arn not in share.resource_arns])
    return _associations(share, principals, resources, "ASSOCIATED")


def _disassociate(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_DisassociateResourceShare.html ."""
    principals, resources = _entities(response)
    # An account that has received a share can leave it, and nothing else.
    leaves = principals == [response.current_account] and not resources
    share = _received_share(response) if leaves else _own_share(response)
    answer = _associations(share, principals, resources, "DISASSOCIATED")
    share.principals = [item for item in share.principals if item not in principals]
    share.resource_arns = [item for item in share.resource_arns if item not in resources]
    for principal in principals:
        _invitations_of(share).pop(principal, None)
    return answer


def _list_permissions(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_ListResourceSharePermissions.html ."""
    _own_share(response)
    return json.dumps({"permissions": []})


def _received(response: Any) -> Iterator[dict[str, Any]]:
    for share in _all_shares(response.region):
        invitation = _invitations_of(share).get(response.current_account)
        if invitation is not None:
            yield invitation


def _invitations(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourceShareInvitations.html ."""
    shares = parameter(response, "resourceShareArns") or []
    arns = parameter(response, "resourceShareInvitationArns") or []
    found = [
        invitation
        for invitation in _received(response)
        if (not shares or invitation["resourceShareArn"] in shares)
        and (not arns or invitation["resourceShareInvitationArn"] in arns)
    ]
    return json.dumps({"resourceShareInvitations": found})


def _accept(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_AcceptResourceShareInvitation.html ."""
    arn = parameter(response, "resourceShareInvitationArn")
    for invitation in _received(response):
        if invitation["resourceShareInvitationArn"] == arn:
            if invitation["status"] != "PENDING":
                raise InvalidParameterException(
                    f"Invitation {arn} is {invitation['status']} and cannot be accepted."
                )
            invitation["status"] = "ACCEPTED"
            return json.dumps({"resourceShareInvitation": invitation})
    raise UnknownResourceException(f"ResourceShareInvitation {arn} could not be found.")


def _list_resources(response: Any) -> str:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_ListResources.html ."""
    wanted = parameter(response, "resourceShareArns") or []
    owner = parameter(response, "resourceOwner")
    account = response.current_account
    resources = [
        {"arn": arn, "type": "ec2:TransitGateway", "resourceShareArn": share.arn, "status": "AVAILABLE"}
        for share in _all_shares(response.region)
        if (share.owning_account_id == account if owner == "SELF" else is_shared_with(share, account))
        and (not wanted or share.arn in wanted)
        for arn in share.resource_arns
    ]
    return json.dumps({"resources": resources})


def _shares_of_others(original: Any, backend: Any, resource_owner: str | None) -> dict[str, Any]:
    """Lists the shares an account has received; moto lists an account's own only."""
    if resource_owner != "OTHER-ACCOUNTS":
        own: dict[str, Any] = original(backend, resource_owner)
        return own
    return {
        "resourceShares": [
            share.describe()
            for share in _all_shares(backend.region_name)
            if share.owning_account_id != backend.account_id and is_shared_with(share, backend.account_id)
        ]
    }


def _shares_are_filtered(original: Any, response: Any) -> str:
    """Returns the shares that were asked for; moto returns all, deleted ones included.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourceShares.html
    Goes when moto looks at the parameters.

    Raises:
        UnknownResourceException: A share that was asked for by ARN does not exist.
    """
    shares: list[dict[str, Any]] = json.loads(original(response))["resourceShares"]
    arns = parameter(response, "resourceShareArns") or []
    for arn in arns:
        if all(share["resourceShareArn"] != arn for share in shares):
            raise UnknownResourceException(f"ResourceShare {arn} could not be found.")
    status, name = parameter(response, "resourceShareStatus"), parameter(response, "name")
    found = [
        share
        for share in shares
        if (not arns or share["resourceShareArn"] in arns)
        and status in (None, share["status"])
        and name in (None, share["name"])
        and _has_tags(share, parameter(response, "tagFilters") or ())
    ]
    return json.dumps({"resourceShares": found})


def _has_tags(share: dict[str, Any], filters: Iterable[dict[str, Any]]) -> bool:
    tags = {tag["key"]: tag["value"] for tag in share["tags"]}
    return all(
        item["tagKey"] in tags and (not item.get("tagValues") or tags[item["tagKey"]] in item["tagValues"])
        for item in filters
    )
