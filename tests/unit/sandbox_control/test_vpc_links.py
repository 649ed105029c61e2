NOWHERE = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/nobody/0123456789abcdef"


def linked(aws, arn):
    client = aws("apigateway")
    return client.get_vpc_link(vpcLinkId=client.create_vpc_link(name="link", targetArns=[arn])["id"])


def balancer(aws, net, kind):
    made = aws("elbv2").create_load_balancer(
        Name=kind, Type=kind, Scheme="internal", Subnets=[net["a"], net["b"]]
    )
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def test_a_link_to_a_load_balancer_that_does_not_exist_fails_and_says_so(aws):
    found = linked(aws, NOWHERE)
    assert found["status"] == "FAILED"
    assert NOWHERE in found["statusMessage"]


def test_a_link_to_an_application_load_balancer_fails(aws, network):
    assert linked(aws, balancer(aws, network(), "application"))["status"] == "FAILED"


def test_a_link_to_a_network_load_balancer_is_available(aws, network):
    found = linked(aws, balancer(aws, network(), "network"))
    assert found["status"] == "AVAILABLE"
    assert "statusMessage" not in found
