# SPDX-License-Identifier: ISC
"""Every C file is as clang-format would write it. To mend: clang-format -i FILE."""

import subprocess

from sources import ROOT, finish, narrowed, sources

files = narrowed(sources(".c", ".h"), [".clang-format"])
if not files:
    finish([], 0)  # clang-format would read its standard input
result = subprocess.run(
    ["clang-format", "--dry-run", "--Werror", "--style=file", *files],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=False,
)
complaints = [line for line in result.stderr.splitlines() if "error:" in line]
if result.returncode and not complaints:
    complaints = [result.stderr or "clang-format failed"]
finish(complaints, len(files))
