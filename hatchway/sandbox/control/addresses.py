"""Private addresses of network interfaces: pinned ones are checked, the others are chosen from the subnet."""

import ipaddress
from typing import Any

from moto.ec2.exceptions import EC2ClientError

__all__ = ["check_address", "free_address"]

_RESERVED_AT_START = 4


def check_address(backend: Any, subnet: Any, address: str, *, ignoring: frozenset[str] = frozenset()) -> None:
    """Refuses an address that AWS would refuse in this subnet.

    The first four addresses of a subnet and the last one are AWS's own.
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html

    Args:
        backend: moto's EC2 backend.
        subnet: moto's subnet.
        address: The address asked for.
        ignoring: Ids of network interfaces that may have it already.

    Raises:
        EC2ClientError: It lies outside the subnet, is reserved, or is in use.
    """
    network = ipaddress.ip_network(subnet.cidr_block)
    wanted = ipaddress.ip_address(address)
    if wanted not in network:
        raise EC2ClientError(
            "InvalidParameterValue", f"Address {address} does not fall within the subnet's address range"
        )
    if int(wanted) - int(network[0]) < _RESERVED_AT_START or wanted == network[-1]:
        raise EC2ClientError(
            "InvalidParameterValue", f"Address {address} is in subnet's reserved address range"
        )
    if address in _used(backend, subnet, ignoring):
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {address} is in use.")


def free_address(backend: Any, subnet: Any) -> str:
    """Chooses the lowest address that is free in the subnet.

    Raises:
        EC2ClientError: The subnet is full.
    """
    used = _used(backend, subnet, frozenset())
    network = ipaddress.ip_network(subnet.cidr_block)
    for offset in range(_RESERVED_AT_START, network.num_addresses - 1):
        candidate = str(network[offset])
        if candidate not in used:
            return candidate
    raise EC2ClientError(
        "InsufficientFreeAddressesInSubnet",
        f"There are not enough free addresses in subnet '{subnet.id}' "
        "to satisfy the requested number of instances.",
    )


def _used(backend: Any, subnet: Any, ignoring: frozenset[str]) -> frozenset[str]:
    return frozenset(
        item["PrivateIpAddress"]
        for interface in list(backend.enis.values())
        if interface.subnet.id == subnet.id and interface.id not in ignoring
        for item in interface.private_ip_addresses
    )
