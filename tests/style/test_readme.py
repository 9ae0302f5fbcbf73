# SPDX-License-Identifier: ISC
"""
The README begins with what a stranger asks, in this order: what it is in one sentence, a picture, how to try it and how
many seconds that takes, for whom, why not Zoom, what it is not; all else comes after. What it tells one to type to try it
is typed by a test, and each program of contrib/ that it names stands there and knows the options.
"""

import os
import re

from sources import ROOT, finish, read, sources

BEGINNING = [
    ("the name", r"\A# Spar\n"),
    ("one sentence", r"\n\n[A-Z][^.!?]*\.\n\n"),
    ("a picture", r"!\[[^]]+\]\([^)]+\.(?:webp|png|svg)\)\n"),
    ("how to try it", r"\n## Try it\n"),
    ("for whom", r"\n\*\*For whom\.\*\*"),
    ("why not Zoom", r"\n\*\*Why not Zoom"),
    ("what it is not", r"\n\*\*What it is not\.\*\*"),
    ("the rest", r"\n## (?!Try it)"),
]
COMMAND = re.compile(r"^    ((?:contrib/)\S+)([^#\n]*)", re.M)


def options(words):
    return re.findall(r"--[\w-]+", words)


def check_order(text):
    """Each where the one before has ended, and no section between."""
    at = 0
    for what, pattern in BEGINNING:
        found = re.compile(pattern).search(text, max(at - 2, 0))
        if not found:
            complaints.append(f"README.md: {what} does not stand where a stranger looks for it: see tests/style/test_readme.py")
            return
        between = text[at:found.start()]
        if re.search(r"^## ", between, re.M):
            complaints.append(f"README.md: a section stands before {what}")
        at = found.end()


def check_commands(text):
    """Of the whole README: what stands in contrib/ is there, and its source knows each option."""
    found = COMMAND.findall(text)
    for program, words in found:
        if not os.access(os.path.join(ROOT, program), os.X_OK):
            complaints.append(f"README.md: {program} is no program of this tree")
            continue
        complaints.extend(f"README.md: {program} does not know {option}" for option in options(words)
                          if not re.search(re.escape(option) + r"(?![\w-])", read(program)))
    return len(found)


def check_tried(text):
    """What the first section tells one to type."""
    trying = text[text.index("## Try it"):text.index("**For whom.**")]
    if not re.search(r"\bseconds?\b", trying):
        complaints.append("README.md: to try it takes how many seconds?")
    commands = re.findall(r"^    (\S.*)$", trying, re.M)
    tests = [read(path) for path in sources(".py", folders=("tests/scenario", "tests/web", "tests/tui"))]
    for command in commands:
        program, *words = command.split()
        called = re.compile(r"contrib.{0,6}" + re.escape(os.path.basename(program)))
        if not program.startswith("contrib/") or not any(called.search(test) and all(f'"{word}"' in test for word in words) for test in tests):
            complaints.append(f"README.md: no test runs {command}")
    if not commands:
        complaints.append("README.md: nothing to type in Try it")


complaints = []
readme = read("README.md")
check_order(readme)
check_tried(readme)
finish(complaints, len(BEGINNING) + check_commands(readme))
