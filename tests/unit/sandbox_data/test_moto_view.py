"""What the data plane sees of the control plane: moto in this process, with the sandbox's hooks."""

import ipaddress
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hatchway.sandbox import control
from hatchway.sandbox.data import install_hooks
from hatchway.sandbox.data.moto_view import MotoView
from hatchway.sandbox.data.network import Outcome, connect
from hatchway.sandbox.data.world import ApiDefinition

REGION = "eu-west-1"
Aws = Callable[..., Any]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """`aws(service, account)`: a client; accounts are digits, repeated to twelve."""
    control.install()
    install_hooks()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")

    def client(service: str, account: str = "1") -> Any:
        sts = boto3.client("sts", region_name=REGION)
        role = f"arn:aws:iam::{account * 12}:role/x"
        keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        session = boto3.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION
        )
        return session.client(service)

    with mock_aws():
        yield client


def policy(endpoint: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringEquals": {"aws:SourceVpce": endpoint}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def api(aws: Aws) -> tuple[Any, str]:
    """A private API with GET /orders/{id}, deployed on stage v1."""
    client = aws("apigateway", "2")
    made = client.create_rest_api(
        name="orders", endpointConfiguration={"types": ["PRIVATE"]}, policy=policy("vpce-old")
    )
    identity: str = made["id"]
    parent = client.get_resources(restApiId=identity)["items"][0]["id"]
    for part in ("orders", "{id}"):
        parent = client.create_resource(restApiId=identity, parentId=parent, pathPart=part)["id"]
    where = {"restApiId": identity, "resourceId": parent, "httpMethod": "GET"}
    client.put_method(**where, authorizationType="NONE", requestParameters={"method.request.header.x": True})
    client.put_method_response(**where, statusCode="200")
    client.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.put_integration_response(
        **where, statusCode="200", responseTemplates={"application/json": "original"}
    )
    deployment = client.create_deployment(restApiId=identity)["id"]
    client.create_stage(restApiId=identity, stageName="v1", deploymentId=deployment)
    return client, identity


def deployed(api_id: str, stage: str = "v1") -> ApiDefinition:
    found = MotoView().rest_api(api_id)
    assert found is not None
    return found.stages[stage].definition


def test_an_api_of_any_account_is_found_with_what_is_deployed(api: tuple[Any, str]) -> None:
    found = MotoView().rest_api(api[1])
    assert found is not None
    assert (found.account_id, found.region, found.is_private) == ("2" * 12, REGION, True)
    resource = next(item for item in deployed(api[1]).resources if item.path == "/orders/{id}")
    method = resource.methods["GET"]
    assert method.request_parameters == {"method.request.header.x": True}
    assert method.response_statuses == frozenset({200})
    assert method.integration is not None
    assert method.integration.responses[0].templates == {"application/json": "original"}


def test_a_policy_that_is_changed_reaches_a_stage_with_its_next_deployment_only(
    api: tuple[Any, str],
) -> None:
    client, identity = api
    operations = [{"op": "replace", "path": "/policy", "value": policy("vpce-new")}]
    client.update_rest_api(restApiId=identity, patchOperations=operations)
    assert "vpce-old" in str(deployed(identity).policy)
    fresh = client.create_deployment(restApiId=identity)["id"]
    assert "vpce-old" in str(deployed(identity).policy), "the stage was not moved yet"
    operations = [{"op": "replace", "path": "/deploymentId", "value": fresh}]
    client.update_stage(restApiId=identity, stageName="v1", patchOperations=operations)
    assert "vpce-new" in str(deployed(identity).policy)


def test_a_method_that_is_deleted_stays_on_the_stage(api: tuple[Any, str]) -> None:
    client, identity = api
    resource = next(item for item in deployed(identity).resources if item.path == "/orders/{id}")
    client.delete_method(restApiId=identity, resourceId=resource.id, httpMethod="GET")
    client.delete_resource(restApiId=identity, resourceId=resource.id)
    kept = next(item for item in deployed(identity).resources if item.path == "/orders/{id}")
    assert set(kept.methods) == {"GET"}


def test_a_response_that_is_changed_in_place_stays_as_deployed(api: tuple[Any, str]) -> None:
    client, identity = api
    resource = next(item for item in deployed(identity).resources if item.path == "/orders/{id}")
    client.put_integration_response(
        restApiId=identity,
        resourceId=resource.id,
        httpMethod="GET",
        statusCode="200",
        responseTemplates={"application/json": "changed"},
    )
    integration = (
        next(r for r in deployed(identity).resources if r.id == resource.id).methods["GET"].integration
    )
    assert integration is not None
    assert integration.responses[0].templates == {"application/json": "original"}


@pytest.fixture
def load_balanced(aws: Aws) -> dict[str, str]:
    """A load balancer in front of an execute-api endpoint in the same VPC."""
    ec2, elb = aws("ec2"), aws("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="eu-west-1a")
    subnet_id = subnet["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.execute-api",
        VpcEndpointType="Interface",
        SubnetIds=[subnet_id],
        SubnetConfigurations=[{"SubnetId": subnet_id, "Ipv4": "10.0.0.20"}],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"]["VpcEndpointId"]
    balancer = elb.create_load_balancer(
        Name="n",
        Type="network",
        Scheme="internal",
        SubnetMappings=[{"SubnetId": subnet_id, "PrivateIPv4Address": "10.0.0.10"}],
        SecurityGroups=[group],
    )["LoadBalancers"][0]["LoadBalancerArn"]
    targets = elb.create_target_group(
        Name="t",
        Protocol="TCP",
        Port=443,
        VpcId=vpc,
        TargetType="ip",
        HealthCheckProtocol="HTTPS",
        HealthCheckPath="/ping",
        Matcher={"HttpCode": "200"},
    )["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": "10.0.0.20", "Port": 443}])
    return {"group": group, "endpoint": endpoint, "balancer": balancer, "targets": targets}


def listen(aws: Aws, made: dict[str, str]) -> None:
    aws("elbv2").create_listener(
        LoadBalancerArn=made["balancer"],
        Protocol="TCP",
        Port=443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": made["targets"]}],
    )


def health(aws: Aws, made: dict[str, str]) -> tuple[str, str | None]:
    found = aws("elbv2").describe_target_health(TargetGroupArn=made["targets"])["TargetHealthDescriptions"]
    return found[0]["TargetHealth"]["State"], found[0]["TargetHealth"].get("Reason")


def admit(aws: Aws, made: dict[str, str]) -> None:
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.10/32"}],
    }
    aws("ec2").authorize_security_group_ingress(GroupId=made["group"], IpPermissions=[permission])


