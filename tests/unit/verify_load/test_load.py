"""A load over real sockets on loopback, against an endpoint whose latencies are known."""

import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from hatchway.errors import UsageError
from hatchway.route.hop import Hop
from hatchway.route.load import Load
from hatchway.route.outcome import Severity, Verdict
from hatchway.route.report import Report
from hatchway.topology import load_views
from hatchway.topology.model import Authorizer
from hatchway.verify import keyring
from hatchway.verify.connect_to import read_connect_to
from hatchway.verify.http import HttpCaller
from hatchway.verify.load.loading import Asked, with_load
from hatchway.verify.verifier import Verifier
from tests.unit.verify.conftest import GOOD
from tests.unit.verify.standing_in import TOKEN, StandIn, deployment

Verify = Callable[..., Verifier]
SLOW_SECONDS = 1.0


@pytest.fixture
def verify(authority: trustme.CA, endpoint: StandIn, tmp_path: Path) -> Verify:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    caller = HttpCaller(
        {}, tmp_path / "ca.pem", read_connect_to([f"::127.0.0.1:{endpoint.server_address[1]}"])
    )

    def make(*names: str, **expect: object) -> Verifier:
        views = load_views(deployment(tmp_path, names or ("orders",), **expect))
        return Verifier(views=views, caller=caller, calls_only=True, environ={"HATCHWAY_TOKEN": TOKEN})

    return make


def loaded(verifier: Verifier, per_second: float, seconds: float, budget: float = 0.0) -> tuple[Report, Load]:
    report = with_load(verifier, verifier.run(), Asked(per_second=per_second, seconds=seconds, budget=budget))
    assert report.load is not None
    return report, report.load


def passes(load: Load | None) -> Verdict:
    """The verdict where all is right: a machine that is busy with other tests may not make the load."""
    return Verdict.PASS if load is not None and load.kept_up else Verdict.UNDECIDED


def some_slow(endpoint: StandIn, every: int) -> None:
    """One answer of so many comes late."""
    numbers = itertools.count(1)

    def answer() -> tuple[int, str]:
        if next(numbers) % every == 0:
            time.sleep(SLOW_SECONDS)
        return 200, GOOD

    endpoint.answer = answer


def test_percentiles_are_those_of_an_endpoint_that_is_slow_one_time_in_ten(
    endpoint: StandIn, verify: Verify
) -> None:
    some_slow(endpoint, 10)
    _, load = loaded(verify(), 60, 2)
    (one,) = load.requests
    assert one.latency is not None
    assert one.latency.p50 < SLOW_SECONDS <= one.latency.p95 * 1.01
    assert one.latency.p95 <= one.latency.p99 <= one.latency.longest
    assert (load.due, load.sent, one.answered, one.wrong_count) == (120, 120, 120, 0)
    assert 0 < load.sent_per_second < 61


