# SPDX-License-Identifier: ISC
"""What is also built as WebAssembly, for the browser, needs nothing that a module without imports
cannot have: no locale, clock, file, environment or library but the core's own. It holds for the core,
the reports and the fold of a recording (client/web/wasm)."""

import os
import re
import subprocess

from sources import BUILD, finish, read, sources

ALSO = ["client/feed/drawing", "client/feed/model", "client/feed/pictures", "client/feed/put_picture", "client/feed/recording_fold"]
HEADERS = {"limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h",
           "string.h"}
CORE_HEADERS = HEADERS | {"msgpack.h", "sha2.h", "bsd/stdlib.h"}
# Of the C library: memory, strings, sorting, numbers, formatting into memory. All else is ours.
CALLS = re.compile(
    r"^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__[a-z]+_chk|__popcountdi2|malloc|calloc|realloc|free|abort|"
    r"qsort|bsearch|mem\w+|str(len|cmp|ncmp|chr|rchr|cat|ncat|cpy|ncpy|spn|cspn|str|pbrk|tol\w*|"
    r"toul\w*|nlen)|sn?printf|vsnprintf|sscanf|u?div\w*)$"
)
LIBRARIES = {"spar_protocol": "protocol", "spar_client": "client"}

complaints = []
ours = set()
needed = []


def belongs(path):
    return path.startswith(("protocol/", "client/report/")) or path.rsplit(".", 1)[0] in ALSO


files = [path for path in sources(".c", ".h", folders=("protocol", "client")) if belongs(path)]
for path in files:
    allowed = CORE_HEADERS if path.startswith("protocol/") else HEADERS
    for number, line in enumerate(read(path).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', line)
        if not match:
            continue
        system, own = match.groups()
        if (system and system not in allowed) or (own and not belongs(own)):
            complaints.append(f"{path}:{number}: a WebAssembly module may not include "
                              f"{system or own}")
for library, folder in LIBRARIES.items():
    for path in files:
        parts = (BUILD, folder, "CMakeFiles", f"{library}.dir", os.path.relpath(path, folder) + ".o")
        made = os.path.join(*parts)
        if not path.startswith(folder) or not os.path.exists(made):
            continue
        table = subprocess.run(["nm", made], capture_output=True, text=True, check=True).stdout
        for line in table.splitlines():
            kind, name = line.split()[-2:]
            if kind == "U":
                needed.append((path, name.split("@")[0]))
            elif kind.isupper():
                ours.add(name)
for path, name in needed:
    if name not in ours and not CALLS.match(name) and not name.startswith(("msgpack_", "SHA256")):
        complaints.append(f"{path}: a WebAssembly module cannot call {name}")
finish(complaints, len(files) + len(needed))
