import boto3
import pytest

from hatchway.sandbox.hosted_zone import make_zone


@pytest.fixture
def session(aws) -> boto3.Session:
    """A session whose clients are the test's own."""

    class Session:
        def client(self, service: str):
            return aws(service)

    return Session()


def test_zone_is_made_under_the_id_that_a_topology_names_and_once(aws, session) -> None:
    for name in ("api.example.com", "www.example.com"):
        make_zone(session, "Z0123456789ABCDEFGHIJ", name)

    (zone,) = aws("route53").list_hosted_zones()["HostedZones"]
    assert (zone["Id"], zone["Name"]) == ("/hostedzone/Z0123456789ABCDEFGHIJ", "example.com.")


def test_nobody_else_chooses_an_id(aws) -> None:
    made = aws("route53").create_hosted_zone(Name="example.org", CallerReference="Z0123456789")

    identity = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
    assert identity.startswith("Z")
    assert identity != "Z0123456789"
