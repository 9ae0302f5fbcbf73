# SPDX-License-Identifier: ISC
"""No function over 100 lines and no file over 600 without a reason in tests/style/sizes.allow."""

import json
import subprocess

from sources import ROOT, allowed, finish, read, sources

FUNCTION_LINES_MAX = 100
FILE_LINES_MAX = 600

files = sources(".c", ".h", ".py", ".sh", ".def")
sizes = {path: len(read(path).splitlines()) for path in files}
too_long = {path: size for path, size in sizes.items() if size > FILE_LINES_MAX}

tags = subprocess.run(
    ["ctags", "--options=NONE", "--languages=C,Python", "--map-C=+.h", "--kinds-C=f",
     "--kinds-Python=fm", "--fields=+ne", "--output-format=json", "-f", "-",
     *[path for path in files if path.endswith((".c", ".h", ".py"))]],
    cwd=ROOT, capture_output=True, text=True, check=True,
)
functions = 0
for line in tags.stdout.splitlines():
    tag = json.loads(line)
    if tag.get("_type") != "tag" or "end" not in tag:
        continue
    functions += 1
    size = tag["end"] - tag["line"] + 1
    if size > FUNCTION_LINES_MAX:
        too_long[f"{tag['path']}:{tag['name']}"] = size

allow = allowed("sizes.allow")
complaints = [
    f"{what} has {size} lines: shorten it, or give the reason in tests/style/sizes.allow"
    for what, size in sorted(too_long.items())
    if what not in allow
]
complaints += [
    f"tests/style/sizes.allow names {what}, which is not too long: remove it"
    for what in sorted(set(allow) - set(too_long))
]
finish(complaints, len(files) + functions)
