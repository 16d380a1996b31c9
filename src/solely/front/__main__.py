"""`python -m solely.front FD`: started by `solely serve`, for itself alone."""

import sys

from solely.front.process import main

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
