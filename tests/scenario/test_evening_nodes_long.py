# SPDX-License-Identifier: ISC
"""
Purpose: the long form of test_evening_nodes.py: forty people, ten minutes, something is killed every
minute. The figures of README.md's section "Several nodes" come of it.
"""
import os

os.environ.setdefault("SPAR_PEOPLE", "40")
os.environ.setdefault("SPAR_MINUTES", "10")

import test_evening_nodes  # noqa: E402
from support import main  # noqa: E402

if __name__ == "__main__":
    main({"test_an_evening": test_evening_nodes.test_an_evening})
