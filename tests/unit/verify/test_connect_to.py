import pytest

from hatchway.errors import UsageError
from hatchway.verify.connect_to import ConnectTo, read_connect_to


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("api.example.com:443:127.0.0.1:8443", ("127.0.0.1", 8443)),
        ("API.example.com:443:127.0.0.1:8443", ("127.0.0.1", 8443)),
        ("::127.0.0.1:8443", ("127.0.0.1", 8443)),
        ("api.example.com::other.example.com:", ("other.example.com", 443)),
        (":443::8443", ("api.example.com", 8443)),
        ("::[2001:db8::1]:443", ("2001:db8::1", 443)),
        ("other.example.com:443:127.0.0.1:8443", ("api.example.com", 443)),
        ("api.example.com:444:127.0.0.1:8443", ("api.example.com", 443)),
    ],
)
def test_leads_where_curl_would_go(text: str, there: tuple[str, int]) -> None:
    assert read_connect_to([text]).of("api.example.com", 443) == there


def test_the_first_rule_that_fits_counts() -> None:
    rules = read_connect_to(["a.example.com::127.0.0.1:1", "::127.0.0.1:2", "::127.0.0.1:3"])
    assert rules.of("b.example.com", 443) == ("127.0.0.1", 2)


def test_without_rules_everything_is_where_it_is() -> None:
    assert ConnectTo().of("api.example.com", 443) == ("api.example.com", 443)
    assert not ConnectTo().concerns("api.example.com", 443)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("127.0.0.1:8443", "is not HOST1:PORT1:HOST2:PORT2, got '127.0.0.1:8443'"),
        ("", "is not HOST1:PORT1:HOST2:PORT2, got ''"),
        ("a:443:b c:443", "is not HOST1"),
        ("::2001:db8::1:443", "an IPv6 address stands in brackets"),
        ("a:443:b:99999", "a port is a number from 1 to 65535, got '99999'"),
        ("a:0:b:443", "a port is a number from 1 to 65535, got '0'"),
        ("a:443::", "HOST2 and PORT2 are both empty"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_connect_to([text])
    assert message in str(refused.value)
