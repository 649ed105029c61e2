"""How tests are shared out among processes, and what every run says at its end."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

DEPLOYMENT = "deployed_sandbox"
EXAMPLES = "test_examples.py"
WITHOUT_NPM = "npm packages are not installed"


def pytest_configure() -> None:
    """Lets interrupts through, which a shell has its background jobs ignore: tests of Ctrl-C send them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the examples, the longest of all: nothing is left to do beside them at the end."""
    items.sort(key=lambda item: EXAMPLES not in item.nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadScopeScheduling":
    """Keeps together, for `pytest -n`, what shares fixtures: the tests of a file, and of the deployment.

    The marks of `--dist loadgroup` are lost on the pytest of today (9.2, with pytest-xdist 3.8).
    """
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 -- there is no need for it without `-n`

    deployed = {
        path.name
        for path in Path(__file__).parent.rglob("test_*.py")
        if DEPLOYMENT in path.read_text("utf-8")
    }

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            if EXAMPLES in file:  # each has a sandbox of its own
                return file + nodeid.partition("[")[2]
            return DEPLOYMENT if file.rpartition("/")[2] in deployed else file

    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in plain sight that the cdktf command line was not tested, where it was not."""
    skipped = terminalreporter.getreports("skipped")
    if any(WITHOUT_NPM in str(report.longrepr) for report in skipped):
        terminalreporter.section("the cdktf command line was NOT tested", red=True, bold=True)
        terminalreporter.line(
            f"{WITHOUT_NPM}. Where npm's registry can be reached, 'make setup' installs them."
        )
