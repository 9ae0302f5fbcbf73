# SPDX-License-Identifier: ISC
"""protocol/text/text_kinds.def says what Unicode says. To write it anew: test_text_kinds.py --write.

The tables are those of Debian's package unicode-data. Without it, or with another version than the
file was made from, there is nothing to compare with, and the test says so and passes."""

import os
import re
import sys

if "--write" in sys.argv:
    os.environ.setdefault("SPAR_SOURCE", os.getcwd())
    os.environ.setdefault("SPAR_BUILD", "")
from sources import ROOT, finish, read

FILE = "protocol/text/text_kinds.def"
FOLDER = "/usr/share/unicode"
LAST = 0x10FFFF
# Neutral or ambiguous by the standard; two columns in the C library, and so on every terminal that
# goes by it (Unicode 16 makes the hexagrams wide).
WIDE_IN_TERMINALS = set(range(0x3248, 0x3250)) | set(range(0x4DC0, 0x4E00))
# Vowels and final consonants of Korean syllables: they join the consonant before them.
JOINING = set(range(0x1160, 0x1200)) | set(range(0xD7B0, 0xD800))

HEAD = """/* SPDX-License-Identifier: ISC */
/*
 * text_kinds.def: from which code point on characters are of which kind (enum text_kind).
 *
 * Made by tests/style/test_text_kinds.py --write from Unicode {version}
 * (Debian's package unicode-data). FROM(first code point, kind).
 */
"""


def rows(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                yield [part.strip() for part in line.split(";")]


def having(name, *values):
    points = set()
    for row in rows(name):
        if row[1] in values:
            first, _, last = row[0].partition("..")
            points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def categories():
    found = {}
    first = None
    for row in rows("UnicodeData.txt"):
        point = int(row[0], 16)
        if row[1].endswith(", First>"):
            first = point
        elif row[1].endswith(", Last>"):
            found.update(dict.fromkeys(range(first, point + 1), row[2]))
        else:
            found[point] = row[2]
    return found


def version():
    path = os.path.join(FOLDER, "EastAsianWidth.txt")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return re.search(r"EastAsianWidth-([0-9.]+)\.txt", file.readline()).group(1)


def kinds():
    category = categories()
    ignorable = having("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
    shown = having("PropList.txt", "Prepended_Concatenation_Mark")
    wide = having("EastAsianWidth.txt", "W", "F") | WIDE_IN_TERMINALS
    for point in range(LAST + 1):
        has = category.get(point, "Cn")
        hides = has in ("Cc", "Zl", "Zp") or (has == "Cf" and point not in shown)
        if hides or point in ignorable:
            yield "HIDDEN"
        elif has in ("Cn", "Cs"):
            yield "NONE"
        elif has in ("Mn", "Me") or point in JOINING:
            yield "MARK"
        else:
            yield "WIDE" if point in wide else "NARROW"


def made():
    changes = []
    before = None
    for point, kind in enumerate(kinds()):
        if kind != before:
            changes.append(f"FROM(0x{point:04x}, {kind})")
        before = kind
    lines = [" ".join(changes[i : i + 4]) for i in range(0, len(changes), 4)]
    return HEAD.format(version=version()) + "\n".join(lines) + "\n"


def main():
    if "--write" in sys.argv:
        with open(os.path.join(ROOT, FILE), "w", encoding="utf-8") as file:
            file.write(made())
        return
    have = read(FILE)
    if version() is None or f" Unicode {version()}\n" not in have:
        print(f"unicode-data is {version() or 'not installed'}: nothing to compare with")
        finish([], 1)
    want = made()
    faults = [] if have == want else [f"{FILE} is not what Unicode {version()} says: --write it"]
    finish(faults, want.count("\n"))


main()
