import re

from hatchway.route.check_ids import CALLS, PASSED_HOP
from hatchway.route.hop import Hop


def test_ids_are_unique_and_begin_with_the_number_of_their_hop() -> None:
    ids = [check.id for check in CALLS]
    assert len(set(ids)) == len(ids)
    for check in CALLS:
        number = check.hop.number if check.hop else 0
        assert re.fullmatch(rf"HW{number}\d\d", check.id)


def test_each_hop_has_a_check_for_a_request_that_got_through() -> None:
    assert {hop: check.id for hop, check in PASSED_HOP.items()} == {
        Hop.ENTRY: "HW190",
        Hop.AUTHORIZER: "HW290",
        Hop.INTEGRATION: "HW390",
        Hop.VPC_LINK: "HW490",
        Hop.LOAD_BALANCER: "HW590",
        Hop.TRANSIT: "HW690",
        Hop.ENDPOINT: "HW790",
        Hop.PRIVATE_API: "HW890",
        Hop.BACKEND: "HW990",
    }


def test_published_ids_keep_their_meaning() -> None:
    assert {check.id for check in CALLS if check.hop is None} == {
        "HW001",
        "HW002",
        "HW004",
        "HW005",
        "HW006",
        "HW008",
        "HW040",
        "HW041",
        "HW042",
    }
    assert {check.id for check in CALLS if check.weakness} == {
        "HW191",
        "HW192",
        "HW193",
        "HW291",
        "HW292",
        "HW293",
        "HW391",
        "HW392",
        "HW393",
        "HW891",
        "HW892",
        "HW893",
        "HW991",
    }
