import pytest
from botocore.exceptions import ClientError
from moto.ram.models import ResourceShare, ram_backends

from hatchway.sandbox.control import ram as corrections

B = "222222222222"


def a_share(ram, **settings):
    return ram.create_resource_share(name="s", **settings)["resourceShare"]["resourceShareArn"]


def invitations(aws):
    return aws("ram", "B").get_resource_share_invitations()["resourceShareInvitations"]


def received(aws):
    return aws("ram", "B").get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]


def test_a_principal_outside_is_invited_and_sees_the_share_once_it_has_accepted(aws):
    ram = aws("ram")
    arn = a_share(ram)
    ram.associate_resource_share(resourceShareArn=arn, principals=[B])
    assert received(aws) == []
    (invitation,) = invitations(aws)
    assert invitation["status"] == "PENDING"
    aws("ram", "B").accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )
    assert [share["resourceShareArn"] for share in received(aws)] == [arn]


def test_an_invitation_is_accepted_once(aws):
    a_share(aws("ram"), principals=[B])
    arn = invitations(aws)[0]["resourceShareInvitationArn"]
    aws("ram", "B").accept_resource_share_invitation(resourceShareInvitationArn=arn)
    with pytest.raises(ClientError, match="ACCEPTED and cannot be accepted"):
        aws("ram", "B").accept_resource_share_invitation(resourceShareInvitationArn=arn)


def test_invitations_are_gone_after_a_reset(aws):
    a_share(aws("ram"), principals=[B])
    assert invitations(aws)
    ram_backends.reset()
    assert invitations(aws) == []


def test_a_principal_that_is_taken_away_loses_its_invitation(aws):
    ram = aws("ram")
    arn = a_share(ram, principals=[B])
    ram.disassociate_resource_share(resourceShareArn=arn, principals=[B])
    assert invitations(aws) == []


def test_a_principal_outside_is_refused_where_external_principals_are_not_allowed(aws):
    ram = aws("ram")
    arn = a_share(ram, allowExternalPrincipals=False)
    with pytest.raises(ClientError, match="OperationNotPermittedException"):
        ram.associate_resource_share(resourceShareArn=arn, principals=[B])


def test_an_account_of_the_same_organization_needs_no_invitation():
    share = ResourceShare("111111111111", "eu-west-1", name="s", allowExternalPrincipals=False)
    organization = frozenset({"111111111111", B})
    corrections._a_principal_is_invited(  # noqa: SLF001 - the organization is set once for each process
        organization, lambda one, principals: one.principals.extend(principals), share, [B]
    )
    assert corrections.is_shared_with(share, B)


def test_a_share_of_somebody_else_cannot_be_changed(aws):
    arn = a_share(aws("ram"), principals=[B])
    with pytest.raises(ClientError, match="UnknownResourceException"):
        aws("ram", "B").associate_resource_share(resourceShareArn=arn, principals=["333333333333"])


def test_a_share_keeps_its_tags(aws):
    ram = aws("ram")
    arn = a_share(ram, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    ram.tag_resource(resourceShareArn=arn, tags=[{"key": "c", "value": "3"}])
    ram.untag_resource(resourceShareArn=arn, tagKeys=["a"])
    (share,) = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert {tag["key"]: tag["value"] for tag in share["tags"]} == {"b": "2", "c": "3"}


def shares(ram, **filters):
    found = ram.get_resource_shares(resourceOwner="SELF", **filters)["resourceShares"]
    return [share["resourceShareArn"] for share in found]


def test_shares_are_found_by_what_is_asked_for(aws):
    ram = aws("ram")
    one = a_share(ram, tags=[{"key": "a", "value": "1"}])
    two = ram.create_resource_share(name="t")["resourceShare"]["resourceShareArn"]
    ram.delete_resource_share(resourceShareArn=two)
    assert shares(ram, resourceShareArns=[one]) == [one]
    assert shares(ram, resourceShareStatus="DELETED") == [two]
    assert shares(ram, name="s") == [one]
    assert shares(ram, tagFilters=[{"tagKey": "a", "tagValues": ["1"]}]) == [one]
    assert shares(ram, tagFilters=[{"tagKey": "a", "tagValues": ["2"]}]) == []
    assert shares(ram) == [one, two]


def test_a_share_that_does_not_exist_is_not_found(aws):
    ram = aws("ram")
    arn = a_share(ram)
    with pytest.raises(ClientError, match="UnknownResourceException"):
        ram.get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn + "x"])


def test_an_account_that_leaves_a_share_no_longer_sees_it(aws):
    arn = a_share(aws("ram"), principals=[B])
    aws("ram", "B").accept_resource_share_invitation(
        resourceShareInvitationArn=invitations(aws)[0]["resourceShareInvitationArn"]
    )
    aws("ram", "B").disassociate_resource_share(resourceShareArn=arn, principals=[B])
    assert received(aws) == []
    with pytest.raises(ClientError, match="UnknownResourceException"):
        aws("ram", "B").disassociate_resource_share(resourceShareArn=arn, principals=[B])
