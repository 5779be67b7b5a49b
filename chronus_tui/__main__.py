"""`python -m chronus_tui` is `chronus`."""

import sys

from chronus_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
