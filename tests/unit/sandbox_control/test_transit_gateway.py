import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def shared(aws, network):
    """A gateway of account A that is shared with B and accepted there, and B's network."""
    gateway = aws("ec2").create_transit_gateway()["TransitGateway"]
    share = share_with(aws, gateway, "222222222222")
    accept(aws, share)
    return gateway, network("B", 1)


def share_with(aws, gateway, account):
    ram = aws("ram")
    arn = ram.create_resource_share(name="s", allowExternalPrincipals=True)["resourceShare"][
        "resourceShareArn"
    ]
    ram.associate_resource_share(resourceShareArn=arn, resourceArns=[gateway["TransitGatewayArn"]])
    ram.associate_resource_share(resourceShareArn=arn, principals=[account])
    return arn


def accept(aws, share):
    ram = aws("ram", "B")
    invitation = ram.get_resource_share_invitations(resourceShareArns=[share])["resourceShareInvitations"][0]
    ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])


def attach(aws, gateway, net, account="B", **settings):
    return aws("ec2", account).create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway["TransitGatewayId"],
        VpcId=net["vpc"],
        SubnetIds=[net["a"], net["b"]],
        **settings,
    )["TransitGatewayVpcAttachment"]


def accepted(aws, attachment):
    identity = attachment["TransitGatewayAttachmentId"]
    answer = aws("ec2").accept_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=identity)
    return answer["TransitGatewayVpcAttachment"]


def routes(aws, gateway):
    table = gateway["Options"]["PropagationDefaultRouteTableId"]
    answer = aws("ec2").search_transit_gateway_routes(
        TransitGatewayRouteTableId=table, Filters=[{"Name": "state", "Values": ["active"]}]
    )
    return {route["DestinationCidrBlock"]: route for route in answer["Routes"]}


def test_a_gateway_that_is_not_shared_cannot_be_attached_to(aws, network):
    gateway = aws("ec2").create_transit_gateway()["TransitGateway"]
    with pytest.raises(ClientError, match="InvalidTransitGatewayID"):
        attach(aws, gateway, network("B", 1))


def test_a_share_that_is_not_accepted_shares_nothing(aws, network):
    gateway = aws("ec2").create_transit_gateway()["TransitGateway"]
    share_with(aws, gateway, "222222222222")
    with pytest.raises(ClientError, match="InvalidTransitGatewayID"):
        attach(aws, gateway, network("B", 1))


def test_an_attachment_from_another_account_waits_for_the_owner(aws, shared):
    gateway, net = shared
    attachment = attach(aws, gateway, net)
    assert attachment["State"] == "pendingAcceptance"
    assert routes(aws, gateway) == {}
    assert accepted(aws, attachment)["State"] == "available"
    assert routes(aws, gateway)["10.1.0.0/16"]["Type"] == "propagated"


def test_only_the_owner_of_the_gateway_accepts(aws, shared):
    gateway, net = shared
    identity = attach(aws, gateway, net)["TransitGatewayAttachmentId"]
    with pytest.raises(ClientError, match=r"InvalidTransitGatewayAttachmentID\.NotFound"):
        aws("ec2", "B").accept_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=identity)


def test_a_gateway_that_accepts_by_itself_asks_nobody(aws, network):
    gateway = aws("ec2").create_transit_gateway(Options={"AutoAcceptSharedAttachments": "enable"})[
        "TransitGateway"
    ]
    accept(aws, share_with(aws, gateway, "222222222222"))
    assert attach(aws, gateway, network("B", 1))["State"] == "available"


def test_each_account_has_its_own_tags_on_an_attachment(aws, shared):
    gateway, net = shared
    attachment = attach(
        aws,
        gateway,
        net,
        TagSpecifications=[
            {"ResourceType": "transit-gateway-attachment", "Tags": [{"Key": "of", "Value": "B"}]}
        ],
    )
    identity = attachment["TransitGatewayAttachmentId"]
    aws("ec2").create_tags(Resources=[identity], Tags=[{"Key": "of", "Value": "A"}])
    for account in "AB":
        found = aws("ec2", account).describe_transit_gateway_vpc_attachments(
            TransitGatewayAttachmentIds=[identity]
        )
        assert found["TransitGatewayVpcAttachments"][0]["Tags"] == [{"Key": "of", "Value": account}]


