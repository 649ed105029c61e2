"""Types of single values: what each may be, and how a wrong one is described.

Nothing here compares values; `hatchway.topology.rules` does.
"""

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

# RFC 1918 and RFC 6598: the ranges a target group accepts for addresses outside its own VPC.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
PRIVATE_RANGES = tuple(
    ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html
PRIVATE_ASNS = (range(64512, 65535), range(4200000000, 4294967295))


def _matches(pattern: str, message: str) -> AfterValidator:
    """Text that matches the whole pattern; the message says so in words instead of showing the pattern."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _network(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ipaddress.IPv4Network(value)
    except ValueError:
        pass
    try:
        wider = ipaddress.IPv4Network(value, strict=False)
    except ValueError as error:
        raise ValueError("is not an IPv4 range such as '10.0.0.0/16'") from error
    raise ValueError(f"is an address in a range: the range itself is '{wider}'")


def _address(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ipaddress.IPv4Address(value)
    except ValueError as error:
        raise ValueError("is not an IPv4 address such as '10.0.0.10'") from error


def _private(network: ipaddress.IPv4Network) -> ipaddress.IPv4Network:
    if not any(network.subnet_of(allowed) for allowed in PRIVATE_RANGES):
        ranges = ", ".join(str(allowed) for allowed in PRIVATE_RANGES)
        raise ValueError(f"is not in a private range ({ranges})")
    return network


def _private_asn(value: int) -> int:
    if not any(value in asns for asns in PRIVATE_ASNS):
        raise ValueError("is not a private ASN: 64512 to 65534, or 4200000000 to 4294967294")
    return value


# A part of a resource path takes letters, digits and ._-: only.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_PART = r"[A-Za-z0-9._:-]+"

Name = Annotated[
    str,
    _matches(
        r"(?=.{1,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "is not a name: at most 24 lower-case letters, digits and single hyphens, a letter first",
    ),
]
AccountId = Annotated[str, _matches(r"\d{12}", "is not an account id of 12 digits")]
Region = Annotated[str, _matches(r"[a-z]{2,}(-[a-z]+)+-\d", "is not a region such as 'eu-west-1'")]
RoleArn = Annotated[
    str,
    _matches(
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+",
        "is not the ARN of a role such as 'arn:aws:iam::111111111111:role/deploy'",
    ),
]
PrincipalArn = Annotated[
    str,
    _matches(
        r"arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)",
        "is not the ARN of a role, a user or an account such as 'arn:aws:iam::111111111111:role/ci'",
    ),
]
ExternalId = Annotated[
    str, _matches(r"[\w+=,.@:/-]{2,1224}", "is not an external id: 2 to 1224 letters, digits and +=,.@:/-")
]
BucketName = Annotated[str, _matches(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "is not the name of an S3 bucket")]
KeyPrefix = Annotated[
    str,
    _matches(
        r"[\w.-]+(/[\w.-]+)*", "is not a key prefix: no '/' at its ends, letters, digits and ._- between"
    ),
]
VpcId = Annotated[str, _matches(r"vpc-[0-9a-f]{8,17}", "is not the id of a VPC such as 'vpc-0a1b2c3d'")]
SubnetId = Annotated[
    str, _matches(r"subnet-[0-9a-f]{8,17}", "is not the id of a subnet such as 'subnet-0a1b2c3d'")
]
RouteTableId = Annotated[
    str, _matches(r"rtb-[0-9a-f]{8,17}", "is not the id of a route table such as 'rtb-0a1b2c3d'")
]
TransitGatewayId = Annotated[
    str, _matches(r"tgw-[0-9a-f]{8,17}", "is not the id of a Transit Gateway such as 'tgw-0a1b2c3d'")
]
ZoneId = Annotated[
    str,
    _matches(
        r"[a-z]{2,}[a-z0-9]*-az\d+",
        "is not a zone id such as 'euw1-az1' (a zone name such as 'eu-west-1a' is not one)",
    ),
]
ApiId = Annotated[str, _matches(r"[a-z0-9]{8,12}", "is not the id of a REST API such as 'a1b2c3d4e5'")]
StageName = Annotated[
    str,
    _matches(r"[A-Za-z0-9_-]{1,128}", "is not the name of a stage: at most 128 letters, digits, '_' and '-'"),
]
PrivateAsn = Annotated[int, AfterValidator(_private_asn)]
Cidr = Annotated[ipaddress.IPv4Network, BeforeValidator(_network), AfterValidator(_private)]
Address = Annotated[ipaddress.IPv4Address, BeforeValidator(_address)]
UrlPath = Annotated[
    str,
    _matches(
        rf"/|(/{_PART})+",
        "is not a path such as '/' or '/orders/v1': letters, digits and ._-: after each slash",
    ),
]
RoutePath = Annotated[
    str,
    _matches(
        rf"/|(/({_PART}|\{{{_PART}\}}))*(/({_PART}|\{{{_PART}\+?\}}))",
        "is not a resource path such as '/', '/orders/{id}' or '/orders/{proxy+}' (greedy: last)",
    ),
]
CheckRequest = Annotated[
    str,
    _matches(
        r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /[!-~]*",
        "is not a request such as 'GET /orders/1': a method in capitals, a space, a path with its '/'",
    ),
]
VpcEndpointId = Annotated[
    str, _matches(r"vpce-[0-9a-f]{8,17}", "is not the id of a VPC endpoint such as 'vpce-0a1b2c3d'")
]
HostedZoneId = Annotated[
    str, _matches(r"Z[A-Z0-9]{1,31}", "is not the id of a hosted zone such as 'Z0123456789'")
]
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HostName = Annotated[
    str,
    _matches(
        rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+",
        "is not a host name such as 'api.example.com', in lower case",
    ),
]
_URL = r"(?!-)[a-z0-9.-]+(:\d{1,5})?(/[!-~]*)?"
HttpUrl = Annotated[
    str, _matches(rf"https?://{_URL}", "is not a URL such as 'https://backend.example.com/items'")
]
HttpsUrl = Annotated[str, _matches(rf"https://{_URL}", "is not a URL such as 'https://id.example.com/'")]
Origin = Annotated[
    str,
    _matches(
        r"\*|https?://[a-z0-9.-]+(:\d{1,5})?",
        "is not an origin such as 'https://app.example.com' (no path), or '*'",
    ),
]
S3Uri = Annotated[
    str,
    _matches(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[!-~]+", "is not an S3 URI such as 's3://bucket/key'"),
]
# https://datatracker.ietf.org/doc/html/rfc9110#section-5.6.2
HeaderName = Annotated[
    str, _matches(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}", "is not the name of a header such as 'X-Request-Id'")
]
# Stands in single quotes in a mapping, and in Terraform's own text.
HeaderValue = Annotated[
    str,
    _matches(
        r"[0-9A-Za-z](?:[0-9A-Za-z ._~:/@=+,;-]{0,254}[0-9A-Za-z._~:/@=+,;-])?",
        "is not a fixed value: letters, digits, blanks inside and ._~:/@=+,;-",
    ),
]
MediaType = Annotated[str, _matches(r"[\w.+*-]+/[\w.+*-]+", "is not a media type such as 'image/png'")]
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
ResponseType = Literal[
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
]
OAuthScope = Annotated[str, _matches(r"[!#-\[\]-~]{1,256}", "is not an OAuth scope such as 'orders/read'")]


def _arn(service: str, resource: str, example: str) -> AfterValidator:
    """An ARN of a service in a region and an account; `resource` is a pattern."""
    return _matches(
        rf"arn:aws[a-z-]*:{service}:[a-z]{{2,}}(-[a-z]+)+-\d:\d{{12}}:{resource}",
        f"is not an ARN such as '{example}'",
    )


UserPoolArn = Annotated[
    str,
    _arn(
        "cognito-idp",
        r"userpool/[\w-]+",
        "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEf123",
    ),
]
FunctionArn = Annotated[
    str,
    _arn(
        "lambda",
        r"function:[\w-]+(:[\w$-]+)?",
        "arn:aws:lambda:eu-west-1:111111111111:function:orders",
    ),
]
CertificateArn = Annotated[
    str, _arn("acm", r"certificate/[\w-]+", "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d")
]
WebAclArn = Annotated[
    str,
    _arn(
        "wafv2",
        r"regional/webacl/[\w-]+/[\w-]+",
        "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/edge/0a1b2c3d",
    ),
]
TopicArn = Annotated[str, _arn("sns", r"[\w-]+(\.fifo)?", "arn:aws:sns:eu-west-1:111111111111:on-call")]
KmsKeyArn = Annotated[str, _arn("kms", r"key/[\w-]+", "arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d")]
# What Terraform's S3 backend takes, tried with Terraform 1.11.4: other text ends `terraform init`. The id of
# a key is a UUID of a variant and version that RFC 4122 knows, or that of a multi-Region key.
_KMS_KEY = r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})"
_KMS_ALIAS = r"alias/[\w/-]+"
StateKmsKey = Annotated[
    str,
    _matches(
        rf"{_KMS_KEY}|{_KMS_ALIAS}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{{12}}:(?:key/{_KMS_KEY}|{_KMS_ALIAS})",
        "is not the id, alias or ARN of a KMS key such as 'alias/terraform-state'",
    ),
]
SecretArn = Annotated[
    str,
    _arn(
        "secretsmanager",
        r"secret:[\w/+=.@-]+",
        "arn:aws:secretsmanager:eu-west-1:111111111111:secret:canary-a1b2c3",
    ),
]
RelativePath = Annotated[
    str,
    _matches(
        r"(?!.*(^|/)\.\.(/|$))[\w.-]+(/[\w.-]+)*",
        "is not a path beside the topology's file such as 'functions/orders': no '/' first, no '..'",
    ),
]
FunctionHandler = Annotated[str, _matches(r"[\w./-]{1,128}", "is not a handler such as 'app.handler'")]
EnvironmentName = Annotated[
    str, _matches(r"[A-Za-z][A-Za-z0-9_]*", "is not the name of an environment variable such as 'TABLE'")
]
OrganizationName = Annotated[
    str,
    _matches(
        r"[A-Za-z0-9][A-Za-z0-9_-]{2,39}",
        "is not the name of an organization: 3 to 40 letters, digits, '-' and '_'",
    ),
]
Version = Annotated[str, _matches(r"\d+\.\d+\.\d+", "is not a version such as '6.25.0', quoted")]
AnyCidr = Annotated[ipaddress.IPv4Network, BeforeValidator(_network)]
AuthorizerName = Name
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]
SubnetName = Name
