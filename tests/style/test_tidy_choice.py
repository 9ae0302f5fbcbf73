# SPDX-License-Identifier: ISC
"""What style.tidy looks at, and that it can fail: on a project of three files in a folder of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from sources import ROOT, finish

FILES = {
    ".clang-tidy": "",
    "a.h": "int a(void);\n",
    "a.c": '#include "a.h"\nint a(void) { return 1; }\n',
    "b.c": '#include "a.h"\nint b(void);\nint b(void) { return a(); }\n',
    "c.c": "int c(void);\nint c(void) { return 1; }\n",
}
FAULT = "int b(void);\nint b(void) { if (1) return 1; return 2; }\n"

complaints = []
checked = 0
folder = tempfile.mkdtemp(prefix="spar-tidy-choice-")


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def git(*words):
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@invalid", *words], cwd=folder, check=True,
                   capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})


def tidy(what, looked, code=0, words="", **environment):
    """Runs style.tidy; compares how many files it looked at, its exit status and what it said."""
    global checked
    checked += 1
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SPAR_TIDY")}
    done = subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tests/style/test_tidy.py")], cwd=folder,
                          capture_output=True, text=True, check=False,
                          env={**kept, "SPAR_SOURCE": folder, "SPAR_BUILD": os.path.join(folder, "build"), **environment})
    found = re.search(r": (\d+) of 3 files", done.stdout)
    got = (int(found.group(1)) if found else None, done.returncode)
    if got != (looked, code) or words not in done.stdout + done.stderr:
        complaints.append(f"{what}: looked at {got[0]}, status {got[1]} instead of {looked}, {code}, {words!r}:\n"
                          f"{done.stdout}{done.stderr}")


def forget():
    os.remove(os.path.join(folder, "build", "tidy.good"))


def make():
    FILES[".clang-tidy"] = open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8").read()
    os.mkdir(os.path.join(folder, "build"))
    for name, text in FILES.items():
        write(name, text)
    write(".gitignore", "/build/\n")
    write("build/compile_commands.json", json.dumps([
        {"directory": folder, "file": os.path.join(folder, name), "command": f"cc -o {name}.o -c {folder}/{name}"}
        for name in FILES if name.endswith(".c")]))


def try_earlier_runs():
    tidy("no earlier run, no clone", 3, words="there is no origin/main")
    tidy("nothing changed", 0)
    write("a.h", FILES["a.h"] + "int more(void);\n")
    tidy("a header changed", 2)
    write("b.c", FAULT)
    tidy("a fault came", 1, 1, "b.c:2:")
    tidy("the fault is still there", 1, 1, "b.c:2:")
    write("b.c", FILES["b.c"])
    tidy("the fault is gone", 1)
    write(".clang-tidy", FILES[".clang-tidy"] + "# other\n")
    tidy("other settings, and no time", 0, words="3 more are left for the next run", SPAR_TIDY_SECONDS="-1")
    tidy("what was left", 3)
    tidy("everything is asked for", 3, SPAR_TIDY="all")
    write(".clang-tidy", "Checks: '-*,misc-unused-parameters'\n")
    tidy("a tool that sees nothing", 3, 1, "is not found in a file that has that fault")
    write(".clang-tidy", FILES[".clang-tidy"])


def try_clones():
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "x")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    forget()
    tidy("a new clone of origin/main", 3, words="nothing differs from origin/main")
    forget()
    write("c.c", FILES["c.c"] + "\n")
    tidy("one file differs from origin/main", 1, words="left origin/main")
    tidy("the others were taken on trust", 0)
    forget()
    write("c.c", FILES["c.c"])
    write("a.h", FILES["a.h"])
    tidy("a header differs", 2, words="left origin/main")


try:
    make()
    try_earlier_runs()
    try_clones()
finally:
    shutil.rmtree(folder)
finish(complaints, checked)
