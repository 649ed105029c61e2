"""Fixtures were recorded from tools: nothing of the machine, and nothing secret, came with them."""

import re

import pytest

from tests.unit.review.article import FIXTURE

FILES = sorted(path for path in FIXTURE.parent.rglob("*") if path.is_file())
FORBIDDEN = {
    "an access key id": r"\b(AKIA|ASIA)[A-Z0-9]{16}\b",
    "a credential": r"(secret_?key|access_?key|session_?token|BEGIN [A-Z ]*PRIVATE)",
    "a path of a machine": r"(?<![\w.~}/-])/(root|work|tmp|opt|home|Users|usr|var)/",
    "an address of a machine": r"(127\.0\.0\.1|localhost|\b172\.1[67]\.)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_fixture_holds(what: str) -> None:
    found = [
        f"{path.name}: {match[0]}"
        for path in FILES
        if (match := re.search(FORBIDDEN[what], path.read_text(), flags=re.IGNORECASE))
    ]
    assert found == []


def test_accounts_in_fixtures_are_made_up() -> None:
    numbers = {number for path in FILES for number in re.findall(r"\b\d{12}\b", path.read_text())}
    assert numbers <= {"111111111111", "222222222222", "333333333333"}
