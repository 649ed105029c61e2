"""`python -m hatchway` is the same as `hatchway`."""

import sys

from hatchway.cli import main

if __name__ == "__main__":
    sys.exit(main())
