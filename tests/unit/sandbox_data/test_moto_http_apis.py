"""What the data plane sees of HTTP APIs: moto in this process."""

from collections.abc import Callable
from typing import Any

import pytest

from hatchway.sandbox.data.moto_view import MotoView
from hatchway.sandbox.data.world import Cors, Throttle

REGION = "eu-west-1"
ISSUER = "https://login.example.com/"


@pytest.fixture
def api(aws: Callable[[str], Any]) -> str:
    """An HTTP API with a JWT authorizer on one route."""
    client = aws("apigatewayv2")
    made = str(
        client.create_api(
            Name="a",
            ProtocolType="HTTP",
            CorsConfiguration={"AllowOrigins": ["https://a.example"], "MaxAge": 60},
        )["ApiId"]
    )
    integration = client.create_integration(
        ApiId=made,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="ANY",
        IntegrationUri="https://orders.example.com/",
        PayloadFormatVersion="1.0",
        TimeoutInMillis=5000,
        RequestParameters={"overwrite:path": "/v1/$request.path.proxy"},
        TlsConfig={"ServerNameToVerify": "orders.example.com"},
    )["IntegrationId"]
    authorizer = client.create_authorizer(
        ApiId=made,
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": ISSUER, "Audience": ["client"]},
    )["AuthorizerId"]
    client.create_route(
        ApiId=made,
        RouteKey="ANY /orders/{proxy+}",
        Target=f"integrations/{integration}",
        AuthorizationType="JWT",
        AuthorizerId=authorizer,
        AuthorizationScopes=["orders/read"],
    )
    return made


def test_an_automatic_stage_serves_the_api_as_it_is_now(aws: Callable[[str], Any], api: str) -> None:
    aws("apigatewayv2").create_stage(
        ApiId=api,
        StageName="live",
        AutoDeploy=True,
        DefaultRouteSettings={"ThrottlingRateLimit": 5.0, "ThrottlingBurstLimit": 2},
        RouteSettings={"ANY /orders/{proxy+}": {"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 1}},
    )
    found = MotoView().http_api(api)
    assert found is not None
    assert found.cors == Cors(allow_origins=("https://a.example",), max_age_seconds=60)
    stage = found.stages["live"]
    assert stage.throttle == Throttle(rate=5, burst=2)
    assert stage.route_throttles == {"ANY /orders/{proxy+}": Throttle(rate=1, burst=1)}
    (route,) = stage.definition.routes
    assert (route.authorization_type, route.scopes) == ("JWT", ("orders/read",))
    assert route.integration is not None
    assert route.integration.server_name_to_verify == "orders.example.com"
    assert route.integration.request_parameters == {"overwrite:path": "/v1/$request.path.proxy"}
    authorizer = stage.definition.authorizers[route.authorizer_id or ""]
    assert (authorizer.issuer, authorizer.audience) == (ISSUER, ("client",))
    assert MotoView().jwt_issuers() == frozenset({ISSUER})


def test_another_stage_serves_what_its_deployment_froze(aws: Callable[[str], Any], api: str) -> None:
    client = aws("apigatewayv2")
    client.create_stage(ApiId=api, StageName="bare")
    first = client.create_deployment(ApiId=api)["DeploymentId"]
    client.create_stage(ApiId=api, StageName="live", DeploymentId=first)
    client.create_route(ApiId=api, RouteKey="GET /later")
    found = MotoView().http_api(api)
    assert found is not None
    assert set(found.stages) == {"live"}, "nothing is deployed on the other"
    assert [route.key for route in found.stages["live"].definition.routes] == ["ANY /orders/{proxy+}"]


def test_a_vpc_link_has_an_interface_in_each_subnet_and_loses_them(aws: Callable[[str], Any]) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")[
            "Subnet"
        ]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    client = aws("apigatewayv2")
    link = client.create_vpc_link(Name="l", SubnetIds=subnets, SecurityGroupIds=[group])["VpcLinkId"]
    found = MotoView().vpc_link_v2(link)
    assert found is not None
    assert {interface.subnet_id for interface in found.interfaces} == set(subnets)
    assert all(interface.security_group_ids == (group,) for interface in found.interfaces)
    client.delete_vpc_link(VpcLinkId=link)
    assert MotoView().vpc_link_v2(link) is None
    networks = MotoView().networks()
    assert not any(interface.vpc_id == vpc for interface in networks.interfaces)
