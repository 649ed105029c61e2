"""The hosted zone that a topology expects to find in the gateway's account."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3

__all__ = ["GIVEN_ID", "make_zone"]

GIVEN_ID = "hatchway-sandbox-zone:"
"""Start of the caller reference that asks the sandbox's control plane for a zone of a given id."""


def make_zone(session: "boto3.Session", zone_id: str, domain_name: str) -> None:
    """Makes the zone that a domain name is in, under the id that the topology names, if it is not there."""
    route53 = session.client("route53")
    try:
        route53.get_hosted_zone(Id=zone_id)
    except route53.exceptions.NoSuchHostedZone:
        _, _, parent = domain_name.partition(".")
        route53.create_hosted_zone(Name=parent, CallerReference=f"{GIVEN_ID}{zone_id}")
