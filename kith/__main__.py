"""`python -m kith` is the `kith` command."""

import sys

from kith.config.cli import main

sys.exit(main())
