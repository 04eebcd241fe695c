"""`python -m qa`: the same as `qa`."""

import sys

from qa.cli.app import main

sys.exit(main())
