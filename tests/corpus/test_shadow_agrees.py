"""Terraform itself renders a few cases, and the same checks judge what it rendered.

All cases: `.venv/bin/python -m tests.corpus.shadow`, which takes the better part of an hour.
"""

import pytest

from tests.corpus.kept import CONFIGURATIONS, all_cases
from tests.corpus.shadow import disagreements

SHOWN = (
    "modules-as-written",
    "modules-header-of-the-public-api",
    "placement-deny-statement-in-a-document",
    "flat-policy-names-the-callers-vpc",
)
CASES = {case.id: case for name in CONFIGURATIONS for case in all_cases(name)}


@pytest.mark.parametrize("name", SHOWN)
def test_what_terraform_renders_is_judged_as_what_was_read(name: str) -> None:
    assert disagreements(CASES[name]) == []
