"""Which AWS actions Terraform needs for each kind of resource that Hatchway makes.

The one place that knows. Where AWS can restrict an action to a resource, it is: to resources of the account
and region, and by name where names begin with the topology's. docs/reference/deploy-roles.md says where not.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on resources.

    Resources are patterns over `{partition}`, `{region}`, `{account}` and `{name}`, the topology's name.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = EVERYTHING
    passed_to: str | None = None
    """For `iam:PassRole`: the only service that a role may be handed to."""


def _ec2(actions: str, *kinds: str) -> Grant:
    resources = tuple(f"arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/*" for kind in kinds)
    return Grant(tuple(f"ec2:{action}" for action in actions.split()), resources or EVERYTHING)


def _rest(*paths: str) -> Grant:
    """Any method on these paths of API Gateway's own API, which has no names to restrict by."""
    actions = tuple(f"apigateway:{method}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))
    return Grant(actions, tuple(f"arn:{{partition}}:apigateway:{{region}}::{path}" for path in paths))


def _role(service: str, *more: str) -> tuple[Grant, ...]:
    """A role of Hatchway's, handed to one service."""
    roles = ("arn:{partition}:iam::{account}:role/{name}-*",)
    actions = (
        "CreateRole DeleteRole GetRole UpdateRole UpdateAssumeRolePolicy TagRole UntagRole "
        "ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole GetRolePolicy PutRolePolicy "
        "DeleteRolePolicy"
    )
    return (
        Grant((*(f"iam:{action}" for action in actions.split()), *more), roles),
        Grant(("iam:PassRole",), roles, passed_to=service),
    )


def _of(service: str, actions: str, *resources: str) -> Grant:
    """Actions of one service, on resources without the start of their ARN."""
    arns = tuple(f"arn:{{partition}}:{service}:{{region}}:{{account}}:{each}" for each in resources)
    return Grant(tuple(f"{service}:{action}" for action in actions.split()), arns or EVERYTHING)


_TAGS = "CreateTags DeleteTags"
_ELB = "elasticloadbalancing"
_REST_APIS = _rest("/restapis", "/restapis/*", "/tags/*")
_LOGS = _of(
    "logs",
    "CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey "
    "DisassociateKmsKey TagResource UntagResource ListTagsForResource",
    "log-group:/aws/lambda/{name}-*",
    "log-group:/aws/apigateway/*",
    "log-group:API-Gateway-Execution-Logs_*",
    "log-group:/hatchway/flow/{name}-*",
)
_FUNCTIONS = "function:{name}-*"
_TARGET_GROUPS = "targetgroup/*"
_WEB_ACLS = ("regional/webacl/{name}-*/*", "regional/ipset/{name}-*/*")
_GATEWAYS = ("transit-gateway", "transit-gateway-attachment", "transit-gateway-route-table")
# What a stage does when its access log is turned on.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
_LOG_DELIVERY = _of(
    "logs",
    "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries "
    "PutResourcePolicy DescribeResourcePolicies DescribeLogGroups",
)

# By Terraform type. Kinds that need what another one needs stand together.
GRANTS: Mapping[str, tuple[Grant, ...]] = {
    **dict.fromkeys(
        (
            "aws_api_gateway_authorizer",
            "aws_api_gateway_deployment",
            "aws_api_gateway_gateway_response",
            "aws_api_gateway_integration",
            "aws_api_gateway_integration_response",
            "aws_api_gateway_method",
            "aws_api_gateway_method_response",
            "aws_api_gateway_method_settings",
            "aws_api_gateway_request_validator",
            "aws_api_gateway_resource",
        ),
        (_REST_APIS,),
    ),
    **dict.fromkeys(
        ("aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy"),
        (_REST_APIS, Grant(("apigateway:UpdateRestApiPolicy",), _REST_APIS.resources)),
    ),
    "aws_api_gateway_stage": (_REST_APIS, _LOG_DELIVERY),
    "aws_api_gateway_account": (_rest("/account"), *_role("apigateway.amazonaws.com")),
    "aws_api_gateway_vpc_link": (
        _rest("/vpclinks", "/vpclinks/*", "/tags/*"),
        # API Gateway makes an endpoint service of the load balancer, with the caller's permissions.
        _ec2(
            "CreateVpcEndpointServiceConfiguration DeleteVpcEndpointServiceConfigurations "
            "ModifyVpcEndpointServicePermissions DescribeVpcEndpointServiceConfigurations "
            "DescribeVpcEndpointServicePermissions"
        ),
    ),
    **dict.fromkeys(
        ("aws_api_gateway_domain_name", "aws_api_gateway_base_path_mapping"),
        (_rest("/domainnames", "/domainnames/*", "/tags/*"), Grant(("apigateway:AddCertificateToDomain",))),
    ),
    **dict.fromkeys(
        ("aws_api_gateway_usage_plan", "aws_api_gateway_usage_plan_key", "aws_api_gateway_api_key"),
        (_rest("/usageplans", "/usageplans/*", "/apikeys", "/apikeys/*", "/tags/*"),),
    ),
    **dict.fromkeys(
        (
            "aws_apigatewayv2_api",
            "aws_apigatewayv2_authorizer",
            "aws_apigatewayv2_deployment",
            "aws_apigatewayv2_integration",
            "aws_apigatewayv2_route",
        ),
        (_rest("/apis", "/apis/*", "/tags/*"),),
    ),
    "aws_apigatewayv2_stage": (_rest("/apis", "/apis/*", "/tags/*"), _LOG_DELIVERY),
    "aws_apigatewayv2_vpc_link": (
        _rest("/vpclinks", "/vpclinks/*", "/tags/*"),
        Grant(
            ("iam:CreateServiceLinkedRole",),
            ("arn:{partition}:iam::{account}:role/aws-service-role/ops.apigateway.amazonaws.com/*",),
        ),
    ),
    **dict.fromkeys(
        ("aws_apigatewayv2_domain_name", "aws_apigatewayv2_api_mapping"),
        (_rest("/domainnames", "/domainnames/*", "/tags/*"), Grant(("apigateway:AddCertificateToDomain",))),
    ),
    "aws_acm_certificate": (
        _of("acm", "RequestCertificate"),
        _of(
            "acm",
            "DescribeCertificate DeleteCertificate AddTagsToCertificate RemoveTagsFromCertificate "
            "ListTagsForCertificate UpdateCertificateOptions",
            "certificate/*",
        ),
    ),
    "aws_acm_certificate_validation": (_of("acm", "DescribeCertificate", "certificate/*"),),
    "aws_route53_record": (
        Grant(
            ("route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:GetHostedZone"),
            ("arn:{partition}:route53:::hostedzone/*",),
        ),
        Grant(("route53:GetChange",), ("arn:{partition}:route53:::change/*",)),
    ),
    **dict.fromkeys(
        ("aws_wafv2_web_acl", "aws_wafv2_ip_set"),
        (
            _of(
                "wafv2",
                "CreateWebACL GetWebACL UpdateWebACL DeleteWebACL CreateIPSet GetIPSet UpdateIPSet "
                "DeleteIPSet TagResource UntagResource ListTagsForResource",
                *_WEB_ACLS,
            ),
            _of("wafv2", "CreateWebACL UpdateWebACL", "regional/managedruleset/*/*"),
        ),
    ),
    "aws_wafv2_web_acl_association": (
        _of("wafv2", "AssociateWebACL GetWebACL GetWebACLForResource", "regional/webacl/*/*"),
        Grant(("wafv2:DisassociateWebACL", "wafv2:AssociateWebACL"), _REST_APIS.resources),
        Grant(("wafv2:GetWebACLForResource", "apigateway:SetWebACL"), _REST_APIS.resources),
    ),
    "aws_lb": (
        _of(
            _ELB,
            "CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets "
            "SetIpAddressType AddTags RemoveTags",
            "loadbalancer/net/*",
        ),
        _of(
            _ELB,
            "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeTags DescribeCapacityReservation",
        ),
        _ec2("DescribeSubnets DescribeVpcs DescribeSecurityGroups DescribeNetworkInterfaces"),
        Grant(
            ("iam:CreateServiceLinkedRole",),
            ("arn:{partition}:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",),
        ),
    ),
    "aws_lb_listener": (
        _of(
            _ELB,
            "CreateListener DeleteListener ModifyListener ModifyListenerAttributes AddTags RemoveTags",
            "loadbalancer/net/*",
            "listener/net/*",
        ),
        _of(_ELB, "DescribeListeners DescribeListenerAttributes DescribeTags DescribeLoadBalancers"),
    ),
    "aws_lb_target_group": (
        _of(
            _ELB,
            "CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes AddTags "
            "RemoveTags",
            _TARGET_GROUPS,
        ),
        _of(_ELB, "DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags"),
    ),
    "aws_lb_target_group_attachment": (
        _of(_ELB, "RegisterTargets DeregisterTargets", _TARGET_GROUPS),
        _of(_ELB, "DescribeTargetHealth DescribeTargetGroups"),
    ),
    "aws_vpc": (
        _ec2(f"CreateVpc DeleteVpc ModifyVpcAttribute {_TAGS}", "vpc"),
        _ec2(
            "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups"
        ),
    ),
    "aws_subnet": (
        _ec2(f"CreateSubnet DeleteSubnet ModifySubnetAttribute {_TAGS}", "subnet", "vpc"),
        _ec2("DescribeSubnets DescribeNetworkInterfaces"),
    ),
    **dict.fromkeys(
        ("aws_route_table", "aws_route_table_association", "aws_route"),
        (
            _ec2(
                "CreateRouteTable DeleteRouteTable AssociateRouteTable DisassociateRouteTable "
                f"ReplaceRouteTableAssociation CreateRoute ReplaceRoute DeleteRoute {_TAGS}",
                "route-table",
                "subnet",
                "vpc",
            ),
            _ec2("DescribeRouteTables"),
        ),
    ),
    **dict.fromkeys(
        (
            "aws_security_group",
            "aws_vpc_security_group_ingress_rule",
            "aws_vpc_security_group_egress_rule",
        ),
        (
            _ec2(
                "CreateSecurityGroup DeleteSecurityGroup AuthorizeSecurityGroupIngress "
                "AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress "
                f"ModifySecurityGroupRules {_TAGS}",
                "security-group",
                "security-group-rule",
                "vpc",
            ),
            _ec2("DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces"),
        ),
    ),
    **dict.fromkeys(
        ("aws_vpc_endpoint", "aws_vpc_endpoint_policy"),
        (
            _ec2(
                f"CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints {_TAGS}",
                "vpc-endpoint",
                "vpc",
                "subnet",
                "security-group",
            ),
            _ec2("DescribeVpcEndpoints DescribePrefixLists DescribeVpcEndpointServices"),
        ),
    ),
    **dict.fromkeys(
        (
            "aws_ec2_transit_gateway",
            "aws_ec2_transit_gateway_route_table",
            "aws_ec2_transit_gateway_route_table_association",
            "aws_ec2_transit_gateway_route_table_propagation",
            "aws_ec2_transit_gateway_vpc_attachment",
            "aws_ec2_transit_gateway_vpc_attachment_accepter",
        ),
        (
            _ec2(
                "CreateTransitGateway ModifyTransitGateway DeleteTransitGateway "
                "CreateTransitGatewayRouteTable DeleteTransitGatewayRouteTable "
                "AssociateTransitGatewayRouteTable DisassociateTransitGatewayRouteTable "
                "EnableTransitGatewayRouteTablePropagation DisableTransitGatewayRouteTablePropagation "
                "CreateTransitGatewayVpcAttachment ModifyTransitGatewayVpcAttachment "
                "DeleteTransitGatewayVpcAttachment AcceptTransitGatewayVpcAttachment "
                f"{_TAGS}",
                *_GATEWAYS,
                "vpc",
                "subnet",
            ),
            # The gateway may be another account's, shared with this one.
            Grant(
                ("ec2:CreateTransitGatewayVpcAttachment",),
                ("arn:{partition}:ec2:{region}:*:transit-gateway/*",),
            ),
            _ec2(
                "DescribeTransitGateways DescribeTransitGatewayRouteTables DescribeTransitGatewayAttachments "
                "DescribeTransitGatewayVpcAttachments GetTransitGatewayRouteTableAssociations "
                "GetTransitGatewayRouteTablePropagations"
            ),
        ),
    ),
    **dict.fromkeys(
        (
            "aws_vpc_peering_connection",
            "aws_vpc_peering_connection_accepter",
            "aws_vpc_peering_connection_options",
        ),
        (
            _ec2(
                "CreateVpcPeeringConnection AcceptVpcPeeringConnection DeleteVpcPeeringConnection "
                f"ModifyVpcPeeringConnectionOptions {_TAGS}",
                "vpc-peering-connection",
                "vpc",
            ),
            _ec2("DescribeVpcPeeringConnections"),
        ),
    ),
    **dict.fromkeys(
        ("aws_ram_resource_share", "aws_ram_resource_association", "aws_ram_principal_association"),
        (
            _of("ram", "CreateResourceShare"),
            _of(
                "ram",
                "UpdateResourceShare DeleteResourceShare AssociateResourceShare DisassociateResourceShare "
                "AssociateResourceSharePermission TagResource UntagResource",
                "resource-share/*",
            ),
            _of(
                "ram",
                "GetResourceShares GetResourceShareAssociations ListResourceSharePermissions "
                "ListResources ListPrincipals",
            ),
            _ec2("DescribeTransitGateways"),
        ),
    ),
    "aws_ram_resource_share_accepter": (
        Grant(
            ("ram:AcceptResourceShareInvitation", "ram:DisassociateResourceShare"),
            (
                "arn:{partition}:ram:{region}:*:resource-share-invitation/*",
                "arn:{partition}:ram:{region}:*:resource-share/*",
            ),
        ),
        _of(
            "ram",
            "GetResourceShareInvitations GetResourceShares GetResourceShareAssociations ListResources",
        ),
    ),
    "aws_flow_log": (
        _ec2(f"CreateFlowLogs DeleteFlowLogs {_TAGS}", "vpc-flow-log", "vpc"),
        _ec2("DescribeFlowLogs"),
        *_role("vpc-flow-logs.amazonaws.com"),
        Grant(("logs:CreateLogDelivery", "logs:DeleteLogDelivery")),
    ),
    "aws_lambda_function": (
        _of(
            "lambda",
            "CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode "
            "UpdateFunctionConfiguration ListVersionsByFunction GetFunctionCodeSigningConfig TagResource "
            "UntagResource ListTags PutFunctionConcurrency DeleteFunctionConcurrency",
            _FUNCTIONS,
        ),
        *_role("lambda.amazonaws.com"),
    ),
    # Of functions that exist already as well: they have names of their own.
    "aws_lambda_permission": (_of("lambda", "AddPermission RemovePermission GetPolicy", "function:*"),),
    "aws_iam_role": _role("lambda.amazonaws.com")[:1],
    "aws_iam_role_policy": _role("lambda.amazonaws.com")[:1],
    "aws_iam_role_policy_attachment": (
        Grant(
            ("iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:ListAttachedRolePolicies"),
            ("arn:{partition}:iam::{account}:role/{name}-*",),
        ),
    ),
    "aws_secretsmanager_secret": (
        _of(
            "secretsmanager",
            "CreateSecret DeleteSecret DescribeSecret UpdateSecret GetResourcePolicy TagResource "
            "UntagResource",
            "secret:{name}-*",
        ),
    ),
    "aws_cloudwatch_log_group": (_LOGS, _of("logs", "DescribeLogGroups")),
    "aws_cloudwatch_metric_alarm": (
        _of(
            "cloudwatch",
            "PutMetricAlarm DeleteAlarms TagResource UntagResource ListTagsForResource",
            "alarm:{name}-*",
        ),
        _of("cloudwatch", "DescribeAlarms"),
    ),
    "aws_cloudwatch_dashboard": (
        Grant(
            ("cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"),
            ("arn:{partition}:cloudwatch::{account}:dashboard/{name}-*",),
        ),
    ),
    "aws_synthetics_canary": (
        _of(
            "synthetics",
            "CreateCanary UpdateCanary DeleteCanary GetCanary StartCanary StopCanary TagResource "
            "UntagResource ListTagsForResource",
            "canary:*",
        ),
        # The canary's function is made with the caller's permissions.
        _of(
            "lambda",
            "CreateFunction DeleteFunction GetFunction GetFunctionConfiguration UpdateFunctionCode "
            "UpdateFunctionConfiguration AddPermission PublishVersion GetLayerVersion",
            "function:cwsyn-*",
            "layer:cwsyn-*",
        ),
        Grant(("lambda:GetLayerVersion", "lambda:PublishLayerVersion", "lambda:DeleteLayerVersion")),
        Grant(("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:ListAllMyBuckets")),
        *_role("lambda.amazonaws.com"),
    ),
    "data.aws_vpc_endpoint": (_ec2("DescribeVpcEndpoints DescribePrefixLists"),),
    "data.aws_network_interface": (_ec2("DescribeNetworkInterfaces"),),
}
