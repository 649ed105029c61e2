"""Interface VPC endpoints: network interfaces, pinned addresses, security groups and DNS names."""

import uuid
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.vpcs import VPCs

from hatchway.sandbox.control.addresses import check_address, free_address
from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install"]


def install() -> None:
    """Corrects moto's interface endpoints."""
    around(VPCs, "create_vpc_endpoint", _created_as_asked)
    around(VPCs, "modify_vpc_endpoint", _modified_as_asked)


def _created_as_asked(original: Any, response: Any) -> Any:
    """Gives an interface endpoint what was asked for; moto makes up addresses outside the subnet.

    One interface per subnet, at the pinned address or a free one, with the endpoint's own security
    groups. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    Goes when moto honours `SubnetConfigurations` and `SecurityGroupIds`.
    """
    if not _is_interface(parameter(response, "VpcEndpointType")):
        return original(response)
    backend = response.ec2_backend
    pinned = _pinned_addresses(response)
    _check(response, backend, pinned)
    result = original(response)
    # The endpoint of this very call: not the newest of the backend, which can be another one's.
    endpoint = result.result["VpcEndpoint"]
    for interface_id in endpoint.network_interface_ids:
        backend.enis.pop(interface_id, None)
    endpoint.network_interface_ids = []
    endpoint.sandbox_dns_suffix = uuid.uuid4().hex[:8]
    if not endpoint.security_group_ids:
        endpoint.security_group_ids = [backend.get_default_security_group(endpoint.vpc_id).id]
    endpoint.ip_address_type = parameter(response, "IpAddressType") or "ipv4"
    endpoint.dns_options = parameter(response, "DnsOptions") or {"DnsRecordIpType": "ipv4"}
    _place_interfaces(backend, endpoint, pinned)
    return result


def _modified_as_asked(original: Any, response: Any) -> Any:
    """Applies what moto ignores when an endpoint changes: addresses, groups, private DNS, address type.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    Goes when moto does.
    """
    backend = response.ec2_backend
    endpoint = backend.vpc_end_points.get(parameter(response, "VpcEndpointId"))
    if endpoint is None or not _is_interface(endpoint.vpc_endpoint_type):
        return original(response)
    pinned = _pinned_addresses(response)
    own = frozenset(endpoint.network_interface_ids)
    for subnet_id, address in pinned.items():
        check_address(backend, backend.get_subnet(subnet_id), address, ignoring=own)
    private_dns = parameter(response, "PrivateDnsEnabled")
    if private_dns is not None:
        enabled = str(private_dns).lower() == "true"
        if enabled:
            _check_private_dns(backend, endpoint.vpc_id, endpoint.service_name, endpoint.id)
        endpoint.private_dns_enabled = enabled
    result = original(response)
    endpoint.ip_address_type = parameter(response, "IpAddressType") or endpoint.ip_address_type
    endpoint.dns_options = parameter(response, "DnsOptions") or endpoint.dns_options
    if parameter(response, "ResetPolicy"):
        endpoint.policy_document = None
    _place_interfaces(backend, endpoint, pinned)
    return result


def _is_interface(endpoint_type: str | None) -> bool:
    return (endpoint_type or "").lower() == "interface"


def _pinned_addresses(response: Any) -> dict[str, str]:
    configurations = parameter(response, "SubnetConfigurations", [])
    return {item["SubnetId"]: item["Ipv4"] for item in configurations if item.get("Ipv4")}


def _check(response: Any, backend: Any, pinned: dict[str, str]) -> None:
    """Refuses what AWS refuses, before anything is made."""
    vpc_id = parameter(response, "VpcId")
    subnet_ids = parameter(response, "SubnetIds", [])
    subnets = [backend.get_subnet(subnet_id) for subnet_id in subnet_ids]
    for subnet in subnets:
        if subnet.vpc_id != vpc_id:
            raise EC2ClientError(
                "InvalidParameter", f"Subnet {subnet.id} does not belong to the VPC {vpc_id} of the endpoint"
            )
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise EC2ClientError(
            "DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the same zone"
        )
    for subnet_id, address in pinned.items():
        if subnet_id not in subnet_ids:
            raise EC2ClientError(
                "InvalidParameter",
                f"Subnet {subnet_id} has a configuration but is not among the endpoint's subnets",
            )
        check_address(backend, backend.get_subnet(subnet_id), address)
    _check_groups(backend, vpc_id, parameter(response, "SecurityGroupIds", []))
    # Private DNS is on unless it is switched off.
    if str(parameter(response, "PrivateDnsEnabled", "true")).lower() == "true":
        _check_private_dns(backend, vpc_id, parameter(response, "ServiceName"), None)


