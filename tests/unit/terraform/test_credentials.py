import json
from pathlib import Path

import pytest

from hatchway.errors import UndecidedError
from hatchway.terraform.credentials import hcp_token, token_variable

HOST = "app.terraform.io"


def log_in(home: Path, text: str) -> dict[str, str]:
    folder = home / ".terraform.d"
    folder.mkdir()
    (folder / "credentials.tfrc.json").write_text(text)
    return {"HOME": str(home)}


def test_the_variable_is_named_as_terraform_names_it() -> None:
    assert token_variable(HOST) == "TF_TOKEN_app_terraform_io"
    assert token_variable("tf-x.example.com") == "TF_TOKEN_tf__x_example_com"


def test_the_environment_comes_first(tmp_path: Path) -> None:
    environ = log_in(tmp_path, json.dumps({"credentials": {HOST: {"token": "written"}}}))

    assert hcp_token(HOST, environ) == "written"
    assert hcp_token(HOST, {**environ, "TF_TOKEN_app_terraform_io": "given"}) == "given"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"credentials": []}', '{"credentials": {"other": {"token": "x"}}}']
)
def test_without_a_token_it_says_how_to_get_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(UndecidedError, match=r"Run 'terraform login app\.terraform\.io', or set TF_TOKEN"):
        hcp_token(HOST, log_in(tmp_path, text))


def test_nobody_who_never_logged_in_has_a_token(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="there is no token"):
        hcp_token(HOST, {"HOME": str(tmp_path)})
