"""What every run of the tests says at its end."""

import pytest

WITHOUT_NPM = "npm packages are not installed"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in plain sight that the cdktf command line was not tested, where it was not."""
    skipped = terminalreporter.getreports("skipped")
    if any(WITHOUT_NPM in str(report.longrepr) for report in skipped):
        terminalreporter.section("the cdktf command line was NOT tested", red=True, bold=True)
        terminalreporter.line(
            f"{WITHOUT_NPM}. Where npm's registry can be reached, 'make setup' installs them."
        )
