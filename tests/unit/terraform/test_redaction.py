import pytest

from hatchway.terraform.redaction import redact


@pytest.mark.parametrize(
    "name", ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "HATCHWAY_TOKEN", "TF_VAR_password"]
)
def test_masks_the_values_of_secret_variables(name: str) -> None:
    assert redact("got s3cr3t-value here", {name: "s3cr3t-value"}) == "got ******** here"


def test_masks_the_longer_of_two_secrets_first() -> None:
    environ = {"A_TOKEN": "abcdefgh", "B_TOKEN": "abcdefghijkl"}
    assert redact("abcdefghijkl", environ) == "********"


def test_leaves_ordinary_variables_and_short_values_alone() -> None:
    assert (
        redact("sandbox in eu-west-1", {"AWS_REGION": "eu-west-1", "X_SECRET": "sandbox"})
        == "sandbox in eu-west-1"
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key AKIAIOSFODNN7EXAMPLE.", "key ********."),
        ("Authorization: Bearer abc.def-123=", "Authorization: Bearer ********"),
        ("via http://user:pa55@proxy:3128", "via http://********@proxy:3128"),
    ],
)
def test_masks_what_looks_like_a_credential(text: str, clean: str) -> None:
    assert redact(text, {}) == clean
