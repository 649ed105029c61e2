import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from hatchway.cli.watching import WatchConsole
from hatchway.route.hop import Hop
from hatchway.route.outcome import Verdict
from hatchway.route.timing import Timing
from hatchway.verify.watching import Change, Round, Watched
from tests.unit.cli.test_cli import run

GOOD = Watched(
    service="orders",
    request="GET /orders/7",
    verdict=Verdict.PASS,
    broken_hop=None,
    timing=Timing(total=0.271),
    since=datetime(2026, 11, 26, 12, 0, tzinfo=UTC),
)
BAD = Watched(
    service="orders",
    request="GET /orders/7",
    verdict=Verdict.FAIL,
    broken_hop=Hop.ENDPOINT,
    timing=None,
    since=datetime(2026, 11, 26, 12, 5, tzinfo=UTC),
)
FIRST = Round(number=1, report=None, error="", watched=(GOOD,), changes=(Change(before=None, after=GOOD),))
SAME = Round(number=2, report=None, error="", watched=(GOOD,), changes=())
BROKEN = Round(number=3, report=None, error="", watched=(BAD,), changes=(Change(before=GOOD, after=BAD),))


def shown(*found: Round, terminal: bool) -> str:
    written = io.StringIO()
    with WatchConsole(Console(file=written, force_terminal=terminal, width=100)) as console:
        for one in found:
            console.show(one)
    return written.getvalue()


def test_without_a_terminal_there_is_a_line_for_each_change_and_no_more() -> None:
    lines = shown(FIRST, SAME, BROKEN, terminal=False).splitlines()
    assert len(lines) == 2
    assert "orders  GET /orders/7  pass" in lines[0]
    assert "orders  GET /orders/7  fail at endpoint (was pass since " in lines[1]


def test_a_terminal_shows_a_table_with_state_and_last_answer() -> None:
    text = shown(FIRST, terminal=True)
    assert "271 ms" in text
    assert "round 1; Ctrl-C ends it" in text


def test_a_round_that_failed_says_why() -> None:
    failed = Round(number=2, report=None, error="no network", watched=(), changes=())
    assert "round 2: no network" in shown(failed, terminal=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--every", "5s"], "hatchway: --every: is how often --watch verifies"),
        (["--watch", "--drift"], "hatchway: --drift: plans once, and --watch goes on."),
        (["--watch", "--every", "soon"], "hatchway verify: Invalid value for '--every'"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], message: str) -> None:
    ran = run("verify", *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(message)
