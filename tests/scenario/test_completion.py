# SPDX-License-Identifier: ISC
"""
Purpose: what an interactive bash makes of a Tab after `spar ...`, with the package bash-completion and the file where that
looks for it: the commands, those after `help`, the rooms that this machine knows, the prompts by name, cohorts' words,
files, options. Without the package it is skipped (77).
"""
import os
import pty
import re
import select
import shutil
import signal
import tempfile
import time

from support import BIN, LIMIT, SOURCE, check, main

PACKAGE = "/usr/share/bash-completion/bash_completion"
# No colour, no bell, no pages, and all that is possible at the first Tab.
READLINE = """set bell-style none
set enable-bracketed-paste off
set show-all-if-ambiguous on
set page-completions off
set completion-query-items 0
set colored-stats off
"""


class Bash:
    """A bash at a prompt `READY>`, in a terminal of its own."""

    def __init__(self, folder):
        with open(os.path.join(folder, "inputrc"), "w", encoding="utf-8") as file:
            file.write(READLINE)
        environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": folder, "XDG_DATA_HOME": folder, "TERM": "dumb", "LC_ALL": "C.UTF-8",
                       "INPUTRC": os.path.join(folder, "inputrc"), "PS1": "first>", "COLUMNS": "200"}
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--noprofile", "--norc", "-i"], environment)
        self.text = ""
        self.ask("PS1='READY''>'; stty cols 200; . " + PACKAGE + "\n", r"READY>$")

    def ask(self, keys, wanted):
        """Types it and waits until what comes then ends as wanted, a regular expression; gives what came."""
        self.text = ""
        os.write(self.end, keys.encode())
        limit = time.monotonic() + LIMIT
        while not re.search(wanted, self.text):
            ready, _, _ = select.select([self.end], [], [], max(0, limit - time.monotonic()))
            check(ready, f"{keys!r}: waited for {wanted!r}; the terminal shows {self.text!r}")
            self.text += os.read(self.end, 65536).decode(errors="replace").replace("\r", "")
        return self.text

    def drop(self):
        """Makes a comment of the line. (An interrupt may come while readline is still at work, and is lost.)"""
        self.ask("\x01#\r", r"\nREADY>$")

    def completes(self, typed, to):
        """One Tab makes of what is typed this line, and nothing else: a character typed behind it stands there."""
        self.ask(f"{typed}\t@", re.escape(to) + "@$")
        self.drop()

    def offers(self, typed):
        """The words that a Tab shows under what is typed, which is then there again."""
        text = self.ask(f"{typed}\t", r"(?s)" + re.escape(typed) + r".*\n.*READY>" + re.escape(typed) + r"\S*$")
        self.drop()
        return text.split("\n", 1)[1].rsplit("\n", 1)[0].split()

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.end)


def test_tab():
    folder = tempfile.mkdtemp(prefix="spar-completion-")
    place = os.path.join(folder, "bash-completion", "completions")
    os.makedirs(place)
    for name in ("spar", "spard"):
        shutil.copy(os.path.join(SOURCE, "contrib/completions", name), place)
    os.makedirs(os.path.join(folder, "spar"))
    with open(os.path.join(folder, "spar", "rooms"), "w", encoding="utf-8") as file:
        file.write("abcdefghijkl coach 1 localhost:7447 - -\nabzzzzzzzzzz coach 1 localhost:7447 - -\n")
    with open(os.path.join(folder, "mine.yaml"), "w", encoding="utf-8") as file:
        file.write("\n")
    bash = Bash(folder)
    try:
        bash.completes("spar ses", "spar sessions ")
        bash.completes("spar help rem", "spar help remark ")
        offered = bash.offers("spar help ")
        check("join" in offered and "pack" in offered and "help" not in offered, f"after help: {offered}")
        for command in ("join", "fetch", "replay", "report", "board", "remark", "verify", "move", "cohort tell", "cohort avoid"):
            bash.completes(f"spar {command} abc", f"spar {command} abcdefghijkl ")
            offered = bash.offers(f"spar {command} ab")
            check(offered == ["abcdefghijkl", "abzzzzzzzzzz"], f"rooms after {command}: {offered}")
        for line in ("host --pack", "pair --pack", "pack show"):
            bash.completes(f"spar {line} click", f"spar {line} click-stream ")
        for line in ("host --pack", "pack check", "pack build", "pack sheet", "cohort offer"):
            bash.completes(f"spar {line} min", f"spar {line} mine.yaml ")
        bash.completes("spar join --st", "spar join --stay ")
        bash.completes("spar cohort even", "spar cohort evening ")
        bash.completes("spar report --format h", "spar report --format html ")
        bash.completes("spar config pair.ex", "spar config pair.extra ")
        bash.completes("spar config bell of", "spar config bell off ")
        bash.completes("spar config pair.role cand", "spar config pair.role candidate ")
        bash.completes("spar config host.pack click", "spar config host.pack click-stream ")
        bash.completes("spard --journ", "spard --journal ")
        bash.completes("spard back", "spard backup ")
    finally:
        bash.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    if not os.path.exists(PACKAGE):
        raise SystemExit(77)
    main(globals())
