# SPDX-License-Identifier: ISC
"""
The page's modules agree with each other and with what their comments say of types: TypeScript's checker finds nothing.
A module with known faults is looked at each time too: a checker that finds nothing in it finds nothing anywhere. Skips
(77) where there is no tsc (Debian's node-typescript).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from sources import CHANGED, ROOT, finish, sources

OPTIONS = ["--noEmit", "--allowJs", "--checkJs", "--target", "es2022", "--module", "esnext", "--moduleResolution", "node",
           "--lib", "es2022,dom,dom.iterable", "--pretty", "false"]
# A fault a line: a name misspelt, one argument too many, another type than is said.
FAULTY = """const view = document.getElementById("app"); view.inerText = "";
/** @param {string} name */ export function call(name) { return name.length; } call("a", "b");
call(7);
"""
FAULTS = {1: "TS2551", 2: "TS2554", 3: "TS2345"}

modules = sources(".js", folders=("client/web",))
if CHANGED is not None and CHANGED.isdisjoint(modules):
    finish([], 0)
if not shutil.which("tsc"):
    print("no tsc (node-typescript)")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    faulty = os.path.join(folder, "faulty.js")
    with open(faulty, "w", encoding="utf-8") as file:
        file.write(FAULTY)
    done = subprocess.run(["tsc", *OPTIONS, "--typeRoots", folder, *modules, faulty], cwd=ROOT, capture_output=True, text=True, check=False)
complaints, found = [], {}
for line in done.stdout.splitlines():
    known = re.search(r"faulty\.js\((\d+),\d+\): error (\w+)", line)
    if known:
        found[int(known.group(1))] = known.group(2)
    else:
        complaints.append(line)
if found != FAULTS:
    complaints.append(f"the checker finds {found} of the known faults {FAULTS}: {done.stdout[-500:]}{done.stderr[-500:]}")
finish(complaints, len(modules))
