"""What can be given to `hatchway sandbox up --backend`, and which names answer by themselves."""

import pytest

from hatchway.errors import UsageError
from hatchway.sandbox.backends import parse_backends
from hatchway.sandbox.data.internet import is_reserved


def test_names_are_mapped_to_ports_on_this_machine() -> None:
    given = ["orders.corp.internal=127.0.0.1:8080", "BILLING.corp.internal=localhost:9090"]
    assert parse_backends(given) == {"orders.corp.internal": 8080, "billing.corp.internal": 9090}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("orders", "is not HOST=127.0.0.1:PORT"),
        ("orders=8080", "is not HOST=127.0.0.1:PORT"),
        ("=127.0.0.1:80", "is not HOST=127.0.0.1:PORT"),
        ("a.b=127.0.0.1:0", "is not HOST=127.0.0.1:PORT"),
        ("a.b=127.0.0.1:70000", "is not HOST=127.0.0.1:PORT"),
        ("a b=127.0.0.1:80", "is not HOST=127.0.0.1:PORT"),
        ("a.b=10.0.0.1:80", "leads off this machine"),
        ("a.b=evil.example:80", "leads off this machine"),
        ("s3.eu-west-1.amazonaws.com=127.0.0.1:80", "a name of AWS"),
    ],
)
def test_anything_else_is_refused_by_name(given: str, message: str) -> None:
    with pytest.raises(UsageError, match="--backend: ") as error:
        parse_backends([given])
    assert message in str(error.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(UsageError) as error:
        parse_backends(["one", "a.b=127.0.0.1:1", "a.b=127.0.0.1:2", "two"])
    assert all(part in str(error.value) for part in ("'one'", "a.b once more", "'two'"))


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        ("example.com", True),
        ("Orders.Example.ORG", True),
        ("orders.test", True),
        ("orders.example", True),
        ("example.de", False),
        ("notexample.com", False),
        ("example.com.evil.de", False),
        ("test", True),
    ],
)
def test_names_for_documents_and_tests_answer_by_themselves(name: str, reserved: bool) -> None:
    assert is_reserved(name) is reserved
