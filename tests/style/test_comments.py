# SPDX-License-Identifier: ISC
"""Every source names its licence near its top, and no line of a comment is wider than 100 columns."""

import re

from sources import finish, read, sources

WIDTH = 100
C = (".c", ".h", ".def")
SHELL = ["contrib/run", "contrib/test", "contrib/check", "contrib/setup", ".ci/run"]
COMMENT = {True: re.compile(r"^\s*(/\*|\*|//)|/\*[^*]*\*/$"), False: re.compile(r"^\s*#")}

complaints = []
files = sources(*C, ".py", ".sh", "CMakeLists.txt") + SHELL + ["CMakeLists.txt"]
for path in files:
    lines = read(path).splitlines()
    if not any("SPDX-License-Identifier: ISC" in line for line in lines[:2]):
        complaints.append(f"{path}:1: its first lines should name the licence, as other files do")
    for number, line in enumerate(lines, 1):
        if len(line) > WIDTH and COMMENT[path.endswith(C)].search(line):
            complaints.append(f"{path}:{number}: a comment of {len(line)} columns; {WIDTH} at most")
finish(complaints, len(files))
