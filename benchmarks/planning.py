"""Plans the article with the real Terraform, in a sandbox: what reviewers are given to read.

    .venv/bin/python -m benchmarks.planning FILE

One plan of all stacks, as `terraform show -json` writes it, since other reviewers read one at a time.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.corpus.kept import all_cases
from tests.corpus.make import plan_of, running_sandbox


def main(target: Path) -> int:
    """Writes the plan, unless it is there already and was made of the same configuration."""
    case = all_cases("ours")[0]
    note = target.with_suffix(".digest")
    if target.is_file() and note.is_file() and note.read_text(encoding="utf-8") == case.digest:
        return 0
    with tempfile.TemporaryDirectory() as folder, running_sandbox(None, Path(folder)) as sandbox:
        plan = plan_of(case, Path(folder) / "article", sandbox.environment())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(plan), encoding="utf-8")
    note.write_text(case.digest, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
