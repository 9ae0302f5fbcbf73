# SPDX-License-Identifier: ISC
"""What the style tests share: where the sources are and how a test says what it found."""

import os
import re
import sys

ROOT = os.environ["SPAR_SOURCE"]
BUILD = os.environ["SPAR_BUILD"]
FOLDERS = ("protocol", "certs", "server", "client", "tests", "contrib")
CHANGED = None
if os.environ.get("SPAR_CHANGED"):
    with open(os.environ["SPAR_CHANGED"], encoding="utf-8") as changed:
        CHANGED = set(changed.read().splitlines())


def sources(*extensions, folders=FOLDERS):
    """Paths below the root, sorted, of the files that end in one of the extensions."""
    found = []
    for folder in folders:
        for path, _, names in os.walk(os.path.join(ROOT, folder)):
            found += [
                os.path.relpath(os.path.join(path, name), ROOT)
                for name in names
                if name.endswith(extensions)
            ]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def objects(folders):
    """{source: its object file} of the libraries of these top folders, as far as they have been built."""
    found = {}
    for folder in folders:
        top = os.path.join(BUILD, folder, "CMakeFiles", f"spar_{folder}.dir")
        for path, _, names in os.walk(top):
            for name in names:
                source = os.path.join(folder, os.path.relpath(os.path.join(path, name), top))[: -len(".o")]
                if name.endswith(".c.o") and os.path.exists(os.path.join(ROOT, source)):
                    found[source] = os.path.join(path, name)
    return dict(sorted(found.items()))


def without_comments(text):
    """C text with comments and the insides of strings blanked, its lines kept."""

    def blank(match):
        if match.group().startswith(('"', "'")):
            return '""'
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S
    )


def allowed(name):
    """The entries of tests/style/NAME: {what: reason}. A line is `WHAT  REASON`; # opens a comment."""
    entries = {}
    for number, line in enumerate(read(f"tests/style/{name}").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        what, _, reason = line.partition(" ")
        if not reason.strip():
            sys.exit(f"tests/style/{name}:{number}: {what} needs a reason after it")
        entries[what] = reason.strip()
    return entries


def narrowed(files, also=()):
    """
    Of the files those that changed, if contrib/check asks for no more: SPAR_CHANGED names a file
    that lists them. All of them if one of `also`, which settles what is good, has changed too.
    """
    if CHANGED is None or not CHANGED.isdisjoint(also):
        return files
    return [path for path in files if path in CHANGED]


def finish(complaints, checked):
    """Prints the complaints and ends the test; a run that checked nothing has failed."""
    for complaint in complaints:
        print(complaint)
    if not checked and CHANGED is None:
        sys.exit("nothing was checked")
    print(f"{checked} checked, {len(complaints)} complaints")
    sys.exit(1 if complaints else 0)
