"""The list of features is complete: tests that exist, and a reason wherever one is not proved."""

import ast
import re

import pytest

from hatchway.topology import reference as topology_reference
from scripts.feature_reference import Feature, declares, features
from tests.docs.pages import ROOT

FEATURES = features()


def names(path: str) -> set[str]:
    """Names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def cited(feature: Feature) -> list[str]:
    """Every test that a feature names."""
    others = (feature.validated_by, feature.deployed_by)
    return [*(f"tests/synth/{each}" for each in feature.synth), *(each for each in others if each)]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda each: each.feature)
def test_every_test_that_is_named_exists(feature: Feature) -> None:
    assert feature.synth
    for each in cited(feature):
        path, _, name = each.partition("::")
        assert name in names(path), each


@pytest.mark.parametrize("feature", FEATURES, ids=lambda each: each.feature)
def test_what_is_not_proved_has_a_reason_and_what_is_has_none(feature: Feature) -> None:
    deployed = bool(feature.examples or feature.deployed_by)
    validated = bool(deployed or feature.validated or feature.validated_by)

    assert deployed is not bool(feature.not_deployed)
    assert validated is not bool(feature.not_validated)


@pytest.mark.parametrize("feature", [each for each in FEATURES if each.key], ids=lambda each: each.feature)
def test_every_key_is_one_of_the_topologys(feature: Feature) -> None:
    path = re.sub(r"\.\*(?=\.|$)", "", feature.key.partition("=")[0])
    name = path.rpartition(".")[2]

    assert f"| `{name}` |" in topology_reference.page()


def test_no_feature_is_listed_twice() -> None:
    listed = [(each.part, each.feature) for each in FEATURES]

    assert len(listed) == len(set(listed))


def test_every_section_and_switch_of_the_gateway_and_of_a_service_is_a_feature() -> None:
    page = topology_reference.page()
    keys = {
        f"{section.replace('services.SERVICE', 'services.*')}.{name}"
        for section in ("gateway", "services.SERVICE", "observability", "state", "transit")
        for name in re.findall(
            r"^\| `(\w+)` \|", page.partition(f"\n## {section}\n")[2].partition("\n## ")[0], re.MULTILINE
        )
    }
    listed = [each.key.partition("=")[0] for each in FEATURES]

    assert (
        keys - {key for key in keys if any(f"{each}.".startswith(f"{key}.") for each in listed)}
        == NO_FEATURES
    )


# What is named, chosen or limited, and makes nothing of its own.
NO_FEATURES = {
    "gateway.account",
    "gateway.name",
    "gateway.network",
    "gateway.raised_quotas",
    "gateway.stage",
    "observability.log_retention_days",
    "services.*.api_key_required",
    "services.*.checks",
    "services.*.gateway",
}


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("services.*.routes.*.mock", True),
        ("services.*.kind=rest", True),
        ("services.*.kind=http", False),
        ("services.*.routes.*.lambda", False),
        ("services.orders.routes.mock", False),
        ("services.*.kind.*", False),
        ("", False),
    ],
)
def test_a_key_is_found_where_it_is_declared(key: str, *, found: bool) -> None:
    document = {"services": {"orders": {"kind": "rest", "routes": [{"mock": {}}]}}}

    assert declares(document, key) is found