def test_each_signed_request_has_a_signature_of_its_own_moment(
    endpoint: StandIn, verify: Verify, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # API Gateway admits a signature for five minutes; a load goes on for longer.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSIGNS")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s1gning-s3cret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "s3ssion-token")
    keyring._ambient.cache_clear()  # noqa: SLF001 -- what a process asks once
    signatures: set[str] = set()

    def admits(given: str) -> bool:
        signatures.add(given)
        return given.startswith("AWS4-HMAC-SHA256 Credential=AKIDSIGNS/")

    endpoint.admits = admits
    verifier = verify()
    view = verifier.views[0]
    signing = view.gateway.model_copy(update={"authorizer": Authorizer.model_validate({"iam": {}})})
    verifier = replace(verifier, views=[view.model_copy(update={"gateway": signing})], environ={})
    verified = verifier.run()
    signatures.clear()
    report = with_load(verifier, verified, Asked(per_second=4, seconds=3, budget=0.0))
    keyring._ambient.cache_clear()  # noqa: SLF001 -- the same
    assert report.load is not None
    assert report.load.requests[0].wrong_count == 0
    # A signature holds the second it was made in.
    assert len(signatures) >= 3
    told = repr(report) + str(report) + "".join(capfd.readouterr())
    assert "s1gning-s3cret" not in told
    assert "s3ssion-token" not in told


def test_connections_are_kept_and_no_more_are_made_than_calls_are_under_way(
    endpoint: StandIn, verify: Verify
) -> None:
    verifier = verify()
    report = verifier.run()
    before = endpoint.connections
    load = with_load(verifier, report, Asked(per_second=100, seconds=1)).load
    assert load is not None
    assert load.sent == 100
    assert endpoint.connections - before <= load.at_once + 5


def test_all_requests_take_turns(verify: Verify) -> None:
    _, load = loaded(verify("a", "b", "c"), 60, 0.5)
    assert [one.answered for one in load.requests] == [10, 10, 10]


def test_wrong_answers_are_grouped_by_what_they_mean_and_spend_the_budget(
    endpoint: StandIn, verify: Verify
) -> None:
    verifier = verify()
    report = verifier.run()
    numbers = itertools.count()
    kinds = [(200, GOOD), (200, GOOD), (429, '{"message":"Too Many Requests"}'), (401, "{}")]
    endpoint.answer = lambda: kinds[next(numbers) % 4]
    found = with_load(verifier, report, Asked(per_second=80, seconds=0.5))
    assert found.load is not None
    (one,) = found.load.requests
    assert (one.answered, one.wrong_count, one.throttled, one.wrong_share) == (40, 20, 10, 0.5)
    assert {kind.symptom: kind.count for kind in one.wrong} == {
        "The call was throttled.": 10,
        "The credential was not accepted.": 10,
    }
    (finding,) = [each for each in found.findings if each.id == "HW041"]
    assert (finding.severity, found.verdict) == (Severity.ERROR, Verdict.FAIL)
    assert "20 of 40 answers were wrong, 50.00%" in finding.message


def test_a_budget_that_is_kept_leaves_a_note_and_no_failure(endpoint: StandIn, verify: Verify) -> None:
    verifier = verify()
    report = verifier.run()
    numbers = itertools.count()
    endpoint.answer = lambda: (503, "{}") if next(numbers) == 3 else (200, GOOD)
    found = with_load(verifier, report, Asked(per_second=80, seconds=0.5, budget=0.03))
    (finding,) = [each for each in found.findings if each.id == "HW041"]
    assert finding.severity is Severity.NOTE
    assert found.verdict is passes(found.load)


def test_what_comes_too_late_under_load_fails(endpoint: StandIn, verify: Verify) -> None:
    verifier = verify(latency_milliseconds=int(SLOW_SECONDS * 900))
    report = verifier.run()
    assert report.verdict is Verdict.PASS
    some_slow(endpoint, 10)
    found = with_load(verifier, report, Asked(per_second=60, seconds=0.5))
    (finding,) = [each for each in found.findings if each.id == "HW042"]
    assert "expected: at most 900 ms" in finding.message
    assert found.verdict is Verdict.FAIL


def test_what_does_not_work_by_itself_is_not_loaded_and_leaves_no_pass(
    endpoint: StandIn, verify: Verify
) -> None:
    endpoint.answer = lambda: (504, '{"message":"Endpoint request timed out"}')
    verifier = verify()
    report = verifier.run()
    before = endpoint.answered
    found = with_load(verifier, report, Asked(per_second=60, seconds=5))
    assert (found.load, found.verdict, endpoint.answered) == (None, Verdict.FAIL, before)
    assert "was not sent under load" in next(one.message for one in found.findings if one.id == "HW040")


def test_an_endpoint_that_goes_away_is_counted_as_wrong_answers_at_the_entry(
    endpoint: StandIn, verify: Verify
) -> None:
    verifier = verify()
    report = verifier.run()
    endpoint.close()
    found = with_load(verifier, report, Asked(per_second=40, seconds=0.5))
    assert found.load is not None
    (one,) = found.load.requests
    (kind,) = one.wrong
    assert (kind.count, kind.broken_hop, one.latency) == (20, Hop.ENTRY, None)
    assert found.verdict is Verdict.FAIL


def test_only_what_changes_nothing_is_sent_unless_it_is_declared_otherwise(verify: Verify) -> None:
    verifier = verify()
    (view,) = verifier.views
    check = view.services["orders"].checks[0]
    post = check.model_copy(update={"request": "POST /orders/test"})
    assert (check.is_for_load, post.is_for_load) == (True, False)
    assert post.model_copy(update={"load": True}).is_for_load
    service = view.services["orders"].model_copy(update={"checks": (post,)})
    unsafe = Verifier(
        views=[view.model_copy(update={"services": {"orders": service}})],
        caller=verifier.caller,
        calls_only=True,
        environ=verifier.environ,
    )
    with pytest.raises(UsageError, match="--load: no request under 'checks' may be sent any number of times"):
        with_load(unsafe, Report(command="verify", routes=()), Asked(per_second=1, seconds=1))
