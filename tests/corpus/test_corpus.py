"""Every case of the corpus, reviewed from configuration and plan: what breaks is named, and no more."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from hatchway.route.checks.registry import ALL
from hatchway.route.hop import Hop
from tests.corpus.cases import Case
from tests.corpus.kept import CONFIGURATIONS, Kept, all_cases
from tests.corpus.reviewed import Said, expected, from_both, from_configuration, from_plan

CASES = [case for name in CONFIGURATIONS for case in all_cases(name)]
FAULTS = [case for case in CASES if case.check is not None]
GOOD = [case for case in CASES if case.check is None]
BY_ID = {case.id: case for case in CASES}

# Of HCL, a plan keeps which values a text is made of, and not the text.
WITHOUT_TEXTS = ("modules", "placement", "flat", "http")


@cache
def kept(configuration: str) -> Kept:
    return Kept.read(configuration)


def is_open(said: Said) -> bool:
    """Whether nothing was claimed: the verdict is left open, and no error is given."""
    return said.verdict == "undecided" and not said.errors


def matches(case: Case, said: Said, source: str) -> bool:
    wanted = expected(case)
    if source in case.undecided:
        return is_open(said)
    if is_open(said) and source == "plan" and case.configuration in WITHOUT_TEXTS:
        return True
    return wanted.warnings <= said.warnings and (
        (said.verdict, said.hops, said.errors) == (wanted.verdict, wanted.hops, wanted.errors)
    )


@pytest.mark.parametrize("name", BY_ID)
def test_a_configuration_is_read_right(tmp_path: Path, name: str) -> None:
    case = BY_ID[name]
    said = from_configuration(case, tmp_path)
    assert matches(case, said, "configuration"), f"{said.short}, expected {expected(case).short}"


@pytest.mark.parametrize("name", [case.id for case in CASES if case.is_planned])
def test_a_plan_is_read_right(tmp_path: Path, name: str) -> None:
    case = BY_ID[name]
    said = from_plan(kept(case.configuration).plan(case), tmp_path)
    assert matches(case, said, "plan"), f"{said.short}, expected {expected(case).short}"


@pytest.mark.parametrize("name", [case.id for case in CASES if case.configuration in WITHOUT_TEXTS])
def test_a_plan_beside_its_configuration_leaves_nothing_open(tmp_path: Path, name: str) -> None:
    case = BY_ID[name]
    said = from_both(case, kept(case.configuration).plan(case), tmp_path)
    assert matches(case, said, "both"), f"{said.short}, expected {expected(case).short}"


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_plan_was_made_of_the_sources_as_they_are(configuration: str) -> None:
    planned = [case for case in all_cases(configuration) if case.is_planned]
    stale = [case.id for case in planned if not kept(configuration).is_fresh(case)]
    assert stale == [], "run .venv/bin/python -m tests.corpus.make"


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_a_stored_plan_holds_nothing_of_the_machine_it_was_made_on(configuration: str) -> None:
    text = kept(configuration).path.read_text()
    for secret in ("access_key", "secret_key", "AKIA", "/plan", "/home/", "127.0.0.1", "timestamp"):
        assert secret not in text


def test_the_corpus_is_as_large_as_it_has_to_be() -> None:
    hops = Counter(case.hop for case in FAULTS)
    assert {hop for hop, number in hops.items() if number >= 4} == {hop.value for hop in Hop}
    assert len({case.configuration for case in FAULTS}) == len(CONFIGURATIONS)
    assert len(FAULTS) >= 200
    assert len(GOOD) >= 40
    assert len(BY_ID) == len(CASES)


def test_every_fault_names_a_check_of_its_hop_and_its_source() -> None:
    known = {check.id.id: check.id.hop for check in ALL}
    for case in FAULTS:
        found = known[str(case.check)]
        assert found is not None
        assert found.value == case.hop, case.id
        assert case.source or case.configuration == "ours", case.id


def test_no_two_cases_are_the_same_configuration() -> None:
    twice = [digest for digest, number in Counter(case.digest for case in CASES).items() if number > 1]
    assert [case.id for case in CASES if case.digest in twice] == []


def test_the_page_about_the_corpus_counts_it_right() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/review-corpus.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| .* \| (\d+) \| (\d+) \|$", page, flags=re.MULTILINE)
    found = {name: (int(good), int(faults)) for name, good, faults in rows}
    counted = {
        name: (
            sum(case.configuration == name for case in GOOD),
            sum(case.configuration == name for case in FAULTS),
        )
        for name in CONFIGURATIONS
    }
    assert found == counted
