from dataclasses import replace

import pytest

from hatchway.report.markdown import LIMIT, as_markdown
from hatchway.route.hop import Hop
from hatchway.route.report import Report, findings_of
from tests.unit.report.samples import BROKEN, HOSTILE, NO_ROUTE, broken, good


def test_a_comment_begins_with_the_verdict_and_where_it_is_broken() -> None:
    first, _, second, *_ = as_markdown(broken()).splitlines()
    assert first == "## ❌ hatchway review: FAIL"
    assert second == "broken at transit"


def test_a_route_is_a_row_of_nine_hops_the_broken_one_in_bold() -> None:
    text = as_markdown(broken())
    head = next(line for line in text.splitlines() if line.startswith("| route |"))
    assert [cell.strip() for cell in head.split("|")[2:-1]] == [f"{hop.number} {hop.value}" for hop in Hop]
    row = next(line for line in text.splitlines() if line.startswith("| `orders`"))
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "`orders` `GET /test`",
        *["✓ pass"] * 5,
        "**✗ FAIL**",
        *["· not reached"] * 3,
    ]


def test_what_is_broken_stands_before_what_changes_and_warnings_are_folded() -> None:
    text = as_markdown(broken())
    order = ["## ❌", "| route |", "error HW602", "### What changes", "<details>", "warning HW011", "HW309"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "  - fix: Add an aws&#95;route to the table of the subnet." in text


def test_changes_are_counted_for_each_account_and_replacements_name_their_cause() -> None:
    text = as_markdown(broken())
    assert "- edge (111111111111), stack gateway: 1 to replace, 1 to destroy, 1 to update" in text
    cause = 'subnets&#58; &#91;"subnet-1"&#93; → (known after apply)'
    assert f"- **replace, outage** `aws_lb.orders` in edge (111111111111), stack gateway: {cause}" in text
    assert text.index("aws_lb.orders` in") < text.index("aws_route.old")


def test_an_accepted_finding_is_shown_with_its_reason_and_its_end() -> None:
    assert "  - accepted: until 2030-01-31 by edge team&#58; until the new certificate" in as_markdown(
        broken()
    )


def test_a_good_path_takes_a_few_lines() -> None:
    text = as_markdown(good())
    assert text.startswith("## ✅ hatchway review: PASS")
    assert "<details>" not in text
    assert "### " not in text


def test_what_holds_no_route_says_so() -> None:
    text = as_markdown(Report(command="review", routes=()))
    assert text.startswith("## ❔ hatchway review: UNDECIDED")
    assert "No route:" in text


@pytest.mark.parametrize("size", [1, 400, 3000])
def test_a_comment_is_never_longer_than_github_takes(size: int) -> None:
    routes = tuple(
        replace(BROKEN, service=f"orders-{number}", request="GET /x" * 9) for number in range(size)
    )
    bad = [
        replace(NO_ROUTE, subject=f"aws_route_table.t{number}", fix=HOSTILE[:60]) for number in range(size)
    ]
    hops = [
        tuple(replace(hop, checks=(one,)) if hop.hop is Hop.TRANSIT else hop for hop in BROKEN.hops)
        for one in bad
    ]
    routes = tuple(replace(route, hops=own) for route, own in zip(routes, hops, strict=True))
    text = as_markdown(Report(command="review", routes=routes, findings=findings_of(routes)))
    assert len(text.encode()) < LIMIT < 65_536
    assert ("entries are left out" in text) == (size > 1)
    assert "error HW602" in text
    assert text.count("<details>") == text.count("</details>")
