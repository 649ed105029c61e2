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
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]
SubnetName = Name
