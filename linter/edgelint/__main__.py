"""`python -m edgelint`."""

import sys

from edgelint.cli import main

if __name__ == "__main__":
    sys.exit(main())
