"""Topologies of any size: what the article declares, for many services in several accounts."""

from ipaddress import IPv4Network
from typing import Any

Document = dict[str, Any]

SERVICES_PER_ACCOUNT = 5
GATEWAY = "edge"
REGION = "eu-west-1"
RANGE = IPv4Network("10.0.0.0/8")
ZONES = {"a": "euw1-az1", "b": "euw1-az2"}
FIRST_ADDRESS = 10


def topology(services: int) -> Document:
    """A gateway in front of that many private APIs, each in a stack of its own.

    Five services share an account and its network; each has its own endpoint, load balancer and VPC link.
    One gateway for five hundred services needs quotas that AWS has to raise: the hardest case for programs.
    """
    owners = [f"team-{number:03}" for number in range(-(-services // SERVICES_PER_ACCOUNT))]
    names = [GATEWAY, *owners]
    ranges = dict(zip(names, RANGE.subnets(new_prefix=16), strict=False))
    return {
        "version": 1,
        "name": f"estate-{services}",
        "accounts": {name: _account(number) for number, name in enumerate(names, start=1)},
        "state": {"s3": {"bucket": "estate-terraform-state", "region": REGION, "key_prefix": "estate"}},
        "networks": {name: _network(name, cidr) for name, cidr in ranges.items()},
        "transit": {"create": {"account": GATEWAY}},
        "gateway": {
            "account": GATEWAY,
            "network": GATEWAY,
            "name": "http-gateway",
            "raised_quotas": {"vpc_links": services, "resources": 3 * services},
        },
        "services": {
            f"service-{number:03}": _service(number, owners[number // SERVICES_PER_ACCOUNT], ranges)
            for number in range(services)
        },
    }


def _account(number: int) -> Document:
    account_id = f"{number:012}"
    return {
        "id": account_id,
        "region": REGION,
        "deploy_role": f"arn:aws:iam::{account_id}:role/hatchway-deploy",
    }


def _network(account: str, cidr: IPv4Network) -> Document:
    subnets = {
        name: {"availability_zone_id": zone, "cidr": str(subnet)}
        for (name, zone), subnet in zip(ZONES.items(), cidr.subnets(new_prefix=20), strict=False)
    }
    return {"account": account, "create": {"cidr": str(cidr), "subnets": subnets}}


def _service(number: int, owner: str, ranges: dict[str, IPv4Network]) -> Document:
    beside = number % SERVICES_PER_ACCOUNT
    return {
        "account": owner,
        "path": f"/service-{number:03}",
        "endpoint": {"network": owner, "addresses": _addresses(ranges[owner], beside)},
        "load_balancer": {"addresses": _addresses(ranges[GATEWAY], number)},
        "api": {
            "stage": "v1",
            "routes": [
                {
                    "method": "GET",
                    "path": "/test",
                    "mock": {"status": 200, "body": {"response": "successful"}},
                }
            ],
        },
    }


def _addresses(cidr: IPv4Network, offset: int) -> dict[str, str]:
    subnets = zip(ZONES, cidr.subnets(new_prefix=20), strict=False)
    return {name: str(subnet.network_address + FIRST_ADDRESS + offset) for name, subnet in subnets}
