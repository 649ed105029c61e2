import pytest

from hatchway.verify.connect_to import read_connect_to
from hatchway.verify.names import Names

URL = "https://pub1234567.execute-api.eu-west-1.amazonaws.com/live"
HOST = "pub1234567.execute-api.eu-west-1.amazonaws.com"


def names(*addresses: str, **environ: str) -> Names:
    return Names(environ, lambda host: addresses if host == HOST else ())


def test_a_public_name_that_is_private_here_leads_inside() -> None:
    assert names("10.0.0.5", "10.0.1.5").inside(URL) == ("10.0.0.5", "10.0.1.5")
    assert names("fd00::1%eth0").inside(URL) == ("fd00::1%eth0",)


@pytest.mark.parametrize("addresses", [("54.1.2.3",), ("10.0.0.5", "54.1.2.3"), ()])
def test_a_name_with_a_public_address_or_none_does_not(addresses: tuple[str, ...]) -> None:
    assert names(*addresses).inside(URL) == ()


def test_with_a_proxy_the_name_is_not_looked_up_here() -> None:
    assert names("10.0.0.5", HTTPS_PROXY="http://proxy:3128").inside(URL) == ()
    assert names("10.0.0.5", https_proxy="http://proxy:3128", no_proxy=HOST).inside(URL) == ("10.0.0.5",)


def test_a_host_that_is_called_elsewhere_is_not_looked_up() -> None:
    names = Names({}, lambda _host: ("10.0.0.1",), read_connect_to(["api.example.com:443:127.0.0.1:1"]))
    assert names.inside("https://api.example.com/live") == ()
    assert names.inside("https://other.example.com/live") == ("10.0.0.1",)
