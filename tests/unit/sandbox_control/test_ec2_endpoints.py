import ipaddress

import pytest
from botocore.exceptions import ClientError

SERVICE = "com.amazonaws.eu-west-1.execute-api"


def make(ec2, net, pinned=None, **settings):
    arguments = {
        "VpcId": net["vpc"],
        "ServiceName": SERVICE,
        "VpcEndpointType": "Interface",
        "SubnetIds": [net["a"], net["b"]],
        "SecurityGroupIds": [net["group"]],
        "PrivateDnsEnabled": False,
        "SubnetConfigurations": [{"SubnetId": net[name], "Ipv4": ip} for name, ip in (pinned or {}).items()],
    }
    return ec2.create_vpc_endpoint(**{**arguments, **settings})["VpcEndpoint"]


def interfaces(ec2, endpoint):
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])["VpcEndpoints"][0]
    return ec2.describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]


def addresses(ec2, endpoint):
    return {item["PrivateIpAddress"] for item in interfaces(ec2, endpoint)}


def code(error):
    return error.value.response["Error"]["Code"]


def test_interfaces_have_the_pinned_addresses(aws, network):
    ec2, net = aws("ec2"), network()
    endpoint = make(ec2, net, {"a": "10.0.0.10", "b": "10.0.1.10"})
    assert addresses(ec2, endpoint) == {"10.0.0.10", "10.0.1.10"}


def test_interfaces_without_a_pin_get_addresses_of_their_subnets(aws, network):
    ec2, net = aws("ec2"), network()
    for interface in interfaces(ec2, make(ec2, net)):
        block = "10.0.0.0/24" if interface["SubnetId"] == net["a"] else "10.0.1.0/24"
        assert ipaddress.ip_address(interface["PrivateIpAddress"]) in ipaddress.ip_network(block)


def test_interfaces_have_the_security_group_of_the_endpoint(aws, network):
    ec2, net = aws("ec2"), network()
    for interface in interfaces(ec2, make(ec2, net)):
        assert [group["GroupId"] for group in interface["Groups"]] == [net["group"]]
        assert (interface["InterfaceType"], interface["Status"]) == ("vpc_endpoint", "in-use")


def test_an_address_outside_the_subnet_is_refused_and_nothing_is_made(aws, network):
    ec2, net = aws("ec2"), network()
    with pytest.raises(
        ClientError, match=r"10\.0\.1\.10 does not fall within the subnet's address range"
    ) as error:
        make(ec2, net, {"a": "10.0.1.10"})
    assert code(error) == "InvalidParameterValue"
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


@pytest.mark.parametrize("address", ["10.0.0.0", "10.0.0.3", "10.0.0.255"])
def test_an_address_that_aws_reserves_is_refused(aws, network, address):
    ec2, net = aws("ec2"), network()
    with pytest.raises(ClientError, match="reserved address range"):
        make(ec2, net, {"a": address})


def test_an_address_in_use_is_refused(aws, network):
    ec2, net = aws("ec2"), network()
    make(ec2, net, {"a": "10.0.0.10"})
    with pytest.raises(ClientError) as error:
        make(ec2, net, {"a": "10.0.0.10"})
    assert code(error) == "InvalidIPAddress.InUse"


def test_a_deleted_endpoint_gives_its_addresses_back(aws, network):
    ec2, net = aws("ec2"), network()
    endpoint = make(ec2, net, {"a": "10.0.0.10"})
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert "10.0.0.10" in addresses(ec2, make(ec2, net, {"a": "10.0.0.10"}))


def test_a_group_of_another_vpc_is_refused(aws, network):
    ec2, net, other = aws("ec2"), network(), network(octet=1)
    with pytest.raises(ClientError) as error:
        make(ec2, net, SecurityGroupIds=[other["group"]])
    assert code(error) == "InvalidGroup.NotFound"


def test_a_subnet_of_another_vpc_is_refused(aws, network):
    ec2, net, other = aws("ec2"), network(), network(octet=1)
    with pytest.raises(ClientError, match="does not belong to the VPC"):
        make(ec2, net, SubnetIds=[other["a"]])


def test_two_subnets_in_one_zone_are_refused(aws, network):
    ec2, net = aws("ec2"), network()
    twin = ec2.create_subnet(VpcId=net["vpc"], CidrBlock="10.0.9.0/24", AvailabilityZone="eu-west-1a")
    with pytest.raises(ClientError) as error:
        make(ec2, net, SubnetIds=[net["a"], twin["Subnet"]["SubnetId"]])
    assert code(error) == "DuplicateSubnetsInSameZone"


def test_dns_names_are_those_of_an_execute_api_endpoint(aws, network):
    ec2, net = aws("ec2"), network()
    endpoint = make(ec2, net)
    names = [entry["DnsName"] for entry in endpoint["DnsEntries"]]
    assert all(name.startswith(f"{endpoint['VpcEndpointId']}-") for name in names)
    assert names[0].endswith(".execute-api.eu-west-1.vpce.amazonaws.com")
    assert [name.split(".")[0][-10:] for name in names[1:]] == ["eu-west-1a", "eu-west-1b"]


def test_private_dns_needs_dns_host_names_in_the_vpc(aws, network):
    ec2, net = aws("ec2"), network()
    with pytest.raises(ClientError, match="requires both enableDnsSupport and enableDnsHostnames"):
        make(ec2, net, PrivateDnsEnabled=True)


def test_two_endpoints_with_private_dns_in_one_vpc_are_refused(aws, network):
    ec2, net = aws("ec2"), network()
    ec2.modify_vpc_attribute(VpcId=net["vpc"], EnableDnsHostnames={"Value": True})
    first = make(ec2, net, PrivateDnsEnabled=True)
    assert "execute-api.eu-west-1.amazonaws.com" in {entry["DnsName"] for entry in first["DnsEntries"]}
    with pytest.raises(
        ClientError, match=r"conflicting DNS domain for execute-api\.eu-west-1\.amazonaws\.com"
    ):
        make(ec2, net, PrivateDnsEnabled=True)


def test_modifying_moves_a_pinned_address_and_adds_and_removes_subnets(aws, network):
    ec2, net = aws("ec2"), network()
    endpoint = make(ec2, net, {"a": "10.0.0.10"}, SubnetIds=[net["a"]])
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"],
        AddSubnetIds=[net["b"]],
        SubnetConfigurations=[
            {"SubnetId": net["a"], "Ipv4": "10.0.0.11"},
            {"SubnetId": net["b"], "Ipv4": "10.0.1.11"},
        ],
    )
    assert addresses(ec2, endpoint) == {"10.0.0.11", "10.0.1.11"}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], RemoveSubnetIds=[net["b"]])
    assert addresses(ec2, endpoint) == {"10.0.0.11"}


def test_modifying_moves_the_interfaces_to_other_groups(aws, network):
    ec2, net = aws("ec2"), network()
    endpoint = make(ec2, net)
    other = ec2.create_security_group(GroupName="h", Description="h", VpcId=net["vpc"])["GroupId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[net["group"]],
    )
    for interface in interfaces(ec2, endpoint):
        assert [group["GroupId"] for group in interface["Groups"]] == [other]


def test_a_gateway_endpoint_is_left_to_moto(aws, network):
    ec2, net = aws("ec2"), network()
    made = ec2.create_vpc_endpoint(
        VpcId=net["vpc"], ServiceName="com.amazonaws.eu-west-1.s3", VpcEndpointType="Gateway"
    )
    assert made["VpcEndpoint"].get("NetworkInterfaceIds", []) == []
