"""`python -m scripts.setup`: set up this clone, or say in one sentence what is in the way."""

import os
import sys
from pathlib import Path

from hatchway.errors import HatchwayError
from scripts.setup.console import Console
from scripts.setup.journal import Journal, only_one
from scripts.setup.processes import Runner
from scripts.setup.sequence import all_steps, carry_out
from scripts.setup.step import Place

ROOT = Path(__file__).resolve().parents[2]
INTERRUPTED = 130


def main() -> int:
    """Run what is not done yet, and return the exit code: 0, 4 for a failure, 130 for an interrupt."""
    console = Console(sys.stderr)
    try:
        with only_one(ROOT / ".hatchway", console.note):
            _set_up(console)
    except HatchwayError as error:
        console.failure(str(error), getattr(error, "tail", ()))
        return error.exit_code
    except KeyboardInterrupt:
        console.failure("interrupted. Run it again: it goes on from here.")
        return INTERRUPTED
    return 0


def _set_up(console: Console) -> None:
    state = ROOT / ".hatchway"
    place = Place(root=ROOT, runner=Runner(ROOT, os.environ, state / "log/setup.log"))
    carry_out(all_steps(place), Journal.read(state / "setup.json"), console)


if __name__ == "__main__":
    sys.exit(main())
