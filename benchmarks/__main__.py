"""`make bench`: runs benchmarks, keeps their results, and writes the page that shows them."""

import argparse
import sys
import time
from pathlib import Path

from benchmarks import machine
from benchmarks.page import page
from benchmarks.peers.environments import python_environment
from benchmarks.processes import PeerError, run
from benchmarks.registry import BENCHMARKS
from benchmarks.results import ROOT, Result, keep

PAGE = ROOT / "docs" / "reference" / "performance.md"
PLOT = PAGE.with_suffix(".svg")
MATPLOTLIB = ("matplotlib==3.11.2",)


def main() -> int:
    """Runs the benchmarks that are named, or all of them; fails if one of them cannot be measured."""
    arguments = _parser().parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"There is no benchmark {unknown[0]!r}. Choose from: {', '.join(BENCHMARKS)}.\n")
        return 2
    failed = [name for name in arguments.names or BENCHMARKS if not _measured(name, arguments.repetitions)]
    PAGE.write_text(page(), encoding="utf-8")
    # Its own process, with an environment of its own: nothing of Hatchway needs Matplotlib.
    try:
        run([python_environment("plot", MATPLOTLIB), "-m", "benchmarks.drawing", PLOT], cwd=ROOT)
    except PeerError as error:
        sys.stderr.write(f"not drawn: {error}\n")
        return 1
    sys.stderr.write(f"wrote {_shown(PAGE)} and {_shown(PLOT)}\n")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(
        f"  {each.name:<16} {each.title}, about {each.minutes:g} min" for each in BENCHMARKS.values()
    )
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures Hatchway against its peers, side by side in one run.",
        epilog=f"benchmarks:\n{listed}\n\nPeers are installed in benchmarks/.work when first needed.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run (default: all of them)")
    parser.add_argument("--repetitions", type=_positive, metavar="N", help="how often to run each side")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _measured(name: str, repetitions: int | None) -> bool:
    begun = time.monotonic()
    before = machine.load()
    sys.stderr.write(f"{name}: {BENCHMARKS[name].title}\n")
    try:
        result = BENCHMARKS[name].run(repetitions)
    except PeerError as error:
        sys.stderr.write(f"{name}: not measured: {error}\n")
        return False
    path = keep(name, result, before)
    _show(result)
    sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s, kept in {_shown(path)}\n")
    return True


def _show(result: Result) -> None:
    for ratio in result.ratios:
        limit = "" if ratio.at_most is None else f", at most {ratio.at_most:g}"
        broken = ": NOT REACHED" if ratio.holds is False else ""
        spread = ratio.spread
        sys.stdout.write(
            f"{ratio.measure}: {spread.median:.3f} ({spread.low:.3f} to {spread.high:.3f}){limit}{broken}\n"
        )


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
