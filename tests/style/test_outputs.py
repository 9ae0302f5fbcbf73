# SPDX-License-Identifier: ISC
"""Whatever the client prints goes through client/net/say.h, and so through the one text module: only
words of its own, whole in the source, may be printed without it."""

import re

from sources import finish, read, sources, without_comments

# What is written there: a file of one's own, what a terminal is driven with, help in own
# words, or JSON in ASCII.
MAY = ("client/net/say.c", "client/cmd/args.c", "client/main.c", "client/screen/terminal.c",
       "client/batch/json_line.c", "client/store/", "client/web/")
PRINTS = re.compile(r'(?<![\w])(v?f?printf|f?puts|f?putc|putchar|perror|v?dprintf|fwrite)\s*\(\s*(.)')
# A report that is clean already, or a file: by the name of what is written.
WRITES = re.compile(r"fwrite\((out\.|text->|parts->|bytes->)")

# Whatever fills in a %s is kept on one line: a line end has to stand in the format.
ENDS = re.compile(r'\bsay\(\s*\w+,\s*("(?:[^"\\]|\\.)*"\s*)+,[^;]*?"(?:[^"\\]|\\.)*\\n[^;]*?;')

complaints = []
files = [path for path in sources(".c", folders=("client",)) if not path.startswith(MAY)]
for path in files:
    lines = read(path).splitlines()
    for number, line in enumerate(without_comments(read(path)).splitlines(), 1):
        for match in PRINTS.finditer(line):
            whole = lines[number - 1]
            own = match.group(1) in ("puts", "fputs") and match.group(2) == '"'
            if not own and not WRITES.search(whole) and "format(printf" not in whole:
                complaints.append(f"{path}:{number}: print by say() of client/net/say.h, "
                                  f"not by {match.group(1)}")
    text = read(path)
    complaints.extend(f"{path}:{text[:match.start()].count(chr(10)) + 1}: this line end becomes a space; put it into the format"
                      for match in ENDS.finditer(text))
finish(complaints, len(files))
