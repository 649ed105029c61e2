"""Renders every case of the corpus with Terraform, and says where that is judged otherwise than as read.

    .venv/bin/python -m tests.corpus.shadow [CONFIGURATION | CASE]...

Takes about ten seconds for each case. Needs no credentials, no network and no sandbox.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from hatchway.errors import HatchwayError
from hatchway.review import review
from tests.corpus.cases import Case
from tests.corpus.kept import CONFIGURATIONS, all_cases
from tests.corpus.reviewed import write


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the two opinions on some configurations, or on all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="CONFIGURATION | CASE", default=CONFIGURATIONS)
    wanted = parser.parse_args(arguments).wanted
    chosen = [
        case
        for name in CONFIGURATIONS
        for case in all_cases(name)
        if case.id in wanted or case.configuration in wanted
    ]
    agreed = sum(_said(case) for case in chosen)
    sys.stdout.write(f"{agreed} of {len(chosen)} are judged alike\n")
    return 0 if agreed == len(chosen) else 1


def _said(case: Case) -> bool:
    """Say how one case went; True if both opinions on it are the same."""
    started = time.monotonic()
    found = disagreements(case)
    lines = "".join(f"\n    {line}" for line in found)
    sys.stdout.write(f"{case.id}: {time.monotonic() - started:.0f} s{lines}\n")
    sys.stdout.flush()
    return not found


def disagreements(case: Case) -> list[str]:
    """Say where the two opinions on a case differ, or why there is no second one."""
    with tempfile.TemporaryDirectory() as folder:
        # The stacks of an edit refer to what it took away; what is planned does not.
        write(case.sources, Path(folder))
        try:
            report = review([Path(folder)], shadow=True)
        except HatchwayError as error:
            return [str(error), *getattr(error, "tail", ())]
    return [f"{one.subject}: {one.message}" for one in report.findings if one.id == "HW030"]


if __name__ == "__main__":
    sys.exit(main())