def _check_groups(backend: Any, vpc_id: str, group_ids: list[str]) -> None:
    for group_id in group_ids:
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc_id:
            raise EC2ClientError(
                "InvalidGroup.NotFound", f"The security group '{group_id}' does not exist in VPC '{vpc_id}'"
            )


def _check_private_dns(backend: Any, vpc_id: str, service_name: str, own_id: str | None) -> None:
    """Refuses private DNS where the VPC has no DNS, or where another endpoint has the same names.

    https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
    """
    vpc = backend.get_vpc(vpc_id)
    if str(vpc.enable_dns_support).lower() != "true" or str(vpc.enable_dns_hostnames).lower() != "true":
        raise EC2ClientError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
            "set to true "
            f"for {vpc_id}",
        )
    for other in list(backend.vpc_end_points.values()):
        if (
            other.id != own_id
            and (other.vpc_id, other.service_name) == (vpc_id, service_name)
            and other.state != "deleted"
            and other.private_dns_enabled
        ):
            raise EC2ClientError(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{_private_name(service_name)} in the VPC {vpc_id}",
            )


def _place_interfaces(backend: Any, endpoint: Any, pinned: dict[str, str]) -> None:
    """Makes the endpoint's interfaces match its subnets, pinned addresses and security groups."""
    existing = {
        backend.enis[interface_id].subnet.id: backend.enis[interface_id]
        for interface_id in endpoint.network_interface_ids
        if interface_id in backend.enis
    }
    groups = [backend.get_security_group_from_id(group_id) for group_id in endpoint.security_group_ids]
    kept = []
    for subnet_id in endpoint.subnet_ids or []:
        interface = existing.pop(subnet_id, None)
        address = pinned.get(subnet_id)
        if interface is not None and address not in (None, interface.private_ip_address):
            backend.enis.pop(interface.id)
            interface = None
        if interface is None:
            interface = _new_interface(backend, endpoint, subnet_id, address)
        interface._group_set = list(groups)  # noqa: SLF001 - moto has no setter
        kept.append(interface.id)
    for interface in existing.values():
        backend.enis.pop(interface.id)
    endpoint.network_interface_ids = kept
    endpoint.dns_entries = _dns_entries(backend, endpoint)


def _new_interface(backend: Any, endpoint: Any, subnet_id: str, address: str | None) -> Any:
    subnet = backend.get_subnet(subnet_id)
    interface = backend.create_network_interface(
        subnet_id,
        address or free_address(backend, subnet),
        group_ids=list(endpoint.security_group_ids),
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    interface.interface_type = "vpc_endpoint"
    interface.status = "in-use"
    interface.requester_managed = True
    return interface


def _dns_entries(backend: Any, endpoint: Any) -> list[dict[str, str]]:
    """Returns the endpoint's names in AWS's order: of the region, of each zone, and the private one.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html#interface-endpoint-dns-hostnames
    """
    region, service = backend.region_name, endpoint.service_name.rsplit(".", 1)[-1]
    stem = f"{endpoint.id}-{endpoint.sandbox_dns_suffix}"
    zones = sorted(backend.get_subnet(subnet_id).availability_zone for subnet_id in endpoint.subnet_ids or [])
    names = [f"{stem}.{service}.{region}.vpce.amazonaws.com"]
    names += [f"{stem}-{zone}.{service}.{region}.vpce.amazonaws.com" for zone in zones]
    entries = [{"DnsName": name, "HostedZoneId": "Z38GZ743OKFT7T"} for name in names]
    if endpoint.private_dns_enabled:
        entries.append({"DnsName": _private_name(endpoint.service_name), "HostedZoneId": "Z0SANDBOXPRIVATE"})
    return entries


def _private_name(service_name: str) -> str:
    _, _, region, service = service_name.rsplit(".", 3)
    return f"{service}.{region}.amazonaws.com"
