import pytest

from hatchway.errors import UsageError
from hatchway.verify.calling import Call, Token
from hatchway.verify.requests import made_up_token, token_of


def test_the_token_is_taken_from_the_environment_without_blanks_around_it() -> None:
    token = token_of({"HATCHWAY_TOKEN": " abc.def-1=\n"})
    assert token is not None
    assert token.header == "Bearer abc.def-1="


@pytest.mark.parametrize("environ", [{}, {"HATCHWAY_TOKEN": ""}, {"HATCHWAY_TOKEN": "  "}])
def test_no_token_is_none(environ: dict[str, str]) -> None:
    assert token_of(environ) is None


@pytest.mark.parametrize("value", ["Bearer abc", "s3\ncret", "s3 cret", "s3crät", 's3"cret'])
def test_a_token_that_cannot_be_sent_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(UsageError, match="HATCHWAY_TOKEN: is not a bearer token") as caught:
        token_of({"HATCHWAY_TOKEN": value})
    assert value not in str(caught.value).replace("'Bearer'", "")


def test_a_token_shows_itself_in_no_repr() -> None:
    token = Token("s3cret")
    call = Call(method="GET", url="https://x", headers={"Authorization": token.header})
    assert "s3cret" not in f"{token!r} {token} {call!r} {call}"


def test_a_made_up_token_is_another_one_each_time() -> None:
    assert made_up_token().header != made_up_token().header
