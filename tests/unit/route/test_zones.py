import pytest

from hatchway.route.network.zones import same_zone
from hatchway.route.symbols import Symbol, Text
from hatchway.route.truth import Truth


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("euw1-az1", "euw1-az1", Truth.YES),
        ("euw1-az1", "euw1-az2", Truth.NO),
        ("eu-west-1a", "eu-west-1b", Truth.NO),
        ("eu-west-1a", "euw1-az1", Truth.MAYBE),
        ("use1-bos1-az1", "us-east-1-bos-1a", Truth.MAYBE),
        ("use1-bos1-az1", "use1-bos1-az1", Truth.YES),
    ],
)
def test_a_name_and_an_id_are_not_compared(one: str, other: str, same: Truth) -> None:
    assert same_zone(Text.of(one), Text.of(other)) is same


def test_a_zone_that_is_not_known_may_be_any() -> None:
    assert same_zone(None, Text.of("euw1-az1")) is Truth.MAYBE
    assert same_zone(Text.of(Symbol("var.zone")), Text.of("euw1-az1")) is Truth.MAYBE
