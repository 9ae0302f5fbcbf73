# SPDX-License-Identifier: ISC
"""
clang-tidy with the project's .clang-tidy, one process per core, over every compiled file that has
changed since it was last found good: it or anything that it includes (so a header's change reaches
its users), its compiler flags, .clang-tidy or the tool's version. What was found good stands in the
build's tidy.good.

Without that file (a new clone) whatever differs from where this branch left origin/main is looked
at, and the rest is taken on trust, since it was looked at before it got there. If nothing differs,
or there is no origin/main, every so-manyth file and those of the last commits are looked at. A file
with known faults is looked at each time: a tool that finds nothing in it finds nothing anywhere.

SPAR_TIDY=all looks at everything (contrib/test --all). SPAR_TIDY_SECONDS=N begins with what itself
changed, begins no file after N seconds (none that only includes what changed after N/4) and says
how many are left for the next run (contrib/check).
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from sources import BUILD, ROOT, finish

GOOD = os.path.join(BUILD, "tidy.good")
SAMPLE = 24  # files, about, of every so-manyth, and as many of the last commits
# Each of these lines has a fault of its own.
FAULTY = """#include <stdlib.h>
#define TWICE(x) x * 2
int main(void) { if (TWICE(1)) return atoi("1"); return 0; }
"""
FAULTS = ("bugprone-macro-parentheses", "cert-err34-c", "readability-braces-around-statements")


def run(*command, cwd=ROOT):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def git(*words):
    """What git says; None where this is no clone or it has no such thing."""
    done = run("git", *words)
    return done.stdout.strip() if done.returncode == 0 else None


#### What each file is made of

def compiled():
    """{source: (its object as ninja names it, its command)}, by paths below the root."""
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    return {os.path.relpath(entry["file"], ROOT): (re.search(r" -o (\S+)", entry["command"]).group(1), entry)
            for entry in entries}


def known_parts():
    """{object: the files that its compiler read}, of the objects that ninja has built and that have not changed since."""
    parts, current = {}, None
    for line in run("ninja", "-C", BUILD, "-t", "deps").stdout.splitlines():
        opening = re.match(r"(\S+): #deps.*\((VALID|STALE)\)", line)
        if opening:
            current = parts.setdefault(opening.group(1), []) if opening.group(2) == "VALID" else None
        elif line.startswith("    ") and current is not None:
            current.append(os.path.join(BUILD, line.strip()))
    return parts


def asked_parts(entry):
    """The same from the compiler, for what is not built (a benchmark)."""
    words = shlex.split(entry["command"])
    place = words.index("-o")
    done = run(*[word for word in words[:place] + words[place + 2:] if word != "-c"], "-M", "-MT", "x", cwd=entry["directory"])
    return done.stdout.replace("\\\n", " ").split()[1:]


class Hashes:
    """The hash of each file, read once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            try:
                with open(path, "rb") as file:
                    self.known[path] = hashlib.sha256(file.read()).hexdigest()
            except OSError:
                self.known[path] = "none"
        return self.known[path]


def describe():
    """{source: (key, parts below the root)}; the key is a hash of all that clang-tidy's answer depends on."""
    hashes, built, sources = Hashes(), known_parts(), {}
    common = [run("clang-tidy", "--version").stdout, hashes.of(os.path.join(ROOT, ".clang-tidy"))]
    for source, (target, entry) in compiled().items():
        parts = built.get(target) or asked_parts(entry)
        parts = sorted({os.path.normpath(os.path.join(entry["directory"], part)) for part in parts})
        lines = common + [entry["command"]] + [f"{part} {hashes.of(part)}" for part in parts]
        key = hashlib.sha256("\n".join(lines).replace(ROOT + "/", "").encode()).hexdigest()
        own = [os.path.relpath(part, ROOT) for part in parts if part.startswith(ROOT + "/")]
        sources[source] = {"key": key, "own": hashes.of(os.path.join(ROOT, source)), "parts": own}
    return sources


#### Which of them to look at

