from hatchway.report.annotations import as_annotations
from hatchway.route.report import Report
from tests.unit.report.samples import broken, good


def test_the_verdict_is_first_and_errors_come_before_warnings_and_notices() -> None:
    lines = as_annotations(broken()).splitlines()
    assert lines[0] == "::error title=hatchway review::FAIL: broken at transit"
    assert [line.split(" ")[0] for line in lines[1:]] == ["::error", "::warning", "::notice"]


def test_a_finding_is_shown_at_its_line() -> None:
    line = as_annotations(broken()).splitlines()[3]
    assert line.startswith("::notice title=HW309 integration,file=stacks/gateway/cdk.tf.json,line=12::")


def test_a_path_that_holds_is_a_notice() -> None:
    said = "::notice title=hatchway review::PASS: every check holds; nothing was called\n"
    assert as_annotations(good()) == said


def test_what_is_undecided_is_a_warning() -> None:
    assert as_annotations(Report(command="review", routes=())).startswith("::warning ")
