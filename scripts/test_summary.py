"""Print the counts of a JUnit file in one line, and each test that was skipped with its reason."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def summary(results: Path) -> list[str]:
    """Return the lines to print for a JUnit file that pytest wrote."""
    cases = list(ET.parse(results).getroot().iter("testcase"))  # noqa: S314 -- pytest wrote it a moment ago
    skipped = [case for case in cases if case.find("skipped") is not None]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    passed = len(cases) - len(skipped) - len(failed)
    lines = []
    for case in skipped:
        reason = case.find("skipped")
        message = "" if reason is None else reason.get("message", "")
        lines.append(f"skipped: {case.get('classname')}.{case.get('name')}: {message}")
    lines.append(f"tests: {passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return lines


if __name__ == "__main__":
    print("\n".join(summary(Path(sys.argv[1]))))
