"""The article's path with an HTTP API in front, and with a REST API over a VPC link V2."""

from tests.unit.review.arrangements import HEADER, PRIVATE_ID, SUBNETS, VPC
from tests.unit.review.article import Article, G

API = "aws_apigatewayv2_api.public"
ROUTE = "aws_apigatewayv2_route.orders"
HTTP_INTEGRATION = "aws_apigatewayv2_integration.orders"
LINK = "aws_apigatewayv2_vpc_link.orders"
AUTHORIZER = "aws_apigatewayv2_authorizer.clients"
_ID = "${aws_apigatewayv2_api.public.id}"


def link_v2(a: Article) -> None:
    """Put a link with interfaces of its own in the place of the link by PrivateLink."""
    a.drop(G, "aws_api_gateway_vpc_link.orders")
    a.add(G, "aws_security_group.link", vpc_id=VPC)
    a.add(
        G,
        LINK,
        name="orders",
        subnet_ids=SUBNETS,
        security_group_ids=["${aws_security_group.link.id}"],
        lifecycle={"create_before_destroy": True},
    )
    for name, way, own, other in (
        ("link_out", "egress", "link", "orders"),
        ("link_in", "ingress", "orders", "link"),
    ):
        a.add(
            G,
            f"aws_vpc_security_group_{way}_rule.{name}",
            security_group_id="${aws_security_group." + own + ".id}",
            referenced_security_group_id="${aws_security_group." + other + ".id}",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
        )


def rest_over_link_v2(a: Article) -> None:
    link_v2(a)
    a.put("aws_api_gateway_vpc_link.orders", LINK, G)
    for name in ("orders", "orders_proxy"):
        one = f"aws_api_gateway_integration.{name}"
        a.set(G, one, integration_target="${aws_lb.orders.arn}")
        a.at(G, one)["request_parameters"][HEADER] = f"'{PRIVATE_ID}'"


def http_entry(a: Article) -> None:
    link_v2(a)
    resources = a.stacks[G]["resource"]
    for kind in [kind for kind in resources if kind.startswith("aws_api_gateway_")]:
        del resources[kind]
    a.stacks[G]["output"] = {}
    a.add(G, API, name="public", protocol_type="HTTP")
    a.add(G, "aws_apigatewayv2_stage.default", api_id=_ID, name="$default", auto_deploy=True)
    a.add(
        G,
        AUTHORIZER,
        api_id=_ID,
        authorizer_type="REQUEST",
        authorizer_uri="${aws_lambda_function.authorizer.invoke_arn}",
        authorizer_payload_format_version="2.0",
        identity_sources=["$request.header.Authorization"],
        name="clients",
    )
    source = (
        "${aws_apigatewayv2_api.public.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.clients.id}"
    )
    a.set(G, "aws_lambda_permission.authorizer", source_arn=source)
    a.add(
        G,
        ROUTE,
        api_id=_ID,
        route_key="ANY /{proxy+}",
        target="integrations/${aws_apigatewayv2_integration.orders.id}",
        authorization_type="CUSTOM",
        authorizer_id="${aws_apigatewayv2_authorizer.clients.id}",
    )
    a.add(
        G,
        HTTP_INTEGRATION,
        api_id=_ID,
        integration_type="HTTP_PROXY",
        integration_method="ANY",
        integration_uri="${aws_lb_listener.orders.arn}",
        connection_type="VPC_LINK",
        connection_id="${aws_apigatewayv2_vpc_link.orders.id}",
        request_parameters={
            "overwrite:path": "/v1/$request.path.proxy",
            "overwrite:header.x-apigw-api-id": PRIVATE_ID,
        },
        tls_config={"server_name_to_verify": PRIVATE_ID + ".execute-api.eu-west-1.amazonaws.com"},
    )


def default_route(a: Article) -> None:
    http_entry(a)
    a.set(G, ROUTE, route_key="$default")
    a.at(G, HTTP_INTEGRATION)["request_parameters"]["overwrite:path"] = "/v1$request.path"


def stage_with_the_private_name(a: Article) -> None:
    """A stage that has a name stands at the beginning of the path that the private side sees."""
    http_entry(a)
    a.set(G, "aws_apigatewayv2_stage.default", name="v1")
    del a.at(G, HTTP_INTEGRATION)["request_parameters"]["overwrite:path"]


def named_by_host(a: Article) -> None:
    http_entry(a)
    parameters = a.at(G, HTTP_INTEGRATION)["request_parameters"]
    parameters["overwrite:header.Host"] = a.at(G, HTTP_INTEGRATION)["tls_config"]["server_name_to_verify"]


def jwt(a: Article) -> None:
    http_entry(a)
    a.set(
        G,
        AUTHORIZER,
        authorizer_type="JWT",
        authorizer_uri=None,
        authorizer_payload_format_version=None,
        jwt_configuration={"issuer": "https://issuer.example.com", "audience": ["orders"]},
    )
    a.set(G, ROUTE, authorization_type="JWT")


def signed(a: Article) -> None:
    http_entry(a)
    a.set(G, ROUTE, authorization_type="AWS_IAM", authorizer_id=None)


def link_by_ranges(a: Article) -> None:
    rest_over_link_v2(a)
    for name, way in (("link_out", "egress"), ("link_in", "ingress")):
        a.set(
            G,
            f"aws_vpc_security_group_{way}_rule.{name}",
            referenced_security_group_id=None,
            cidr_ipv4="10.0.0.0/16",
        )


GOOD = [
    rest_over_link_v2,
    http_entry,
    default_route,
    stage_with_the_private_name,
    named_by_host,
    jwt,
    signed,
    link_by_ranges,
]
