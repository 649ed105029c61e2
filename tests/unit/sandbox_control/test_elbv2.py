import pytest
from botocore.exceptions import ClientError


def make(aws, net, *, groups=True, pinned=True, name="n"):
    mappings = [
        {"SubnetId": net[key], **({"PrivateIPv4Address": f"10.0.{index}.10"} if pinned else {})}
        for index, key in enumerate("ab")
    ]
    return aws("elbv2").create_load_balancer(
        Name=name,
        Type="network",
        Scheme="internal",
        SubnetMappings=mappings,
        **({"SecurityGroups": [net["group"]]} if groups else {}),
    )["LoadBalancers"][0]


def interfaces(aws):
    return aws("ec2").describe_network_interfaces()["NetworkInterfaces"]


def a_group(aws, net):
    made = aws("elbv2").create_target_group(
        Name="t", Protocol="TCP", Port=443, VpcId=net["vpc"], TargetType="ip", HealthCheckProtocol="TCP"
    )
    return made["TargetGroups"][0]["TargetGroupArn"]


def register(aws, group, address, zone=None):
    target = {"Id": address, "Port": 443, **({"AvailabilityZone": zone} if zone else {})}
    aws("elbv2").register_targets(TargetGroupArn=group, Targets=[target])


def test_the_arn_of_a_network_load_balancer_says_net(aws, network):
    balancer = make(aws, network())
    assert ":loadbalancer/net/n/" in balancer["LoadBalancerArn"]
    assert balancer["DNSName"].endswith(".elb.eu-west-1.amazonaws.com")


def test_the_arn_of_an_application_load_balancer_still_says_app(aws, network):
    net = network()
    made = aws("elbv2").create_load_balancer(Name="a", Subnets=[net["a"], net["b"]])["LoadBalancers"][0]
    assert ":loadbalancer/app/a/" in made["LoadBalancerArn"]


def test_pinned_addresses_are_kept_and_returned(aws, network):
    arn = make(aws, network())["LoadBalancerArn"]
    found = aws("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    pinned = {
        item["PrivateIPv4Address"]
        for zone in found["AvailabilityZones"]
        for item in zone["LoadBalancerAddresses"]
    }
    assert pinned == {"10.0.0.10", "10.0.1.10"}
    assert {item["PrivateIpAddress"] for item in interfaces(aws)} == pinned


def test_addresses_that_are_not_pinned_are_not_returned(aws, network):
    balancer = make(aws, network(), pinned=False)
    assert [zone.get("LoadBalancerAddresses", []) for zone in balancer["AvailabilityZones"]] == [[], []]
    assert len(interfaces(aws)) == 2


def test_an_address_in_use_is_refused(aws, network):
    net = network()
    make(aws, net)
    with pytest.raises(ClientError, match=r"10\.0\.0\.10 is in use") as error:
        make(aws, net, name="m")
    assert error.value.response["Error"]["Code"] == "InvalidConfigurationRequest"


def test_the_privatelink_switch_is_on_until_it_is_switched_off(aws, network):
    net = network()
    arn = make(aws, net)["LoadBalancerArn"]

    def switch():
        found = aws("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
        return found["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"]

    assert switch() == "on"
    for value in ("off", "on"):
        aws("elbv2").set_security_groups(
            LoadBalancerArn=arn,
            SecurityGroups=[net["group"]],
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic=value,
        )
        assert switch() == value


def test_a_balancer_born_without_groups_never_gets_any(aws, network):
    net = network()
    arn = make(aws, net, groups=False)["LoadBalancerArn"]
    with pytest.raises(ClientError, match="created without security groups"):
        aws("elbv2").set_security_groups(LoadBalancerArn=arn, SecurityGroups=[net["group"]])


def test_a_balancer_that_a_vpc_link_uses_cannot_be_deleted(aws, network):
    arn = make(aws, network())["LoadBalancerArn"]
    link = aws("apigateway").create_vpc_link(name="l", targetArns=[arn])["id"]
    with pytest.raises(ClientError, match="currently associated with another service"):
        aws("elbv2").delete_load_balancer(LoadBalancerArn=arn)
    aws("apigateway").delete_vpc_link(vpcLinkId=link)
    aws("elbv2").delete_load_balancer(LoadBalancerArn=arn)
    assert interfaces(aws) == []


def test_a_target_outside_the_vpc_needs_the_zone_all(aws, network):
    group = a_group(aws, network())
    with pytest.raises(ClientError, match="You must specify a valid Availability Zone or select 'all'"):
        register(aws, group, "10.1.0.10")
    register(aws, group, "10.1.0.10", "all")


def test_a_target_inside_the_vpc_must_not_have_the_zone_all(aws, network):
    group = a_group(aws, network())
    with pytest.raises(
        ClientError, match="is within the VPC, and cannot have its Availability Zone overridden"
    ):
        register(aws, group, "10.0.0.77", "all")
    register(aws, group, "10.0.0.77")


def set_subnets(aws, balancer, **subnets):
    mappings = [
        {"SubnetId": subnet, **({"PrivateIPv4Address": address} if address else {})}
        for subnet, address in subnets["subnets"].items()
    ]
    return aws("elbv2").set_subnets(LoadBalancerArn=balancer["LoadBalancerArn"], SubnetMappings=mappings)


def test_a_subnet_is_added_with_its_address_and_taken_away_with_its_interface(aws, network):
    net = network()
    balancer = make(aws, {"a": net["a"], "b": net["b"], "group": net["group"]})
    set_subnets(aws, balancer, subnets={net["a"]: "10.0.0.10"})
    assert [item["PrivateIpAddress"] for item in interfaces(aws)] == ["10.0.0.10"]
    set_subnets(aws, balancer, subnets={net["a"]: "10.0.0.10", net["b"]: "10.0.1.20"})
    assert {item["PrivateIpAddress"] for item in interfaces(aws)} == {"10.0.0.10", "10.0.1.20"}
    (found,) = aws("elbv2").describe_load_balancers()["LoadBalancers"]
    addresses = [
        address["PrivateIPv4Address"]
        for zone in found["AvailabilityZones"]
        for address in zone["LoadBalancerAddresses"]
    ]
    assert addresses == ["10.0.0.10", "10.0.1.20"]


def test_the_address_in_a_subnet_that_stays_cannot_change(aws, network):
    net = network()
    balancer = make(aws, net)
    with pytest.raises(ClientError, match="cannot be changed"):
        set_subnets(aws, balancer, subnets={net["a"]: "10.0.0.11", net["b"]: "10.0.1.10"})
    assert {item["PrivateIpAddress"] for item in interfaces(aws)} == {"10.0.0.10", "10.0.1.10"}


def test_a_subnet_of_another_network_cannot_be_added(aws, network):
    net = network()
    balancer = make(aws, net)
    with pytest.raises(ClientError, match="same VPC"):
        set_subnets(aws, balancer, subnets={net["a"]: None, network(octet=1)["b"]: None})


def test_the_codes_of_a_health_check_over_https_change_in_a_group_over_tcp(aws, network):
    elb = aws("elbv2")
    group = elb.create_target_group(
        Name="t",
        Protocol="TCP",
        Port=443,
        VpcId=network()["vpc"],
        TargetType="ip",
        HealthCheckProtocol="HTTPS",
        Matcher={"HttpCode": "200"},
    )["TargetGroups"][0]["TargetGroupArn"]
    elb.modify_target_group(TargetGroupArn=group, Matcher={"HttpCode": "200-299"}, HealthCheckPath="/other")
    (found,) = elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
    assert (found["Matcher"], found["HealthCheckPath"]) == ({"HttpCode": "200-299"}, "/other")
