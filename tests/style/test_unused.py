# SPDX-License-Identifier: ISC
"""Nothing is declared that nobody uses: each function that is not static is called from another file (of the programs
or the tests), and each bound, refusal and counter of the tables is used by the code."""

import json
import os
import re
import subprocess

from sources import BUILD, finish, read, sources

BOUND = re.compile(r"^(?:\s+|#define )([A-Z][A-Z0-9_]+) +(?:=|INT64)", re.M)
PARTS = ("protocol", "certs", "server", "client")


def symbols(*options):
    """(object file, name) of each symbol that nm lists."""
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    objects = [os.path.join(entry["directory"], re.search(r" -o (\S+)", entry["command"]).group(1))
               for entry in commands]
    objects = [path for path in objects if os.path.exists(path)]  # benchmarks are not built by default
    table = subprocess.run(["nm", "--print-file-name", "--portability", *options, *objects],
                           capture_output=True, text=True, check=True).stdout
    for line in table.splitlines():
        where, _, rest = line.partition(": ")
        yield os.path.relpath(where, BUILD), *rest.split()[:2]


def check_functions():
    asked = {name for _, name, _ in symbols("--undefined-only")}
    # What the browser's core exports is called by name from the page.
    page = "\n".join(read(path) for path in sources(".js", folders=("client/web",)))
    asked |= set(re.findall(r"\bx\.(web_\w+)", page))
    if not any("wasm" in where for where, _, _ in symbols("--defined-only")):  # built without the page
        asked |= {name for path in sources(".c", folders=("client/web/wasm",))
                  for name in re.findall(r"\b(\w+)\(", read(path))}
    found = 0
    for where, name, kind in symbols("--defined-only", "--extern-only"):
        if where.startswith(PARTS) and kind in "TDRB" and not name.startswith("__"):
            found += 1
            if name not in asked | {"main"}:
                source = re.sub(r"CMakeFiles/[^/]*/|\.o$", "", where)
                complaints.append(f"{source}: {name} is used by no other file: make it static or remove it")
    return found


def check_table(table, names, spelling):
    """names: the rows of a table; spelling: how the code names one."""
    for name in names:
        if spelling(name) not in words:
            complaints.append(f"{table}: {name} is used by nothing: remove it")
    return len(names)


complaints = []
tables = {"protocol/limits.h", "protocol/wire/refusals.def", "server/base/stats.h"}
code = "\n".join(read(path) for path in sources(".c", ".h", ".def", folders=PARTS) if path not in tables)
words = set(re.findall(r"\w+", code))
limits = read("protocol/limits.h")
checked = check_functions()
checked += check_table("protocol/limits.h", BOUND.findall(limits), str)
checked += check_table("protocol/wire/refusals.def", re.findall(r"^REFUSAL\((\w+)", read("protocol/wire/refusals.def"), re.M),
                       lambda name: f"REFUSAL_{name}")
checked += check_table("server/base/stats.h", re.findall(r"^    X\((\w+)\)", read("server/base/stats.h"), re.M),
                       lambda name: f"STATS_{name}")
finish(complaints, checked)
