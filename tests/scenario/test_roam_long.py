# SPDX-License-Identifier: ISC
"""
Purpose: the long form of test_roam.py: servers are lost forty times, in each way, and the figures of README.md's section
"Several nodes" come of it.
"""
import os
import sys

os.environ.setdefault("SPAR_FAULTS", "10")

import test_roam  # noqa: E402
from support import main  # noqa: E402

if __name__ == "__main__":
    main({name: test_roam.with_database(getattr(test_roam, name)) for name in dir(test_roam) if name.startswith("test_")})
    sys.exit(0)
