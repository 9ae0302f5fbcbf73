# SPDX-License-Identifier: ISC
"""The table of folders: a file belongs to one folder, and a folder knows only those below it in its house. Checked
of what a file includes and, by the symbols of its object file, of what it calls. Calls between files go round in
no circle of more than three files in server/, and in none that leaves its folder. What stands against it today is
in folders.allow, which only shrinks."""

import re
import subprocess

from sources import allowed, finish, objects, read, sources

# Each line may include those below it, and in server/ and client/ all of protocol/ and certs/
# besides. Folders on one line know nothing of each other.
HOUSES = {
    "protocol": [["cohort"], ["room"], ["board"], ["pack"], ["wire"], ["text"]],
    "certs": [],
    "server": [["worker", "operate"], ["net"], ["web"], ["handle"], ["request"], ["cohort"], ["room"], ["peer"],
               ["follow"], ["journal", "config"], ["base"]],
    "client": [["cmd"], ["screen", "report", "batch"], ["feed"], ["pack", "store"], ["net"]],
}
BELOW = {"server": ("protocol", "certs"), "client": ("protocol", "certs")}
# Beside the table: the browser's modules stand next to the terminal's house, certs/ may use the
# floor's texts, and everybody the bounds.
BESIDES = {"client/web": ("client/report", "client/feed", "protocol"), "certs": ("protocol/text",)}
FOR_ALL = "protocol/limits.h"
# .c files in one circle of calls.
CIRCLE_MAX = {"server": 3}

complaints = []
exceptions = allowed("folders.allow")
used = set()


def complain(what, text):
    """One complaint, unless folders.allow has `what`."""
    if what in exceptions:
        used.add(what)
    else:
        complaints.append(f"{text} (tests/style/folders.allow would say: {what})")


def folder_of(path):
    """server/room/fan.c -> server/room; server/main.c -> server."""
    return "/".join(path.split("/")[:2]) if path.count("/") > 1 else path.split("/")[0]


def level(house, folder):
    """How high a folder stands; what lies in the house itself (main.c) knows all of it."""
    if folder == house:
        return len(HOUSES[house])
    rows = HOUSES[house]
    for height, row in enumerate(reversed(rows)):
        if folder.split("/")[1] in row:
            return height
    complaints.append(f"{folder}/ is not in the table of tests/style/test_folders.py")
    return len(rows)


def may(path, target):
    """Whether a file may include, or call, another one."""
    own, other = folder_of(path), folder_of(target)
    house, other_house = path.split("/")[0], target.split("/")[0]
    if own == other or target == FOR_ALL:
        return True
    if own in BESIDES:
        return other in BESIDES[own] or other_house in BESIDES[own]
    if house != other_house:
        return other_house in BELOW.get(house, ())
    return level(house, own) > level(house, other)


def check_includes(path):
    for number, line in enumerate(read(path).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if match and not may(path, match.group(1)):
            complain(f"{path}->{folder_of(match.group(1))}",
                     f"{path}:{number}: {folder_of(path)}/ may not include {match.group(1)}")


def symbols(objects):
    """{source: (names that its object defines, names that it asks for)}; one nm, since each costs."""
    found = {source: (set(), set()) for source in objects}
    home = {path: source for source, path in objects.items()}
    if home:
        table = subprocess.run(["nm", "-g", "-A", *home], capture_output=True, text=True, check=True).stdout
        for line in table.splitlines():
            path, _, rest = line.partition(".c.o:")
            kind, name = rest.split()[-2:]
            found[home[path + ".c.o"]][kind == "U"].add(name)
    return found


def calls(found):
    """{source: {source that it calls: a name that it asks for there}}."""
    home = {name: source for source, (defined, _) in found.items() for name in defined}
    graph = {}
    for source, (_, wanted) in found.items():
        graph[source] = {}
        for name in sorted(wanted):
            if home.get(name, source) != source:
                graph[source].setdefault(home[name], name)
    return graph


def check_calls(graph):
    for source, targets in graph.items():
        for target, name in targets.items():
            if not may(source, target):
                complain(f"{source}->{folder_of(target)}",
                         f"{source}: {folder_of(source)}/ may not call {name} of {target}")


def circles(graph):
    """The strongly connected components of more than one file (Tarjan), each sorted."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in graph[node]:
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check_circles(graph):
    for circle in circles(graph):
        house = circle[0].split("/")[0]
        crosses = len({folder_of(path) for path in circle}) > 1
        if crosses or len(circle) > CIRCLE_MAX.get(house, len(circle)):
            for path in circle:
                complain(f"circle:{path}", f"{path} is in a circle of calls of {len(circle)} files"
                                           f"{' of several folders' if crosses else ''}: {' '.join(circle)}")


files = sources(".c", ".h", folders=tuple(HOUSES))
for path in files:
    check_includes(path)
found = symbols(objects(tuple(HOUSES)))
graph = calls(found)
check_calls(graph)
check_circles(graph)
for what in sorted(set(exceptions) - used):
    complaints.append(f"tests/style/folders.allow has {what}, which no longer stands against the table: remove it")
finish(complaints, len(files) if found else 0)
