# SPDX-License-Identifier: ISC
"""clang-tidy with the project's .clang-tidy over every compiled file, one process per core."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sources import BUILD, ROOT, finish

with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
    files = sorted({entry["file"] for entry in json.load(file)})


def check(path):
    result = subprocess.run(
        ["clang-tidy", "--quiet", "-p", BUILD, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^(?:/\S+?): (?:error|warning): .*|^\S+:\d+:\d+: (?:error|warning): .*",
                       result.stdout, flags=re.M)
    if result.returncode and not found:
        found = [f"{path}: clang-tidy failed: {result.stderr.strip()[-500:]}"]
    return found


with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    found = [line for lines in pool.map(check, files) for line in lines]
# A fault in a header is found once for each file that includes it.
complaints = sorted({line.replace(ROOT + "/", "") for line in found})
sys.stdout.flush()
finish(complaints, len(files))