def test_a_vpc_is_attached_once(aws, shared):
    gateway, net = shared
    attach(aws, gateway, net)
    with pytest.raises(ClientError, match="DuplicateTransitGatewayAttachment"):
        attach(aws, gateway, net)


def test_a_route_to_a_gateway_that_the_vpc_is_not_attached_to_is_refused(aws, shared):
    gateway, net = shared
    ec2 = aws("ec2", "B")
    table = ec2.create_route_table(VpcId=net["vpc"])["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "10.0.0.0/16"}
    with pytest.raises(ClientError, match=r"InvalidTransitGatewayID\.NotFound"):
        ec2.create_route(**route, TransitGatewayId=gateway["TransitGatewayId"])
    accepted(aws, attach(aws, gateway, net))
    ec2.create_route(**route, TransitGatewayId=gateway["TransitGatewayId"])
    found = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert gateway["TransitGatewayId"] in {item.get("TransitGatewayId") for item in found}


def test_a_deleted_attachment_is_gone_from_the_tables_of_both_accounts(aws, shared):
    gateway, net = shared
    attachment = attach(aws, gateway, net)
    accepted(aws, attachment)
    identity = attachment["TransitGatewayAttachmentId"]
    aws("ec2", "B").delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=identity)
    assert routes(aws, gateway) == {}
    for account in "AB":
        found = aws("ec2", account).describe_transit_gateway_vpc_attachments(
            TransitGatewayAttachmentIds=[identity]
        )
        assert found["TransitGatewayVpcAttachments"][0]["State"] == "deleted"


def test_a_gateway_with_attachments_cannot_be_deleted(aws, shared):
    gateway, net = shared
    identity = attach(aws, gateway, net)["TransitGatewayAttachmentId"]
    with pytest.raises(ClientError, match="IncorrectState"):
        aws("ec2").delete_transit_gateway(TransitGatewayId=gateway["TransitGatewayId"])
    aws("ec2", "B").delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=identity)
    aws("ec2").delete_transit_gateway(TransitGatewayId=gateway["TransitGatewayId"])


def test_default_tables_are_named_only_where_they_are_enabled(aws):
    gateway = aws("ec2").create_transit_gateway(Options={"DefaultRouteTableAssociation": "disable"})[
        "TransitGateway"
    ]
    assert "AssociationDefaultRouteTableId" not in gateway["Options"]
    assert "PropagationDefaultRouteTableId" in gateway["Options"]


def modify(aws, attachment, **settings):
    return aws("ec2", "B").modify_transit_gateway_vpc_attachment(
        TransitGatewayAttachmentId=attachment["TransitGatewayAttachmentId"], **settings
    )["TransitGatewayVpcAttachment"]


def test_the_subnets_of_an_attachment_change_in_place(aws, shared):
    gateway, net = shared
    attachment = attach(aws, gateway, net)
    assert modify(aws, attachment, RemoveSubnetIds=[net["b"]])["SubnetIds"] == [net["a"]]
    assert modify(aws, attachment, AddSubnetIds=[net["b"]])["SubnetIds"] == [net["a"], net["b"]]


def test_an_attachment_keeps_one_subnet_in_each_zone_and_one_at_least(aws, shared, network):
    gateway, net = shared
    attachment = attach(aws, gateway, net)
    with pytest.raises(ClientError, match="DuplicateSubnetsInSameZone"):
        modify(aws, attachment, AddSubnetIds=[net["a"]])
    with pytest.raises(ClientError, match="at least one subnet"):
        modify(aws, attachment, RemoveSubnetIds=[net["a"], net["b"]])
    with pytest.raises(ClientError, match="not of the attachment's VPC"):
        modify(aws, attachment, RemoveSubnetIds=[net["b"]], AddSubnetIds=[network("B", 2)["b"]])