def test_target_health_follows_the_listener_and_the_security_group(
    aws: Aws, load_balanced: dict[str, str]
) -> None:
    assert health(aws, load_balanced) == ("unused", "Target.NotInUse")
    listen(aws, load_balanced)
    assert health(aws, load_balanced) == ("unhealthy", "Target.Timeout")
    admit(aws, load_balanced)
    assert health(aws, load_balanced) == ("healthy", None)


def test_a_load_balancer_is_seen_with_its_node_and_its_listener(
    aws: Aws, load_balanced: dict[str, str]
) -> None:
    listen(aws, load_balanced)
    found = MotoView().load_balancer(load_balanced["balancer"])
    assert found is not None
    assert [node.address for node in found.nodes] == [ipaddress.IPv4Address("10.0.0.10")]
    assert [(item.port, item.target_group_arn) for item in found.listeners] == [
        (443, load_balanced["targets"])
    ]
    assert found.enforces_rules_on_private_link


def test_an_endpoint_is_seen_until_it_is_deleted(aws: Aws, load_balanced: dict[str, str]) -> None:
    (found,) = MotoView().endpoints()
    assert found.id == load_balanced["endpoint"]
    assert found.has_default_policy
    assert [item.security_group_ids for item in found.interfaces] == [(load_balanced["group"],)]
    aws("ec2").delete_vpc_endpoints(VpcEndpointIds=[load_balanced["endpoint"]])
    assert MotoView().endpoints() == ()


def test_the_networks_of_moto_lead_from_the_node_to_the_target(
    aws: Aws, load_balanced: dict[str, str]
) -> None:
    admit(aws, load_balanced)
    view = MotoView()
    balancer = view.load_balancer(load_balanced["balancer"])
    assert balancer is not None
    verdict = connect(view.networks(), balancer.nodes[0], ipaddress.IPv4Address("10.0.0.20"), 443)
    assert verdict.outcome is Outcome.DELIVERED


def test_what_does_not_exist_is_none(aws: Aws) -> None:
    del aws
    view = MotoView()
    missing = "arn:aws:lambda:eu-west-1:111111111111:function:gone"
    assert view.rest_api("nosuchapi0") is None
    assert view.vpc_link("gone") is None
    assert view.load_balancer("gone") is None
    assert view.target_group("gone") is None
    assert view.function(missing) is None


def test_a_role_gives_credentials_of_its_own_account(aws: Aws) -> None:
    del aws
    found = MotoView().role_credentials("arn:aws:iam::222222222222:role/function")
    session = boto3.Session(
        found["AWS_ACCESS_KEY_ID"],
        found["AWS_SECRET_ACCESS_KEY"],
        found["AWS_SESSION_TOKEN"],
        region_name=REGION,
    )
    assert session.client("sts").get_caller_identity()["Account"] == "222222222222"


def test_a_subnet_has_the_routes_of_its_own_table_and_else_of_the_main_one(
    aws: Aws, load_balanced: dict[str, str]
) -> None:
    del load_balanced
    ec2 = aws("ec2")
    (subnet,) = [
        item for item in MotoView().networks().subnets.values() if str(item.network) == "10.0.0.0/24"
    ]
    assert [route.target for route in subnet.routes] == ["local"]
    table = ec2.create_route_table(VpcId=subnet.vpc_id)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=subnet.vpc_id)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet.id)
    associated = MotoView().networks().subnets[subnet.id]
    assert associated.route_table_id == table
    assert [route.target for route in associated.routes] == ["local", gateway]
