"""`python -m hatchway` is the same as `hatchway`."""

import os
import sys


def main() -> int:
    """Run the command line; the list of commands is read from where `make docs` wrote it.

    To make the command line takes ten times as long as Python takes to start, and people often ask for this.
    """
    speaks_utf_8 = (sys.stdout.encoding or "").replace("-", "").lower() == "utf8"
    if sys.argv[1:] not in ([], ["--help"]) or not speaks_utf_8:
        from hatchway.cli import main as run  # noqa: PLC0415 -- see above

        return run()
    # No pathlib: it takes longer to import than to show the page.
    with open(os.path.join(os.path.dirname(__file__), "help.txt"), encoding="utf-8") as page:  # noqa: PTH118, PTH120, PTH123 -- see above
        text = page.read()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has had enough; Python must not complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
