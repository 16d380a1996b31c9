"""`python -m bench` measures the whole flow; see `bench.run`."""

import sys

from bench.run import main

sys.exit(main())
