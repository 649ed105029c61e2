import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult
from hatchway.verify.evidence import Seen


@pytest.mark.parametrize(
    ("check_id", "outcome", "weakness", "is_final"),
    [
        ("HW803", Outcome.FAIL, False, True),
        ("HW470", Outcome.FAIL, False, False),
        ("HW771", Outcome.FAIL, False, False),
        ("HW803", Outcome.UNKNOWN, False, False),
        ("HW803", Outcome.FAIL, True, False),
    ],
)
def test_only_what_breaks_the_path_by_how_it_is_set_up_is_final(
    check_id: str, outcome: Outcome, weakness: bool, is_final: bool
) -> None:
    check = CheckResult(id=check_id, outcome=outcome, subject="x", observed="y", weakness=weakness)
    assert Seen(checks={Hop.PRIVATE_API: (check,)}).is_final is is_final
