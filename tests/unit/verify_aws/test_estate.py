"""Where reading begins, for one gateway of several."""

from pathlib import Path

from hatchway.topology import load_views
from hatchway.verify.aws.estate import estate_of

TWO_GATEWAYS = Path(__file__).parents[1] / "topology" / "two_gateways.yaml"


def test_an_account_id_has_the_name_that_it_has_in_the_gateways_region() -> None:
    eu, us = (estate_of(view) for view in load_views(TWO_GATEWAYS))

    assert (eu.named("111111111111"), eu.named("222222222222")) == ("edge", "orders")
    assert (us.named("111111111111"), us.named("222222222222")) == ("edge-us", "orders-us")


def test_accounts_of_another_region_are_not_read() -> None:
    _, us = (estate_of(view) for view in load_views(TWO_GATEWAYS))

    assert list(us.accounts) == ["edge-us", "orders-us"]
