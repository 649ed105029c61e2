"""Write the generated pages. The tests fail while one is not up to date."""

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.page import page as performance_page
from hatchway.report import check_reference
from hatchway.report.schema import as_schema
from hatchway.review.reference import ENTRIES
from hatchway.topology import reference as topology_reference
from hatchway.verify.aws import reference as permission_reference
from scripts import command_reference, feature_reference

ROOT = Path(__file__).resolve().parents[1]
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/checks.md": lambda: check_reference.page(ENTRIES),
    "docs/reference/commands.md": command_reference.page,
    "docs/reference/features.md": feature_reference.page,
    "docs/reference/performance.md": performance_page,
    "docs/reference/report.schema.json": as_schema,
    "docs/reference/topology.md": topology_reference.page,
    "hatchway/help.txt": command_reference.front_page,
    "docs/reference/verify-permissions.md": permission_reference.page,
}


def main() -> int:
    """Write every page that differs, and name it."""
    for name, page in PAGES.items():
        path = ROOT / name
        content = page()
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            print(f"docs: wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
