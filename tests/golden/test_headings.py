# SPDX-License-Identifier: ISC
"""Purpose: who reads a report by its headings finds each below the one that it belongs to: none skips a level, one is the first."""

import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def levels(path):
    with open(path, encoding="utf-8") as file:
        return [int(level) for level in re.findall(r"<h([1-6])[ >]", file.read())]


def main():
    reports = sorted(glob.glob(os.path.join(HERE, "*.html")))
    assert len(reports) >= 5, reports
    for path in reports:
        found = levels(path)
        assert found[:1] == [1] and found.count(1) == 1, f"{path}: {found}"
        skipped = [(one, two) for one, two in zip(found, found[1:]) if two > one + 1]
        assert not skipped, f"{path}: levels that skip one: {skipped}"


if __name__ == "__main__":
    sys.exit(main())
