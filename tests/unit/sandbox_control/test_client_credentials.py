from pathlib import Path

from hatchway.sandbox.client_credentials import keep, kept, without_rivals


def test_what_was_issued_leaves_no_other_source_of_the_same_credential() -> None:
    environ = {
        "HATCHWAY_TOKEN": "of-the-user",
        "HATCHWAY_TOKEN_FILE": "token",
        "HATCHWAY_TOKEN_COMMAND": "pass show token",
        "HATCHWAY_TOKEN_PARTNERS": "partner-1",
        "HOME": "/home/somebody",
    }
    assert without_rivals(environ, {"HATCHWAY_TOKEN": "issued"}) == {
        "HATCHWAY_TOKEN_PARTNERS": "partner-1",
        "HOME": "/home/somebody",
    }


def test_what_is_kept_is_readable_by_the_user_alone(tmp_path: Path) -> None:
    assert kept(tmp_path) == {}
    keep(tmp_path, {"HATCHWAY_TOKEN": "one"})
    keep(tmp_path, {"HATCHWAY_TOKEN": "two"})
    assert kept(tmp_path) == {"HATCHWAY_TOKEN": "two"}
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
