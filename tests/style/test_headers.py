# SPDX-License-Identifier: ISC
"""Each file opens with a comment that begins with its name. Each header compiles alone, no headers include
each other in a circle, server, client, protocol and certs use only libraries that are theirs, and the core stays
pure: it includes and calls no network, thread, clock, file or random function. Nothing outside main.c holds mutable
global state. Which folder may include which: test_folders.py."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from sources import ROOT, allowed, finish, narrowed, objects, read, sources

FOLDERS = ("protocol", "certs", "server", "client")
SPDX = "/* SPDX-License-Identifier: ISC */\n"
# By the start of the header's name in <...>.
MAY_NOT_INCLUDE = {
    "protocol": ("event", "openssl/", "sqlite3", "curses", "ncurses", "panel", "pthread", "threads.h",
                 "stdatomic", "time.h", "sys/time", "sys/socket", "netinet/", "arpa/", "unistd",
                 "fcntl", "signal", "libfyaml", "jansson", "md5", "sys/random"),
    "certs": ("event", "sqlite3", "curses", "ncurses", "libfyaml", "jansson", "msgpack"),
    "server": ("curses", "ncurses", "panel", "jansson"),
    "client": ("sqlite3",),
}
# What the core's object files may not ask the linker for.
IMPURE = re.compile(
    r"^(time|clock|clock_(gettime|settime|getres|nanosleep|adjtime|getcpuclockid)|gettimeofday|localtime\w*|gmtime\w*|strftime|nanosleep|u?sleep|"
    r"pthread_\w+|mtx_\w+|thrd_\w+|rand|random|s?rand_?r?|getrandom|getentropy|arc4random\w*|"
    r"open|open64|openat|read|write|close|fopen|fopen64|fread|fwrite|socket|connect|send|recv|"
    r"getenv|setlocale|strtok|printf|puts|putchar|fprintf|exit|abort_\w+|event_(base|new|free|add|del|assign|active)\w*|evbuffer_\w+|bufferevent_\w+|SSL_\w+|EVP_\w+|"
    r"sqlite3_\w+)$"
)

complaints = []


def includes(path):
    """(line, name, is_ours) of each #include of a file."""
    for number, line in enumerate(read(path).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(2), match.group(1) == '"'


def resolve(path, name):
    for candidate in (os.path.normpath(os.path.join(os.path.dirname(path), name)), name):
        if os.path.exists(os.path.join(ROOT, candidate)):
            return candidate
    return None


def compiles_alone(header, flags):
    result = subprocess.run(
        ["cc", "-std=c17", "-D_GNU_SOURCE", '-DSPAR_VERSION="x"', "-Wall", "-Wextra", "-Werror",
         "-fsyntax-only", "-I.", *flags, "-x", "c", "-"],
        cwd=ROOT, input=f'#include "{header}"\n', capture_output=True, text=True, check=False,
    )
    return [f"{header} does not compile alone: {result.stderr.strip()}"] if result.returncode else []


def check_alone(headers):
    packages = ["libevent_core", "openssl", "ncursesw", "jansson", "libfyaml", "libpq", "cunit"]
    flags = subprocess.run(["pkg-config", "--cflags", *packages], capture_output=True, text=True,
                           check=True).stdout.split()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(lambda header: compiles_alone(header, flags), headers):
            complaints.extend(found)


def graph_of(headers):
    """{header: those of our files that it includes}."""
    graph = {}
    for header in headers:
        targets = (resolve(header, name) for _, name, ours in includes(header) if ours)
        graph[header] = [target for target in targets if target]
    return graph


def reached(graph, headers):
    """Headers to compile: where only what changed is asked for, those and what includes them."""
    files = set(graph) | {target for targets in graph.values() for target in targets}
    found, size = set(narrowed(sorted(files))), -1
    while size != len(found):
        size = len(found)
        found |= {header for header, targets in graph.items() if not found.isdisjoint(targets)}
    return [header for header in headers if header in found]


def check_circles(headers, graph):
    done = set()

    def visit(header, trail):
        if header in trail:
            complaints.append("circle: " + " -> ".join(trail[trail.index(header):] + [header]))
        elif header not in done:
            for target in graph.get(header, ()):
                visit(target, trail + [header])
            done.add(header)

    for header in headers:
        visit(header, [])


def check_libraries(path):
    folder = path.split("/")[0]
    for number, name, ours in includes(path):
        target = resolve(path, name) if ours else None
        if ours and not target:
            complaints.append(f'{path}:{number}: "{name}" is not a file of this project')
        elif not ours and name.startswith(MAY_NOT_INCLUDE[folder]):
            complaints.append(f"{path}:{number}: {folder}/ may not include <{name}>")


def check_purity(source, path):
    result = subprocess.run(["nm", "--undefined-only", path], capture_output=True, text=True, check=True)
    for line in result.stdout.splitlines():
        symbol = line.split()[-1].split("@")[0]
        if IMPURE.match(symbol):
            complaints.append(f"the core is not pure: {source} calls {symbol}")


def check_globals(source, path, allow, used):
    """Objects in writable sections; .data.rel.ro holds constants that the loader relocates."""
    table = subprocess.run(["objdump", "-t", path], capture_output=True, text=True, check=True).stdout
    for line in table.splitlines():
        entry = re.match(r"\S+ .{7}\s?(\.t?(?:data|bss)\S*|\*COM\*)\s+(\S+)\s+(\S+)$", line)
        if not entry or entry.group(1).startswith(".data.rel.ro") or int(entry.group(2), 16) == 0:
            continue
        name = f"{source}:{re.sub(r'[.][0-9]+$', '', entry.group(3))}"
        if name in allow:
            used.add(name)
        else:
            complaints.append(f"mutable global state: {name} ({entry.group(1)})")


def check_opening(path):
    start = f"{SPDX}/*\n * {os.path.basename(path)}: "
    if not read(path).startswith(start):
        complaints.append(f"{path}:1: the licence and a comment should come first: {SPDX.strip()}, /* and, on "
                          f"the next line, * {os.path.basename(path)}: what the file is for")


headers = sources(".h", folders=FOLDERS) + sources(".h", folders=("tests/support",))
graph = graph_of(headers)
check_alone(reached(graph, headers))
check_circles(headers, graph)
files = sources(".c", ".h", folders=FOLDERS)
for path in files:
    check_opening(path)
    check_libraries(path)
allow = allowed("globals.allow")
used = set()
for source, path in objects(FOLDERS).items():
    if source.startswith("protocol/"):
        check_purity(source, path)
    check_globals(source, path, allow, used)
for name in sorted(set(allow) - used):
    complaints.append(f"tests/style/globals.allow names {name}, which no longer exists: remove it")
finish(complaints, len(headers) + len(files))
