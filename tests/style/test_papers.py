# SPDX-License-Identifier: ISC
"""What the papers name is there: the files and folders in backticks, the targets of links, and the tests of the threat
model."""

import os
import re

from sources import ROOT, finish, read

PAPERS = ["README.md", "protocol/README.md", "client/README.md", "server/README.md", ".github/CONTRIBUTING.md",
          ".github/SECURITY.md", "contrib/ORGANISER.md", "contrib/CHANGELOG.md"]
TOP = ("protocol/", "client/", "server/", "certs/", "tests/", "contrib/", ".github/")

complaints = []
checked = 0


def exists(path):
    """A * stands for anything; NAME for what a reader fills in."""
    folder, name = os.path.split(path.rstrip("/"))
    if "NAME" in name:
        return os.path.isdir(os.path.join(ROOT, folder))
    if "*" not in name:
        return os.path.exists(os.path.join(ROOT, path))
    pattern = re.escape(name).replace(r"\*", ".*")
    return any(re.fullmatch(pattern, entry) for entry in os.listdir(os.path.join(ROOT, folder)))


def registered(test):
    kind, name = test.split(".")
    return any(os.path.exists(os.path.join(ROOT, "tests", kind, file))
               for file in (f"test_{name}.c", f"test_{name}.py", f"fuzz_{name}.c"))


for paper in PAPERS:
    if not os.path.exists(os.path.join(ROOT, paper)):
        complaints.append(f"{paper} is missing")
        continue
    text = read(paper)
    for word in re.findall(r"`([^`\s]+)`", text):
        if word.startswith(TOP):
            checked += 1
            if not exists(word):
                complaints.append(f"{paper} names {word}, which there is not")
        elif re.fullmatch(r"(unit|scenario|fault|fuzz|tui|golden|style)\.\w+", word):
            checked += 1
            if not registered(word):
                complaints.append(f"{paper} names the test {word}, which there is not")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        checked += 1
        if not os.path.exists(os.path.join(ROOT, os.path.dirname(paper), target)):
            complaints.append(f"{paper} links to {target}, which there is not")
finish(complaints, checked)