def changed_since(commit):
    files = (git("diff", "--name-only", commit) or "").splitlines()
    return set(files + (git("ls-files", "--others", "--exclude-standard") or "").splitlines())


def touched(sources, changed):
    if ".clang-tidy" in changed:
        return set(sources)
    return {source for source, about in sources.items() if changed.intersection([source, *about["parts"]])}


def first_look(sources):
    """(files, why them) where nothing is known of an earlier run."""
    base = git("merge-base", "HEAD", "origin/main")
    found = touched(sources, changed_since(base)) if base else set()
    if found:
        return found, f"no earlier run: what differs from {base[:12]}, where this left origin/main"
    names = sorted(sources)
    found = set(names[::max(1, len(names) // SAMPLE)])
    newest = (git("log", "--format=", "--name-only") or "").splitlines()
    found |= set([name for name in dict.fromkeys(newest) if name in sources][:SAMPLE])
    missing = "nothing differs from origin/main" if base else "there is no origin/main"
    return found, f"no earlier run, and {missing}: every so-manyth file and the {SAMPLE} committed last"


def load():
    try:
        with open(GOOD, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def choose(sources, good):
    if os.environ.get("SPAR_TIDY") == "all":
        return set(sources), "all"
    if good is None:
        return first_look(sources)
    return {source for source, about in sources.items() if good.get(source, {}).get("key") != about["key"]}, \
        "what changed since it was last found good"


#### Looking

def tidy(path, build):
    """The complaints about one file."""
    done = run("clang-tidy", "--quiet", "-p", build, path)
    found = re.findall(r"^(?:/\S+?): (?:error|warning): .*|^\S+:\d+:\d+: (?:error|warning): .*", done.stdout, flags=re.M)
    if done.returncode and not found:
        found = [f"{path}: clang-tidy failed: {done.stderr.strip()[-500:]}"]
    return found


def blind():
    """A complaint if the tool, with our settings, does not find the faults of a faulty file."""
    with tempfile.TemporaryDirectory(prefix="spar-tidy-") as folder:
        with open(os.path.join(folder, "faulty.c"), "w", encoding="utf-8") as file:
            file.write(FAULTY)
        done = run("clang-tidy", "--quiet", f"--config-file={ROOT}/.clang-tidy", os.path.join(folder, "faulty.c"), "--")
    return [f".clang-tidy: {name} is not found in a file that has that fault" for name in FAULTS if name not in done.stdout]


def main():
    sources, good = describe(), load()
    chosen, why = choose(sources, good)
    before = good if good is not None else {source: about for source, about in sources.items() if source not in chosen}
    limit = float(os.environ.get("SPAR_TIDY_SECONDS", "inf"))
    start = time.monotonic()

    def changed(source):
        """Whether it changed itself, instead of something that it includes."""
        return before.get(source, {}).get("own") != sources[source]["own"]

    def look(source):
        if time.monotonic() > start + (limit if changed(source) else limit / 4):
            return None
        return tidy(os.path.join(ROOT, source), BUILD)

    # What changed itself comes before what only includes something that did.
    order = sorted(chosen, key=lambda source: (not changed(source), source))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        answers = dict(zip(order, pool.map(look, order)))
    # What is left for later keeps what is known of it; what has faults is known to be good no more.
    kept = {source: about for source, about in before.items() if source in sources and not answers.get(source)}
    kept.update({source: sources[source] for source, found in answers.items() if found == []})
    with open(GOOD + ".new", "w", encoding="utf-8") as file:
        json.dump({source: {"key": about["key"], "own": about["own"]} for source, about in kept.items()}, file, indent=0)
    os.replace(GOOD + ".new", GOOD)

    looked = [source for source, found in answers.items() if found is not None]
    print(f"{why}: {len(looked)} of {len(sources)} files")
    if len(looked) < len(chosen):
        print(f"{len(chosen) - len(looked)} more are left for the next run: their time is over")
    # A fault in a header is found once for each file that includes it.
    complaints = sorted({line.replace(ROOT + "/", "") for found in answers.values() for line in found or []})
    finish(blind() + complaints, len(sources))


main()
