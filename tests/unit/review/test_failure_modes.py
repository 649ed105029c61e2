"""The table of failure modes names checks that exist, and leaves out none that judges the path."""

import re
from pathlib import Path

from hatchway.review.reference import ENTRIES
from hatchway.route.check_ids import CALLS
from hatchway.route.checks.registry import ALL, LIVE

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "failure-modes.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| what goes wrong")
]
# Whether something is in sight is no way to fail.
IN_SIGHT = {"HW401", "HW501", "HW601", "HW701", "HW801"}


def ids(text: str) -> set[str]:
    return set(re.findall(r"HW\d{3}", text))


def test_every_id_belongs_to_its_column() -> None:
    review = {check.id.id for check in ALL} | {entry.id.id for entry in ENTRIES}
    verify = {check.id.id for check in LIVE} | {check.id for check in CALLS}
    for _, before, after, _ in ROWS:
        assert ids(before) <= review
        assert ids(after) <= verify


def test_every_check_of_the_path_is_in_the_table() -> None:
    named = {found for _, before, _, _ in ROWS for found in ids(before)}
    assert {check.id.id for check in ALL} - named == IN_SIGHT


def test_what_nothing_names_has_a_reason() -> None:
    assert [what for what, before, after, why in ROWS if not ids(before) and not why] == []


def test_no_id_means_two_things() -> None:
    told = [
        *(check.id.id for check in (*ALL, *LIVE)),
        *(check.id for check in CALLS),
        *(entry.id.id for entry in ENTRIES),
    ]
    assert [found for found in sorted(set(told)) if told.count(found) > 1] == []
